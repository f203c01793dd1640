"""The rules (SES001 and on) that find mistakes in declared policies, at the synth and in a review."""
