"""The example stacks of app.py."""
