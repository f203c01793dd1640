"""The probe: finds out how the real SES behaves where AWS's documentation and the reports of users disagree.

    make probe ARGS="--region eu-west-1"

It is for the developers of this package, and not part of it. It calls AWS by the package's code, but uses none of its
rules: what AWS documents is written here once more, so that the product is not compared with itself.
"""
