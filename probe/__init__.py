"""The probe: questions to a real SES whose answers AWS's documentation and those who tried it disagree on.

    make probe ARGS="--region eu-west-1"

It is for whoever works on this package, and not part of it. It takes the way to AWS from there and nothing of its
rules: what AWS documents stands here once more, under its sentence, or the product would be compared with itself.
"""
