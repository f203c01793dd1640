"""Read declared policies from templates, compare them and judge them, for the synth and the review.

The Lambda has only what `findings.at_deploy` imports.
"""
