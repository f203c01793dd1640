"""The domains above an address or above another domain."""

from collections.abc import Iterator


def domains_of(name: str) -> Iterator[str]:
    """Yield the domains that an address is in, from the nearest upwards: a domain's identity covers its subdomains.

    For a name that is a domain, nothing is yielded.
    """
    _, at, domain = name.rpartition("@")
    while at and domain:
        yield domain
        domain = domain.partition(".")[2]


def parents_of(name: str) -> Iterator[str]:
    """Yield the domains whose policies may count for an identity without any: those above the identity `name`."""
    if "@" in name:
        yield from domains_of(name)
        return
    domain = name.partition(".")[2]
    while "." in domain:
        yield domain
        domain = domain.partition(".")[2]
