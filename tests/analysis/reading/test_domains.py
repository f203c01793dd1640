"""The domains above a name."""

import pytest

from ses_sending_policy.analysis.reading.domains import domains_of, parents_of


@pytest.mark.parametrize(
    ("name", "domains", "parents"),
    [
        (
            "jane@news.example.com",
            ["news.example.com", "example.com", "com"],
            ["news.example.com", "example.com", "com"],
        ),
        ("news.example.com", [], ["example.com"]),
        ("example.com", [], []),
        ("localhost", [], []),
        ("jane@", [], []),
    ],
)
def test_what_is_above(name: str, domains: list[str], parents: list[str]) -> None:
    assert list(domains_of(name)) == domains
    assert list(parents_of(name)) == parents
