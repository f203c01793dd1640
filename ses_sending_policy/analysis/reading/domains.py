"""The domains that an address is in."""

from collections.abc import Iterator


def domains_of(name: str) -> Iterator[str]:
    """Yield the domains that an address is in, its own first: a domain's identity covers what is below it.

    A domain is in none that counts here.
    """
    _, at, domain = name.rpartition("@")
    while at and domain:
        yield domain
        domain = domain.partition(".")[2]


def parents_of(name: str) -> Iterator[str]:
    """Yield the domains whose identities may stand for this one where it has no policy: of a domain, those above it."""
    if "@" in name:
        yield from domains_of(name)
        return
    _, dot, domain = name.partition(".")
    while dot and "." in domain:
        yield domain
        _, dot, domain = domain.partition(".")
