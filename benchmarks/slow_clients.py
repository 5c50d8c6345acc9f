"""Latency of a normal reading while other clients hold connections open and send nothing.

``python -m benchmarks.slow_clients`` starts the service with its DICOM listener, reads a synthetic
film again and again, each time on a new connection, and once more while unfinished requests and
idle DICOM sockets are held open. ``--files 256`` bounds the files that the service may open.
"""

import argparse
import http.client
import json
import resource
import socket
import statistics
import time
from contextlib import ExitStack

from benchmarks.load import multipart, post
from benchmarks.service import hilum_served
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file

_UNFINISHED_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
_UNFINISHED_BODY = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
)


def _latencies_ms(port: int, body: bytes, readings: int) -> list[float]:
    taken = []
    for _ in range(readings):
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        post(connection, "/predict", body)
        connection.close()
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def _hold(stack: ExitStack, port: int, count: int, sent: bytes) -> int:
    """Open connections, send the start of a request, and keep them; how many were taken."""
    opened = 0
    for _ in range(count):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
            stack.enter_context(connection)
            connection.sendall(sent)
        except OSError:
            continue
        opened += 1
    return opened


def main() -> None:
    """Measure, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", type=int, default=2000)
    parser.add_argument("--bodies", type=int, default=300)
    parser.add_argument("--dicom", type=int, default=16)
    parser.add_argument("--readings", type=int, default=60)
    parser.add_argument("--files", type=int)
    chosen = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    body = multipart(as_file(draw_phantom(1024, 1024), ".jpg"))
    with hilum_served(chosen.files) as service:
        port = service.port
        _latencies_ms(port, body, 10)
        alone = _latencies_ms(port, body, chosen.readings)
        with ExitStack() as stack:
            held = {
                "heads": _hold(stack, port, chosen.heads, _UNFINISHED_HEAD),
                "bodies": _hold(stack, port, chosen.bodies, _UNFINISHED_BODY),
                "dicom": _hold(stack, service.dicom_port, chosen.dicom, b""),
            }
            attacked = _latencies_ms(port, body, chosen.readings)
        alone += _latencies_ms(port, body, chosen.readings)
    medians = {"alone": statistics.median(alone), "attacked": statistics.median(attacked)}
    print(
        json.dumps(
            {
                "held": held,
                "median_ms": {name: round(value, 1) for name, value in medians.items()},
                "ratio": round(medians["attacked"] / medians["alone"], 2),
                "worst_ms": {"alone": round(max(alone)), "attacked": round(max(attacked))},
            }
        )
    )


if __name__ == "__main__":
    main()
