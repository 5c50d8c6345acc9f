"""Decoding a 3000 x 2500 radiograph of each transfer syntax, beside bare pydicom and dcmtk.

Run: ``python -m benchmarks.dicom_decode``, with dcmtk on the path and, for all of pydicom's
columns, its decoders in the environment (pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg,
pylibjpeg-rle, pyjpegls; none of them is needed by Hilum). Everything takes its turn in each round
of one run, on one file of each syntax, and the least of the rounds counts: this is a matter of
processor time, to which other guests of the machine only add.

- Hilum: bytes to `Radiograph`, checks, hash and display included.
- stored: pydicom's `dcmread` and `pixel_array`, which stops at the stored values.
- displayed: the same, then its `apply_modality_lut` and `apply_voi_lut` and a range of 0 to 1 in
  float32, which is what Hilum's pixels are.
- dcmtk: dcm2pnm, dcmj2pnm or dcml2pnm, from file to an 8-bit file, its start included.
"""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
from rich.console import Console
from rich.progress import track
from rich.table import Table
from tests.imaging.dicom_files import SYNTAXES, Syntax, write

from benchmarks.load import milliseconds
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom

ROWS, COLUMNS = 3000, 2500
ROUNDS = 5
TARGET = 1.3


def film(bits: int) -> NDArray[np.unsignedinteger]:
    """A drawn radiograph with quantum noise, as sharp as a detector's."""
    drawn = cv2.resize(
        draw_phantom(600, 500, seed=7), (COLUMNS, ROWS), interpolation=cv2.INTER_CUBIC
    )
    drawn = (drawn - drawn.min()) / np.ptp(drawn)
    top = (1 << bits) - 1
    noise = np.random.default_rng(7).normal(0, 0.004, drawn.shape)
    grey = np.clip(0.05 + 0.9 * drawn + noise, 0, 1) * top
    return np.round(grey).astype(np.uint8 if bits == 8 else np.uint16)


def bits_of(syntax: Syntax) -> int:
    """The most that the syntax holds."""
    return min(16, syntax.most_bits)


def stored(content: bytes) -> NDArray[np.integer]:
    """Bare pydicom, to the stored values."""
    return pydicom.dcmread(io.BytesIO(content)).pixel_array


def displayed(content: bytes) -> NDArray[np.float32]:
    """Bare pydicom, to what is shown."""
    dataset = pydicom.dcmread(io.BytesIO(content))
    values = apply_voi_lut(apply_modality_lut(dataset.pixel_array, dataset), dataset)
    pixels = np.asarray(values, np.float32)
    pixels -= pixels.min()
    pixels /= pixels.max()
    return pixels


def dcmtk(source: Path, tool: str | None) -> Callable[[], object] | None:
    """dcmtk's program on a file; None where it is missing or reads no such file."""
    if tool is None or shutil.which(tool) is None:
        return None
    target = source.with_suffix(".pgm")
    return lambda: subprocess.run(
        [tool, "-O", "+Wi", "1", source, target], check=True, capture_output=True
    )


def works(work: Callable[[], object]) -> bool:
    """Whether pydicom has a decoder for this file; warms it up, too."""
    try:
        work()
    except (RuntimeError, NotImplementedError):
        return False
    return True


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Least milliseconds of each way, for each syntax."""
    jobs: dict[str, dict[str, Callable[[], object]]] = {}
    for name, syntax in SYNTAXES.items():
        bits = bits_of(syntax)
        top = (1 << bits) - 1
        display: dict[str, Any] = {
            "WindowCenter": top // 2,
            "WindowWidth": round(0.8 * top),
            "RescaleSlope": 1,
            "RescaleIntercept": 0,
        }
        content = write(film(bits), syntax, bits_stored=bits, **display)
        source = folder / f"{len(jobs)}.dcm"
        source.write_bytes(content)
        ways: dict[str, Callable[[], object]] = {
            "Hilum": lambda content=content: decode(content),
            "stored": lambda content=content: stored(content),
            "displayed": lambda content=content: displayed(content),
        }
        theirs = dcmtk(source, syntax.tool)
        if theirs is not None:
            ways["dcmtk"] = theirs
        jobs[name] = {way: work for way, work in ways.items() if works(work)}
    taken: dict[str, dict[str, list[float]]] = {name: {} for name in jobs}
    for _ in track(range(ROUNDS), "decoding"):
        for name, ways in jobs.items():
            for way, work in ways.items():
                taken[name].setdefault(way, []).append(milliseconds(work))
    return {name: {way: min(of) for way, of in ways.items()} for name, ways in taken.items()}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    table = Table(title=f"{ROWS} x {COLUMNS}, least of {ROUNDS} rounds, milliseconds")
    for column in ("", "bits", "Hilum", "stored", "ratio", "displayed", "ratio", "dcmtk", "ratio"):
        table.add_column(column, justify="right" if column else "left")
    for name, ways in found.items():
        cells = [name, str(bits_of(SYNTAXES[name])), f"{ways['Hilum']:.0f}"]
        for way in ("stored", "displayed", "dcmtk"):
            theirs = ways.get(way)
            cells += [f"{theirs:.0f}", f"{ways['Hilum'] / theirs:.2f}"] if theirs else ["-", "-"]
        table.add_row(*cells)
    console = Console(width=120)
    console.print(table)
    slow = [n for n, w in found.items() if w["Hilum"] > TARGET * w.get("displayed", np.inf)]
    console.print(f"Over {TARGET} times pydicom's displayed pixels: {', '.join(slow) or 'none'}.")


if __name__ == "__main__":
    main()
