"""The alternatives that a user would use without this project."""
