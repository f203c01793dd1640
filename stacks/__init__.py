"""The example stacks that app.py composes."""
