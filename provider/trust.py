"""Makes TLS contexts that start fast: first one that trusts Amazon's authorities alone, then one with the whole bundle.

OpenSSL is slow at loading authorities, and a bundle has about 140 of them. This is no less secure: a certificate that
a part of the bundle accepts is accepted by the whole bundle.

It needs the standard library alone, so that an answer is sent to CloudFormation even if every other import fails.
"""

import ssl
from binascii import a2b_base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Final

# Part of the names "Amazon Root CA 1" to 4, the authorities of "Amazon Trust Services" for AWS's servers.
_NAME: Final = b"Amazon"

_BEGIN: Final = b"-----BEGIN "
_CERTIFICATE: Final = _BEGIN + b"CERTIFICATE-----"


def few_of(bundle: bytes) -> bytes:
    """Return the bundle's certificates that contain "Amazon", as DER; none if the bundle has other things as well."""
    begun = bundle.split(_CERTIFICATE)[1:]
    if bundle.count(_BEGIN) > len(begun):
        return b""  # the bundle also has revocation lists, or limits what an authority is trusted for
    every = (a2b_base64(each.partition(b"-")[0]) for each in begun)
    return b"".join(each for each in every if _NAME in each)


class Trust:
    """The authorities of a bundle, as TLS contexts to try one after the other.

    :param make: returns a context that trusts the given certificates, or, given none, the whole bundle.
    :param bundle: the content of the bundle file; empty if there is no such file.
    """

    def __init__(self, make: Callable[[bytes], ssl.SSLContext], bundle: bytes) -> None:
        self._make = cache(make)
        self._bundle = bundle

    def __iter__(self) -> Iterator[ssl.SSLContext]:
        """Yield a context with Amazon's authorities, then one with all; if the second was needed, later only that."""
        # A malformed certificate is left to OpenSSL, which loads the whole bundle next.
        with suppress(ValueError, ssl.SSLError):
            if few := few_of(self._bundle):
                yield self._make(few)
        self._bundle = b""
        yield self._make(b"")
