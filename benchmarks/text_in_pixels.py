"""Text burned into films: how much of it is masked, and what else is.

Writes made-up names, dates and numbers on drawn films (`hilum.imaging.phantom`), and on real ones
where folders of them are given: letters of 8 to 64 pixels, white, black, outlined, hollow and in
boxes, upright or turned by 90 degrees, in the fonts of matplotlib, reportlab and OpenCV. A line
counts as masked where 98 % of its ink is in a mask. The same films without text show what is
masked by mistake: on real films, look at it (`--keep`), since markers often have text of their own.
Prints Markdown.

    python -m benchmarks.text_in_pixels --films 100 data/nih_chestxray14/images data/chest_xray
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hilum.deidentification.strokes import Box
from hilum.deidentification.text_in_pixels import find_text
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom

Film = NDArray[np.float32]
Mask = NDArray[np.bool_]

LINES = 5
MASKED = 0.98
SIZES_PX = (500, 3000)
HEIGHTS_PX = (8, 64)
TRIES = 60
_NAMES = [
    "DOE", "Jane", "MÜLLER", "Anna", "O'BRIEN", "Smith", "NGUYEN", "Ivanova", "Silva", "Li Wei",
    "Kowalski", "Zhang", "Ott", "Abdallah",
]  # fmt: skip
_PLACES = ["St. Mary Hospital", "County Clinic", "General Hosp.", "RADIOLOGY DEPT", "ICU BED 7"]
_STYLES = {"plain": 0.6, "outlined": 0.12, "in a white box": 0.1, "in a black box": 0.1,
           "hollow": 0.08}  # fmt: skip
_PICTURES = {".jpg", ".jpeg", ".png", ".dcm"}
_MATPLOTLIB = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSerif", "STIXGeneral",
               "cmss10")  # fmt: skip
_HERSHEY = {"Hershey simplex": cv2.FONT_HERSHEY_SIMPLEX, "Hershey duplex": cv2.FONT_HERSHEY_DUPLEX}


@dataclass(frozen=True)
class Line:
    """Text that was written on a film: where its ink is, and how it was written."""

    ink: Mask
    style: str
    height_px: int
    turn: str
    font: str

    @property
    def height(self) -> str:
        """Its letters' height, in steps of two."""
        low = 2 ** int(np.log2(self.height_px))
        return f"letters of {low} to {min(2 * low - 1, HEIGHTS_PX[1])} px"


def _text(rng: np.random.Generator) -> str:
    year, month, day = rng.integers(1920, 2027), rng.integers(1, 13), rng.integers(1, 29)
    number = rng.integers(1000, 10**8)
    kinds = [
        f"{rng.choice(_NAMES)}^{rng.choice(_NAMES)}",
        f"{rng.choice(_NAMES)}, {rng.choice(_NAMES)}",
        f"{year}-{month:02}-{day:02}",
        f"{day:02}.{month:02}.{year}",
        f"{month:02}/{day:02}/{year}",
        f"DOB {day:02}.{month:02}.{year} {rng.choice(['M', 'F'])}",
        f"ID {number}",
        f"{number}",
        f"MRN-{number % 100_000}",
        f"{rng.integers(24):02}:{rng.integers(60):02}:{rng.integers(60):02}",
        str(rng.choice(_PLACES)),
    ]
    return kinds[rng.integers(len(kinds))]


def _fonts() -> dict[str, Path | None]:
    found: dict[str, Path | None] = dict.fromkeys(_HERSHEY)
    for package, folder, names in (
        ("matplotlib", "mpl-data/fonts/ttf", _MATPLOTLIB),
        ("reportlab", "fonts", ("Vera",)),
    ):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        paths = [Path(spec.origin).parent / folder / f"{name}.ttf" for name in names]
        found |= {path.stem: path for path in paths}
    return found


FONTS = _fonts()


