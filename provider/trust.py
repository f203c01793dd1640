"""What a server's certificate is held against: the few authorities that AWS has, and all others only where these fail.

OpenSSL reads an authority slowly, and a bundle has some hundred and forty. Whoever is accepted by a few of a bundle is
accepted by all of it.

On the standard library alone, so that an answer gets out when all else is broken.
"""

import ssl
from binascii import a2b_base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Final

# Of "Amazon Root CA 1" to 4, which is what "Amazon Trust Services" has its servers' certificates from.
_NAME: Final = b"Amazon"

_BEGIN: Final = b"-----BEGIN "
_CERTIFICATE: Final = _BEGIN + b"CERTIFICATE-----"


def few_of(bundle: bytes) -> bytes:
    """Return the certificates of a bundle that have AWS's name in them, in DER; none where it has more than such."""
    begun = bundle.split(_CERTIFICATE)[1:]
    if bundle.count(_BEGIN) > len(begun):
        return b""  # as lists of what is revoked, or marks of what an authority is trusted in
    every = (a2b_base64(each.partition(b"-")[0]) for each in begun)
    return b"".join(each for each in every if _NAME in each)


class Trust:
    """The authorities of a bundle, as contexts to try one after the other.

    :param make: returns a context that trusts these certificates, or where there are none, all that it has to.
    :param bundle: the bytes of the file that has all of them; empty where they are in no file.
    """

    def __init__(self, make: Callable[[bytes], ssl.SSLContext], bundle: bytes) -> None:
        self._make = cache(make)
        self._bundle = bundle

    def __iter__(self) -> Iterator[ssl.SSLContext]:
        """Yield a context, and where a certificate fails with it, one that trusts all: it is the first from then on."""
        # What is malformed is for OpenSSL to judge, as part of the whole.
        with suppress(ValueError, ssl.SSLError):
            if few := few_of(self._bundle):
                yield self._make(few)
        self._bundle = b""
        yield self._make(b"")
