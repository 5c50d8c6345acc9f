"""What several of the imaging tests draw or write."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def tinted(film: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The film in false colours, so that each channel weighs differently."""
    return np.stack([film, film // 2, 255 - film], axis=2)


@pytest.fixture(scope="session")
def luminance(tinted: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The tinted film's BT.601 luminance in [0, 1], by arithmetic."""
    return tinted.astype(np.float64) @ np.array([0.299, 0.587, 0.114]) / 255


@pytest.fixture(scope="session")
def bombs(
    files: dict[str, bytes], make_dicom: Callable[..., bytes]
) -> dict[str, Callable[[int], bytes]]:
    """For each format, a small sound file but for a header that claims `side` x `side` pixels."""

    def png(side: int) -> bytes:
        def chunk(kind: bytes, body: bytes) -> bytes:
            return (
                struct.pack(">I", len(body))
                + kind
                + body
                + struct.pack(">I", zlib.crc32(kind + body))
            )

        header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        zeros = zlib.compress(bytes(4_000_000))
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", zeros)
            + chunk(b"IEND", b"")
        )

    def jpeg(side: int) -> bytes:
        content = bytearray(files["jpeg"])
        at = content.index(b"\xff\xc0") + 5
        content[at : at + 4] = struct.pack(">HH", side, side)
        return bytes(content)

    def bmp(side: int) -> bytes:
        content = bytearray(files["bmp"])
        content[18:26] = struct.pack("<ii", side, side)
        return bytes(content)

    def tiff(side: int) -> bytes:
        entries = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
        entries += [(273, 4, 8), (277, 3, 1), (278, 4, side), (279, 4, side * side)]
        directory = b"".join(struct.pack("<HHII", tag, kind, 1, v) for tag, kind, v in entries)
        return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4)

    def webp(side: int) -> bytes:
        picture = files["webp"][12:]
        extent = struct.pack("<I", side - 1)[:3]
        body = b"WEBPVP8X" + struct.pack("<II", 10, 0) + extent + extent + picture
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def dicom(side: int) -> bytes:
        return make_dicom(np.zeros((64, 64), np.uint8), Rows=side, Columns=side)

    return {"png": png, "jpeg": jpeg, "bmp": bmp, "tiff": tiff, "webp": webp, "dicom": dicom}


class Agreement:
    """How far our pixels were from dcmtk's, over several files."""

    def __init__(self) -> None:
        self.files = self.pixels = self.equal = 0
        self.largest = 0.0

    def add(self, difference: NDArray[np.float64]) -> None:
        self.files += 1
        self.pixels += difference.size
        self.equal += int((difference < 0.5).sum())
        self.largest = max(self.largest, float(difference.max()))


_AGREEMENTS = pytest.StashKey[dict[str, Agreement]]()


@pytest.fixture(scope="session")
def agreements(request: pytest.FixtureRequest) -> dict[str, Agreement]:
    """For each row of the matrix against dcmtk, how far it was; printed after the tests."""
    return request.config.stash.setdefault(_AGREEMENTS, {})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the matrix against dcmtk in numbers."""
    rows = config.stash.get(_AGREEMENTS, {})
    if not rows:
        return
    terminalreporter.section("DICOM pixels beside dcmtk's, in grey levels of 255")
    terminalreporter.line(f"{'':32}{'files':>7}{'equal pixels':>15}{'largest difference':>20}")
    for name, row in rows.items():
        share = f"{100 * row.equal / row.pixels:.2f} %"
        terminalreporter.line(f"{name:32}{row.files:7}{share:>15}{row.largest:20.2f}")