def _letters(text: str, height: int, font: str, rng: np.random.Generator) -> Film:
    """How far each pixel is covered by a line whose capitals have this height."""
    is_smooth = rng.random() < 0.7
    path = FONTS[font]
    if path is None:
        text = text.encode("ascii", "replace").decode()
        thickness = max(1, height // (9 if "simplex" in font else 14))
        (width, rows), base = cv2.getTextSize(text, _HERSHEY[font], height / 21, thickness)
        drawn = np.zeros((rows + base + 4 * thickness + 4, width + 4 * thickness + 4), np.uint8)
        at, kind = (2 * thickness, rows + 2 * thickness), cv2.LINE_AA if is_smooth else cv2.LINE_8
        cv2.putText(drawn, text, at, _HERSHEY[font], height / 21, 255, thickness, kind)
    else:
        capital = ImageFont.truetype(path, 100).getbbox("H", anchor="ls")
        face = ImageFont.truetype(path, max(6, round(100 * height / -capital[1])))
        _, _, right, bottom = face.getbbox(text)
        image = Image.new("L", (int(right) + 4, int(bottom) + 4))
        draw = ImageDraw.Draw(image)
        draw.fontmode = "L" if is_smooth else "1"
        draw.text((2, 2), text, fill=255, font=face)
        drawn = np.asarray(image)
    rows_of, columns_of = np.nonzero(drawn > 100)
    cut = drawn[rows_of.min() : rows_of.max() + 1, columns_of.min() : columns_of.max() + 1]
    return np.asarray(cut / 255, np.float32)


def _place(
    size: tuple[int, int], film: tuple[int, int], rng: np.random.Generator
) -> tuple[slice, slice]:
    """In a corner, or anywhere."""
    free = [whole - part for whole, part in zip(film, size, strict=True)]
    if rng.random() < 0.6:
        edge = int(rng.integers(max(2, film[0] // 40)))
        starts = [min(room, edge) if rng.random() < 0.5 else max(0, room - edge) for room in free]
    else:
        starts = [int(rng.integers(room + 1)) for room in free]
    return tuple(slice(a, a + b) for a, b in zip(starts, size, strict=True))  # type: ignore[return-value]


def _widened(letters: Film, by: int) -> Film:
    return np.asarray(cv2.dilate(letters, np.ones((2 * by + 1,) * 2)), np.float32)


def _ink(part: Film, letters: Film, style: str, height: int) -> tuple[Film, str] | None:
    """The part of the film with the letters on it; None where they would not be seen there."""
    around = part[_widened(letters, 2) > 0.4]
    dark, bright = np.percentile(around, (2, 98))
    if style == "plain" and bright < 0.7:
        return part * (1 - letters) + letters, "white"
    if style == "plain" and dark > 0.3:
        return part * (1 - letters), "black"
    if style == "outlined":
        edge = _widened(letters, max(1, height // 16))
        return part * (1 - edge) * (1 - letters) + letters, style
    if style == "hollow" and height >= 16:
        edge = _widened(letters, max(1, height // 20)) - letters
        return part * (1 - edge) + edge * (1.0 if around.mean() < 0.55 else 0.0), style
    if style.startswith("in a"):
        return (1 - letters if "white" in style else letters), style
    return None


def _write_line(film: Film, taken: Mask, rng: np.random.Generator) -> Line | None:
    low, high = HEIGHTS_PX[0], min(HEIGHTS_PX[1], min(film.shape) // 12)
    for _ in range(TRIES):
        height = int(np.exp(rng.uniform(np.log(low), np.log(high))))
        font, turns = str(rng.choice(list(FONTS))), int(rng.choice([0, 1, 3], p=[0.7, 0.15, 0.15]))
        letters = np.rot90(np.pad(_letters(_text(rng), height, font, rng), height // 2 + 3), turns)
        if any(part > whole for part, whole in zip(letters.shape, film.shape, strict=True)):
            continue
        at = _place(letters.shape, film.shape, rng)
        if taken[at].any():
            continue
        style = str(rng.choice(list(_STYLES), p=list(_STYLES.values())))
        written = _ink(film[at], letters, style, height)
        if written is None:
            continue
        film[at], taken[at] = written[0], True
        ink = np.zeros(film.shape, np.bool_)
        ink[at] = letters > 0.4
        return Line(ink, written[1], height, f"turned by {90 * turns} degrees", font)
    return None


def _with_text(film: Film, rng: np.random.Generator) -> tuple[Film, list[Line]]:
    film, taken = film.copy(), np.zeros(film.shape, np.bool_)
    lines = [_write_line(film, taken, rng) for _ in range(LINES)]
    if rng.random() < 0.3:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(80, 96))]
        coded = cv2.imencode(".jpg", (255 * film).astype(np.uint8), quality)[1]
        grey = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE))
        film = np.asarray(grey / 255, np.float32)
    return film, [line for line in lines if line is not None]


def _drawn(count: int, rng: np.random.Generator) -> Iterator[Film]:
    low, high = SIZES_PX
    for _ in range(count):
        rows = int(np.exp(rng.uniform(np.log(low), np.log(high))))
        columns = int(np.clip(rows * rng.uniform(0.75, 1.2), low, high))
        film = draw_phantom(rows, columns, seed=int(rng.integers(10**6)))
        yield _grained(film, rng)


def _real(folder: Path, count: int, rng: np.random.Generator) -> Iterator[Film]:
    """Films at a random size, up to 2500 pixels; a file may be smaller than a film is."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PICTURES)
    for index in rng.permutation(len(paths))[:count]:
        film = decode(paths[index].read_bytes()).pixels
        by = np.exp(rng.uniform(np.log(512), np.log(2500))) / max(film.shape)
        method = cv2.INTER_CUBIC if by > 1 else cv2.INTER_AREA
        scaled = cv2.resize(film, None, fx=by, fy=by, interpolation=method)
        yield _grained(np.clip(np.asarray(scaled, np.float32), 0, 1), rng)


def _grained(film: Film, rng: np.random.Generator) -> Film:
    """With noise, which a film that was drawn or enlarged has too little of."""
    noisy = film + rng.normal(0, 0.008, film.shape)
    return np.clip(noisy, 0, 1).astype(np.float32)


def _mask(boxes: Sequence[Box], shape: tuple[int, ...]) -> Mask:
    masked = np.zeros(shape, np.bool_)
    for box in boxes:
        masked[box.top : box.bottom, box.left : box.right] = True
    return masked


def _middle(masked: Mask) -> Mask:
    """Where the lungs are: the middle six tenths in each direction."""
    rows, columns = (side // 5 for side in masked.shape)
    return masked[rows : masked.shape[0] - rows, columns : masked.shape[1] - columns]


def _keep(folder: Path, name: str, film: Film, boxes: Sequence[Box]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    picture = cv2.cvtColor((255 * film).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    for box in boxes:
        cv2.rectangle(picture, (box.left, box.top), (box.right, box.bottom), (0, 0, 255), 2)
    cv2.imwrite(str(folder / f"{name}.jpg"), picture)


def _measure(name: str, films: Iterator[Film], rng: np.random.Generator, keep: Path | None) -> None:
    lines: Counter[str] = Counter()
    masked_lines: Counter[str] = Counter()
    complete, with_mask, area, middle, seconds = [], [], [], [], []
    ink = covered = 0
    for number, film in enumerate(films):
        written, drawn = _with_text(film, rng)
        start = time.perf_counter()
        masked = _mask(find_text(written), film.shape)
        seconds.append(time.perf_counter() - start)
        shares = [float(masked[line.ink].mean()) for line in drawn]
        complete.append(min(shares, default=1) >= MASKED)
        for line, share in zip(drawn, shares, strict=True):
            for kind in ("all", line.style, line.height, line.turn, line.font):
                lines[kind] += 1
                masked_lines[kind] += share >= MASKED
            ink += int(line.ink.sum())
            covered += int((line.ink & masked).sum())
        boxes = find_text(film)
        by_mistake = _mask(boxes, film.shape)
        with_mask.append(bool(boxes))
        area.append(by_mistake.mean())
        middle.append(_middle(by_mistake).any())
        if keep and boxes:
            _keep(keep, f"{name} {number}", film, boxes)
    print(f"\n## {name}: {len(area)} films\n\n| | |\n|---|---|")
    print(f"| lines masked | {masked_lines['all'] / lines['all']:.1%} of {lines['all']} |")
    print(f"| ink masked | {covered / ink:.2%} |")
    print(f"| films with all text masked | {np.mean(complete):.1%} |")
    print(f"| films masked though nothing was written on them | {np.mean(with_mask):.1%} |")
    print(f"| masks in the middle of those | {np.mean(middle):.1%} |")
    print(f"| area masked, of films that nothing was written on | {np.mean(area):.3%} |")
    print(f"| seconds a film, median and most | {np.median(seconds):.1f}, {max(seconds):.1f} |")
    for kind in sorted(lines.keys() - {"all"}):
        print(f"| {kind} | {masked_lines[kind] / lines[kind]:.1%} of {lines[kind]} |")


def main() -> None:
    """Measure on drawn films, and on those of each folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--films", type=int, default=100, help="of each kind")
    parser.add_argument("--seed", type=int, default=2027)
    parser.add_argument("--keep", type=Path, help="folder for what is masked unasked")
    wanted = parser.parse_args()
    rng = np.random.default_rng(wanted.seed)
    _measure("drawn films", _drawn(wanted.films, rng), rng, wanted.keep)
    for folder in wanted.folders:
        name = f"{folder.parent.name}-{folder.name}"
        _measure(name, _real(folder, wanted.films, rng), rng, wanted.keep)


if __name__ == "__main__":
    main()
