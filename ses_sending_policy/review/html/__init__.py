"""The parts that the review page is made of."""
