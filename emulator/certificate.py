"""Makes a certificate authority and a server certificate, new for each run of the local AWS."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trustme

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of one run.

    :param authority: the authority alone. A client that trusts nothing else cannot reach the real AWS by mistake.
    :param bundle: the authority and the roots that the system trusts, for a shell in which other tools run too.
    :param chain: the server's certificate, for localhost and 127.0.0.1.
    :param key: the private key of the server's certificate.
    """

    authority: Path
    bundle: Path
    chain: Path
    key: Path

    def trust(self) -> ssl.SSLContext:
        """Return a TLS context for clients that trusts this server and no other."""
        return ssl.create_default_context(cafile=str(self.authority))


def make(directory: Path) -> Certificate:
    """Make an authority and a server's certificate in a directory."""
    files = Certificate(*(directory / name for name in ("authority.pem", "bundle.pem", "server.pem", "server.key")))
    # RSA in place of trustme's default, elliptic curves, because old tools can read it as well.
    authority = trustme.CA(organization_name="ses-sending-policy emulator", key_type=trustme.KeyType.RSA)
    server = authority.issue_cert(HOST, "localhost", key_type=trustme.KeyType.RSA)
    files.key.touch(mode=0o600)
    server.private_key_pem.write_to_path(str(files.key))
    files.chain.write_bytes(b"".join(part.bytes() for part in server.cert_chain_pems))
    files.authority.write_bytes(authority.cert_pem.bytes())
    files.bundle.write_bytes(_system_roots() + authority.cert_pem.bytes())
    return files


def _system_roots() -> bytes:
    # `cafile` is None if the system does not keep its roots in one file. The bundle is then the authority alone.
    found = ssl.get_default_verify_paths().cafile
    return Path(found).read_bytes() + b"\n" if found else b""
