"""Values in a sentence."""

from ses_sending_policy.analysis.grants.quoting import listed


def test_what_is_shown_the_same_is_listed_once() -> None:
    assert listed(["b", "a", "${Name#1}", "${Name#2}"], show=lambda each: each.partition("#")[0]) == "${Name or a or b"
