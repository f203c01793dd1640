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
