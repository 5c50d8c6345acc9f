"""What is taken for a frontal chest radiograph, and what is refused.

Run: ``python -m benchmarks.suitability FOLDER [FOLDER …]`` with folders of frontal chest films.
Films are read as they are, and turned, inverted and cut in half. Pictures of other things are
drawn here (pages of writing, charts, shapes, textures), and come with scikit-image,
scikit-learn, matplotlib and pydicom, as far as these are installed: whole, and parts of each
at random places, so that there is more than the files that the makers of the software knew.

A picture's parts are no independent trials: bounds are those of Clopper and Pearson (1934) over
the pictures that parts come from, one counted as taken where any of its parts is. Prints Markdown.
"""

import argparse
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.stats import beta

from hilum.cli.common import load_registry
from hilum.errors import ImageError
from hilum.imaging import decode
from hilum.models.screening import Screener

Pixels = NDArray[np.uint8]
Found = tuple[str, list[Pixels | bytes]]
"""A picture's name, and it and its parts: pixels, or a file's bytes."""

PARTS = 12
DRAWN_OF_EACH = 150
SEED = 2027
"""Rules were chosen on what 2026 drew."""
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"}
_WORDS = ["patient", "report", "of", "the", "with", "no", "findings", "normal", "heart", "lung"]


def _file_of(pixels: Pixels) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def _parts(pixels: Pixels, rng: np.random.Generator) -> list[Pixels | bytes]:
    """The picture, and squarish parts of it."""
    rows, columns = pixels.shape[:2]
    found: list[Pixels | bytes] = [pixels]
    for _ in range(PARTS):
        side = rng.uniform(0.35, 0.9) * min(rows, columns)
        height, width = int(side), int(min(columns, side * rng.uniform(0.9, 1.3)))
        top, left = rng.integers(rows - height + 1), rng.integers(columns - width + 1)
        found.append(np.ascontiguousarray(pixels[top : top + height, left : left + width]))
    return found


def _page(rng: np.random.Generator) -> Pixels:
    """A page of writing, black on white or white on black."""
    image = Image.new("L", (int(rng.integers(500, 900)), int(rng.integers(600, 1100))), 255)
    draw = ImageDraw.Draw(image)
    size = int(rng.integers(12, 34))
    font = ImageFont.load_default(size)
    for top in range(40, image.height - 40, int(1.6 * size)):
        if rng.random() < 0.85:
            words = " ".join(rng.choice(_WORDS, int(rng.integers(2, 12))))
            draw.text((40, top), words, fill=int(rng.integers(0, 90)), font=font)
    pixels = np.asarray(image)
    return pixels if rng.random() < 0.7 else 255 - pixels


