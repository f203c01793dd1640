"""What is done before a release, and to know that one can be trusted."""
