"""The comparator in LitServe: run in the comparators' environment.

Run: ``.build/comparators/bin/python -m benchmarks.comparators.litserve_service --port 8001``.
"""

import argparse
import os
from pathlib import Path
from typing import Any

import litserve
from fastapi import Request

from benchmarks.comparators.reading import ChestReader
from benchmarks.frozen import Networks


class ChestAPI(litserve.LitAPI):
    """Reads the upload in the form's field ``file``."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def setup(self, device: str) -> None:  # noqa: ARG002
        self._reader = ChestReader(self._folder)

    def decode_request(self, request: Request) -> bytes:
        # LitServe hands over the request's form.
        return request["file"].file.read()

    def predict(self, content: bytes) -> dict[str, Any]:
        return self._reader.read(content)

    def encode_response(self, output: dict[str, Any]) -> dict[str, Any]:
        return output


def main() -> None:
    """Serve."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--networks", type=Networks, choices=Networks, default=Networks.FROZEN)
    options.add_argument("--port", type=int, required=True)
    chosen = options.parse_args()
    server = litserve.LitServer(
        ChestAPI(chosen.networks.folder),
        accelerator="cpu",
        workers_per_device=os.cpu_count() or 1,
        fast_queue=True,
    )
    server.run(
        host="127.0.0.1",
        port=chosen.port,
        log_level="error",
        generate_client_file=False,
    )


if __name__ == "__main__":
    main()