def _chart(rng: np.random.Generator) -> Pixels:
    """Bars, a curve or a cloud of points, as a program draws them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(rng.uniform(4, 8), rng.uniform(4, 6)), dpi=100)
    canvas, axes = FigureCanvasAgg(figure), figure.subplots()
    draw = [
        lambda: axes.bar(range(8), rng.random(8)),
        lambda: axes.plot(rng.standard_normal(200).cumsum()),
        lambda: axes.scatter(*rng.standard_normal((2, 100))),
        lambda: axes.imshow(rng.random((8, 8)), cmap="gray"),
    ]
    draw[rng.integers(len(draw))]()
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3].copy()


def _shapes(rng: np.random.Generator) -> Pixels:
    """Ellipses and boxes of several greys, blurred: what a simple rule might take for organs."""
    side = int(rng.integers(400, 900))
    image = Image.new("L", (side, side), int(rng.integers(0, 256)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(2, 12))):
        corner, size = rng.integers(0, side, 2), rng.integers(side // 10, side // 2, 2)
        box = (*corner.tolist(), *(corner + size).tolist())
        shape = draw.ellipse if rng.random() < 0.6 else draw.rectangle
        shape(box, fill=int(rng.integers(0, 256)))
    return np.asarray(cv2.GaussianBlur(np.asarray(image), (0, 0), rng.uniform(0.5, 12)))


def _texture(rng: np.random.Generator) -> Pixels:
    """Noise of one scale, and a gradient."""
    side = int(rng.integers(400, 900))
    noise = rng.standard_normal((side, side)).astype(np.float32)
    blur = float(np.exp(rng.uniform(-1, 4)))
    noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), blur), dtype=np.float32)
    slope = np.linspace(-1, 1, side, dtype=np.float32) * rng.uniform(-3, 3)
    field = noise / noise.std() + slope[:, None] * rng.random() + slope[None, :] * rng.random()
    return np.asarray(255 * (field - field.min()) / np.ptp(field), dtype=np.uint8)


def _packaged() -> Iterator[tuple[str, str, Path]]:
    """Package, name and path of the pictures that installed packages bring."""
    for package, below in (
        ("skimage", "data"),
        ("sklearn", "datasets/images"),
        ("matplotlib", "mpl-data/sample_data"),
    ):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        for path in sorted((Path(spec.origin).parent / below).rglob("*")):
            if path.suffix.lower() in _PICTURES:
                yield package, path.name, path


def _pictures_of_packages(rng: np.random.Generator) -> Iterator[tuple[str, Found]]:
    for package, name, path in _packaged():
        try:
            pixels = np.asarray(Image.open(path).convert("RGB"))
        except OSError:
            continue
        if min(pixels.shape[:2]) >= 128:
            yield f"pictures with {package}", (name, _parts(pixels, rng))


def _dicom_of_pydicom() -> Iterator[tuple[str, Found]]:
    from pydicom.data import get_testdata_files

    for name in sorted(get_testdata_files("*.dcm")):
        kind = "DICOM files of pydicom, of no chest film"
        if "/cache/" not in name and pydicom.dcmread(name, force=True).get("Modality") != "CR":
            yield kind, (Path(name).name, [Path(name).read_bytes()])


def _drawn(rng: np.random.Generator) -> Iterator[tuple[str, Found]]:
    drawings: dict[str, Callable[[np.random.Generator], Pixels]] = {
        "pages of writing": _page, "charts": _chart, "shapes": _shapes, "textures": _texture,
    }  # fmt: skip
    for kind, draw in drawings.items():
        for number in range(DRAWN_OF_EACH):
            yield f"drawn {kind}", (str(number), [draw(rng)])


def _films(
    folders: Sequence[Path], most: int, rng: np.random.Generator
) -> Iterator[tuple[str, Found]]:
    """Films as they are, and what a person may do to them by mistake."""
    for folder in folders:
        paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _PICTURES)
        for index in sorted(rng.permutation(len(paths))[:most]):
            content = paths[index].read_bytes()
            film = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
            half = film.shape[1] // 2
            name = f"{folder.parent.name}/{folder.name}"
            yield f"{name}: films", (paths[index].name, [content])
            yield f"{name}: inverted", (paths[index].name, [255 - film])
            yield f"{name}: turned by 90 degrees", (paths[index].name, [np.rot90(film)])
            yield f"{name}: upside down", (paths[index].name, [np.rot90(film, 2)])
            yield f"{name}: one half", (paths[index].name, [film[:, :half]])


def _is_taken(picture: Pixels | bytes, screener: Screener, reasons: Counter[str]) -> bool:
    content = picture if isinstance(picture, bytes) else _file_of(np.ascontiguousarray(picture))
    try:
        radiograph = decode(content)
    except ImageError:
        reasons["not a readable picture"] += 1
        return False
    suitability = screener.screen(radiograph).suitability
    reasons.update(reason.code.value for reason in suitability.reasons[:1])
    return suitability.is_suitable


def _keep(
    folder: Path, name: str, parts: Sequence[Pixels | bytes], answers: Sequence[bool]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (part, is_taken) in enumerate(zip(parts, answers, strict=True)):
        if is_taken and not isinstance(part, bytes):
            Image.fromarray(part).save(folder / f"{name} {number}.png")


def _bounds(count: int, of: int) -> tuple[float, float]:
    low = float(beta.ppf(0.025, count, of - count + 1)) if count else 0.0
    return low, float(beta.ppf(0.975, count + 1, of - count)) if count < of else 1.0


def main() -> None:
    """Examine everything, and print a row for each kind of picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--most", type=int, default=250, help="films of each folder")
    parser.add_argument("--keep", type=Path, help="folder for what is taken and is no film")
    wanted = parser.parse_args()
    screener = load_registry()[1].screener(needed=True)
    assert screener is not None
    rng = np.random.default_rng(SEED)
    taken: dict[str, list[list[bool]]] = {}
    why: dict[str, Counter[str]] = {}
    for source in (
        _pictures_of_packages(rng), _dicom_of_pydicom(), _drawn(rng),
        _films(wanted.folders, wanted.most, rng),
    ):  # fmt: skip
        for kind, (name, parts) in source:
            reasons = why.setdefault(kind, Counter())
            answers = [_is_taken(part, screener, reasons) for part in parts]
            taken.setdefault(kind, []).append(answers)
            if wanted.keep and ": " not in kind:
                _keep(wanted.keep, f"{kind} {name}", parts, answers)
    print("| what | pictures | with their parts | taken | of pictures (95 % bounds) | refused as |")
    print("|---|---|---|---|---|---|")
    for kind, of_kind in taken.items():
        count, of = sum(map(any, of_kind)), len(of_kind)
        low, high = _bounds(count, of)
        told = ", ".join(f"{code} {number}" for code, number in why[kind].most_common(3))
        print(
            f"| {kind} | {of} | {sum(map(len, of_kind))} | {sum(map(sum, of_kind))} "
            f"| {count / of:.1%} ({low:.1%} to {high:.1%}) | {told} |"
        )


if __name__ == "__main__":
    main()
