"""The sections of the HTML review page, and the HTML elements they are made of."""
