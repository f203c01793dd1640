"""The probe: questions to a real SES whose answers AWS's documentation and those who tried it disagree on.

    make probe ARGS="--region eu-west-1"

It is for whoever works on this package, and not part of it.
"""
