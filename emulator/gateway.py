"""Runs ministack on a socket that it is given, in place of ministack's own `main`.

    python gateway.py DESCRIPTOR

ministack's `main` takes a port by number, which another process may have taken meanwhile, and with TLS it also listens
on port 443 wherever it may, without a switch against it. Served on a socket that is bound already, it does neither.

A file of its own that imports nothing of the package: it is run by its path, from any directory.
"""

import asyncio
import os
import resource
import runpy
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

from hypercorn.asyncio import serve
from hypercorn.config import Config


def main(descriptor: int) -> None:
    """Serve until standard input, the lifeline to the warden, ends."""

    def end_with_warden() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    Thread(target=end_with_warden, daemon=True).start()
    # Bursts open many connections and processes; ministack's own main does the same. macOS calls its limit infinite
    # and then refuses that; the present one must do there.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    # Imported late: an import that fails should find the lifeline in place.
    from ministack.app import app  # noqa: PLC0415 - see above

    runpy.run_path(str(Path(__file__).with_name("cloudformation.py")))["install"]()
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.certfile = os.environ["MINISTACK_SSL_CERT"]
    config.keyfile = os.environ["MINISTACK_SSL_KEY"]
    config.keep_alive_timeout = 75
    config.accesslog = None
    asyncio.run(serve(app, config))


if __name__ == "__main__":
    main(int(sys.argv[1]))
