"""Worker in a new interpreter, on systems without fork.

Run with the port that the service listens on for it; the key that it answers with comes on the
standard input, see `hilum.isolation.start`.
"""

import os
import socket
import sys
import threading

from hilum.isolation.budget import Budget
from hilum.isolation.worker import work
from hilum.isolation.zygote import load_libraries

KEY_BYTES = 32


def _end_with_service() -> None:
    """End where the service has: it never writes again, so its end of the pipe has closed."""
    sys.stdin.buffer.read(1)
    os._exit(1)


def main() -> None:
    """Connect to the service, and work for it."""
    _, port, seconds, size = sys.argv
    key = sys.stdin.buffer.read(KEY_BYTES)
    threading.Thread(target=_end_with_service, daemon=True).start()
    load_libraries()
    with socket.create_connection(("127.0.0.1", int(port))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(key)
        work(connection, Budget(float(seconds), int(size)))


if __name__ == "__main__":
    main()
