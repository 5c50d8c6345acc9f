"""The displayed pixels beside those of dcmtk, over syntaxes, depths, signs and photometry.

dcmtk cuts the fraction of a grey level off; so are ours here. What it cannot read, JPEG 2000, is
written uncompressed for it: as it was where nothing was lost, else as Pillow decodes it.
"""

import functools
import io
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset
from pydicom.uid import ImplicitVRLittleEndian

from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from tests.imaging.conftest import Agreement
from tests.imaging.dicom_files import BIG_ENDIAN, SYNTAXES, Syntax, lut_item, write

TOOLS = ("dcm2pnm", "dcmj2pnm", "dcml2pnm")
pytestmark = [
    pytest.mark.dicomtools,
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)),
        reason="dcmtk is not installed (Debian: apt-get install dcmtk)",
    ),
]

ROWS, COLUMNS = 96, 128
PLAIN = SYNTAXES["explicit little endian"]
BT601 = np.array([0.299, 0.587, 0.114])

_OPTIONS = {"range": ("+Wm",), "window": ("+Wi", "1"), "sigmoid": ("+Wi", "1"), "LUT": ("+Wl", "1")}
Compare = Callable[..., None]


@pytest.fixture
def compare(
    tmp_path: Path, agreements: dict[str, Agreement], request: pytest.FixtureRequest
) -> Compare:
    """Decode a file, and have dcmtk write the same or another one that holds the same values."""

    def check(
        row: str, content: bytes, tool: str, *options: str, theirs: bytes | None = None
    ) -> None:
        pixels = 255 * decode(content).pixels.astype(np.float64)
        shown = _dcmtk(tmp_path, content if theirs is None else theirs, tool, *options)
        assert shown.shape[:2] == pixels.shape
        if shown.ndim == 3:
            # Its channels are cut to whole levels one by one: the luminance has a fraction.
            difference = np.abs(pixels - shown @ BT601)
        else:
            difference = np.abs(np.floor(pixels + 1e-3) - shown)
        request.node.user_properties.append(("largest difference", float(difference.max())))
        agreements.setdefault(row, Agreement()).add(difference)
        assert difference.max() <= 1

    return check


def _dcmtk(folder: Path, content: bytes, tool: str, *options: str) -> NDArray[np.uint8]:
    source, target = folder / "film.dcm", folder / "film.pnm"
    source.write_bytes(content)
    # dcmtk reads its dictionary at each start, which takes half of the time. Only files without
    # value representations need it.
    is_implicit = ImplicitVRLittleEndian.encode() in content[:1000]
    environment = os.environ | ({} if is_implicit else {"DCMDICTPATH": os.devnull})
    command = [tool, "-O", *options, source, target]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    with Image.open(target) as image:
        return np.asarray(image)


class Case(NamedTuple):
    syntax: str
    bits: int
    is_signed: bool
    photometric: str
    voi: str


def _cases() -> Iterator[Case]:
    """Every syntax, depth and sign; what follows the decoder crossed in full for one syntax."""
    turns = [("MONOCHROME2", "range"), ("MONOCHROME1", "window"), ("MONOCHROME2", "LUT")]
    crossed = list(itertools.product(("MONOCHROME2", "MONOCHROME1"), _OPTIONS))
    for name, syntax in SYNTAXES.items():
        for bits in (8, 10, 12, 14, 16):
            if syntax.least_bits <= bits <= syntax.most_bits:
                for is_signed in (False, True):
                    for photometric, voi in crossed if syntax is PLAIN else turns:
                        yield Case(name, bits, is_signed, photometric, voi)


@functools.cache
def _values(bits: int, *, is_signed: bool) -> NDArray[np.int64]:
    """A phantom over four fifths of the values that there are."""
    film = draw_phantom(ROWS, COLUMNS, seed=3, opacity="left_lower")
    film = (film - film.min()) / np.ptp(film)
    top = (1 << bits) - 1
    grey = np.round((0.1 + 0.8 * film) * top).astype(np.int64)
    return grey - (1 << bits - 1) if is_signed else grey


def _words(values: NDArray[np.int64], bits: int) -> NDArray[Any]:
    return (values & ((1 << bits) - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def _voi(case: Case) -> tuple[dict[str, Any], Callable[[Dataset], None] | None]:
    """Elements of the VOI transformation, about the middle of the values."""
    top = (1 << case.bits) - 1
    low = -(1 << case.bits - 1) if case.is_signed else 0
    if case.voi in ("window", "sigmoid"):
        elements: dict[str, Any] = {
            "WindowCenter": round(0.45 * top + low),
            "WindowWidth": round(0.5 * top),
        }
        if case.voi == "sigmoid":
            elements["VOILUTFunction"] = "SIGMOID"
        return elements, None
    if case.voi == "range":
        return {}, None
    count = top
    first = low + 1
    entries = np.round(4095 * np.linspace(0, 1, count) ** 1.5)
    is_little = SYNTAXES[case.syntax].uid != BIG_ENDIAN
    item = lut_item(first, entries, 12, is_signed=case.is_signed, is_little=is_little)

    def with_lut(dataset: Dataset) -> None:
        dataset.VOILUTSequence = [item]

    return {}, with_lut


@pytest.mark.parametrize("case", list(_cases()), ids=lambda case: "-".join(map(str, case)))
def test_grey_is_shown_as_dcmtk_shows_it(case: Case, compare: Compare) -> None:
    syntax = SYNTAXES[case.syntax]
    words = _words(_values(case.bits, is_signed=case.is_signed), case.bits)
    elements, before = _voi(case)
    elements |= {
        "PhotometricInterpretation": case.photometric,
        "PixelRepresentation": int(case.is_signed),
    }
    content = write(words, syntax, bits_stored=case.bits, before=before, **elements)
    theirs = None
    if syntax.tool is None:
        same = words if syntax.exact else _by_pillow(syntax, words, case.bits)
        theirs = write(same, PLAIN, bits_stored=case.bits, before=before, **elements)
    compare(case.syntax, content, syntax.tool or "dcm2pnm", *_OPTIONS[case.voi], theirs=theirs)


def _by_pillow(syntax: Syntax, words: NDArray[Any], bits: int) -> NDArray[Any]:
    assert syntax.encode
    with Image.open(io.BytesIO(syntax.encode(words, bits))) as image:
        image.load()
        # Pillow shifts what has fewer than sixteen bits to the top of them.
        decoded = np.asarray(image)
    return decoded if bits == 8 else (decoded >> (16 - bits)).astype(np.uint16)


@pytest.mark.parametrize("voi", ["range", "window", "LUT"])
@pytest.mark.parametrize(("slope", "intercept"), [(2, -1000), (0.37, -3.3), (-1, 4095)])
def test_rescaled_values_are_shown_as_dcmtk_shows_them(
    slope: float, intercept: float, voi: str, compare: Compare
) -> None:
    words = _words(_values(12, is_signed=False), 12)
    ends = sorted((intercept, 4095 * slope + intercept))
    elements: dict[str, Any] = {"RescaleSlope": slope, "RescaleIntercept": intercept}
    before = None
    if voi == "window":
        elements |= {"WindowCenter": sum(ends) / 2, "WindowWidth": 0.6 * (ends[1] - ends[0])}
    if voi == "LUT":
        # One for far more than the values would be of another depth.
        entries = np.arange(min(3000, int(ends[1] - ends[0]))) * 20
        item = lut_item(int(ends[0]), entries, 16, is_signed=ends[0] < 0)
        before = lambda dataset: setattr(dataset, "VOILUTSequence", [item])  # noqa: E731
    content = write(words, PLAIN, bits_stored=12, before=before, **elements)
    compare("rescale", content, "dcm2pnm", *_OPTIONS[voi])


@pytest.mark.parametrize("voi", ["range", "window"])
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_modality_lut_is_applied_as_dcmtk_applies_it(
    is_signed: bool, voi: str, compare: Compare
) -> None:
    entries = np.round(60000 * np.linspace(0, 1, 3000) ** 0.5)
    item = lut_item(-1500 if is_signed else 500, entries, 16, is_signed=is_signed)
    elements = {"WindowCenter": 30000, "WindowWidth": 20000} if voi == "window" else {}
    content = write(
        _words(_values(12, is_signed=is_signed), 12),
        PLAIN,
        bits_stored=12,
        before=lambda dataset: setattr(dataset, "ModalityLUTSequence", [item]),
        PixelRepresentation=int(is_signed),
        **elements,
    )
    compare("modality LUT", content, "dcm2pnm", *_OPTIONS[voi])


@pytest.mark.parametrize("voi", ["range", "window"])
@pytest.mark.parametrize("high_bit", [9, 10, 12, 15])
@pytest.mark.parametrize("is_signed", [False, True])
def test_bits_beside_the_value_are_masked_as_dcmtk_masks_them(
    high_bit: int, is_signed: bool, voi: str, compare: Compare
) -> None:
    values = _values(10, is_signed=is_signed)
    rubbish = np.random.default_rng(5).integers(0, 1 << 16, values.shape)
    mask = ((1 << 10) - 1) << (high_bit - 9)
    words = ((rubbish & ~mask) | ((values << (high_bit - 9)) & mask)).astype(np.uint16)
    centre = 500 - 512 * is_signed
    elements = {"WindowCenter": centre, "WindowWidth": 600} if voi == "window" else {}
    content = write(
        words,
        PLAIN,
        bits_stored=10,
        HighBit=high_bit,
        PixelRepresentation=int(is_signed),
        **elements,
    )
    compare("high bit, overlay bits", content, "dcm2pnm", *_OPTIONS[voi])


@pytest.mark.parametrize(
    ("width", "values"),
    [(1, (1999, 2000)), (2, (1999, 2000)), (3, (1999, 2000)), (9, (1997, 2001))],
)
def test_narrow_windows_are_applied_as_dcmtk_applies_them(
    width: int, values: tuple[int, int], compare: Compare
) -> None:
    # Of two values, since a window that clips most of a film is not used.
    words = np.where(_words(_values(12, is_signed=False), 12) > 1500, *values[::-1])
    content = write(
        words.astype(np.uint16), PLAIN, bits_stored=12, WindowCenter=2000, WindowWidth=width
    )
    compare("narrow window", content, "dcm2pnm", "+Wi", "1")


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_the_presentation_lut_shape_is_followed_as_dcmtk_follows_it(
    photometric: str, compare: Compare
) -> None:
    content = write(
        _words(_values(12, is_signed=False), 12),
        PLAIN,
        bits_stored=12,
        PhotometricInterpretation=photometric,
        PresentationLUTShape="INVERSE",
    )
    compare("presentation LUT shape", content, "dcm2pnm", "+Wm")


def test_eight_bits_in_big_endian_words_are_read_as_dcmtk_reads_them(compare: Compare) -> None:
    words = _words(_values(8, is_signed=False), 8)

    def as_words(dataset: Dataset) -> None:
        dataset.add_new("PixelData", "OW", words.view(np.uint16).byteswap().tobytes())

    big = next(each for each in SYNTAXES.values() if each.uid == BIG_ENDIAN)
    content = write(words, big, bits_stored=8, before=as_words)
    compare("explicit big endian", content, "dcm2pnm", "+Wm")


def _rgb() -> NDArray[np.uint8]:
    grey = _words(_values(8, is_signed=False), 8)
    return np.stack([grey, grey // 2 + 20, 255 - grey], axis=2)


def _ybr(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """YBR_FULL by the equations of PS3.3 C.7.6.3.1.2."""
    matrix = np.array([BT601, [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
    return np.round(np.clip(rgb @ matrix.T + [0, 128, 128], 0, 255)).astype(np.uint8)


COLOUR_SYNTAXES = [n for n, each in SYNTAXES.items() if each.least_bits < 9 and each.tool]
BARE_SYNTAXES = [n for n in COLOUR_SYNTAXES if SYNTAXES[n].encode is None]


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
@pytest.mark.parametrize("name", [n for n in COLOUR_SYNTAXES if n != "JPEG baseline"])
def test_colour_is_shown_as_dcmtk_shows_it(name: str, photometric: str, compare: Compare) -> None:
    syntax = SYNTAXES[name]
    pixels = _rgb() if photometric == "RGB" else _ybr(_rgb())
    frame = None
    if "JPEG lossless" in name:
        predictor = int(name[-1])
        frame = imagecodecs.jpeg8_encode(
            pixels, lossless=True, predictor=predictor, colorspace="RGB", outcolorspace="RGB"
        )
    content = write(
        pixels, syntax, bits_stored=8, frame=frame, PhotometricInterpretation=photometric
    )
    assert syntax.tool
    compare(f"colour, {photometric}", content, syntax.tool)


@pytest.mark.parametrize(
    ("photometric", "sampling"),
    [("RGB", None), ("YBR_FULL", "444"), ("YBR_FULL_422", "422"), ("YBR_FULL_422", "420")],
)
def test_colour_in_a_jpeg_is_shown_as_dcmtk_shows_it(
    photometric: str, sampling: str | None, compare: Compare
) -> None:
    spaces = {"colorspace": "RGB", "outcolorspace": "RGB"} if sampling is None else {}
    frame = imagecodecs.jpeg8_encode(_rgb(), 97, subsampling=sampling, **spaces)
    content = write(
        _rgb(),
        SYNTAXES["JPEG baseline"],
        bits_stored=8,
        frame=frame,
        PhotometricInterpretation=photometric,
    )
    compare(f"colour, {photometric}", content, "dcmj2pnm")


@pytest.mark.parametrize("name", BARE_SYNTAXES)
def test_one_colour_after_the_other_is_shown_as_dcmtk_shows_it(name: str, compare: Compare) -> None:
    def planar(dataset: Dataset) -> None:
        dataset.PixelData = np.moveaxis(_rgb(), 2, 0).tobytes()
        dataset.PlanarConfiguration = 1

    content = write(_rgb(), SYNTAXES[name], bits_stored=8, before=planar)
    compare("colour, RGB", content, "dcm2pnm")


@pytest.mark.parametrize("name", BARE_SYNTAXES)
def test_halved_chrominance_is_shown_as_dcmtk_shows_it(name: str, compare: Compare) -> None:
    full = _ybr(_rgb())
    pairs = np.dstack([full[:, ::2, 0], full[:, 1::2, 0], full[:, ::2, 1:]])

    def subsampled(dataset: Dataset) -> None:
        dataset.PixelData = pairs.tobytes()
        dataset.PhotometricInterpretation = "YBR_FULL_422"

    content = write(full, SYNTAXES[name], bits_stored=8, before=subsampled)
    compare("colour, YBR_FULL_422", content, "dcm2pnm")


@pytest.mark.parametrize("name", [n for n in COLOUR_SYNTAXES if SYNTAXES[n].exact])
@pytest.mark.parametrize(("bits", "entry_bits", "first"), [(8, 8, 0), (8, 16, 0), (12, 16, 10)])
def test_a_palette_is_shown_as_dcmtk_shows_it(
    name: str, bits: int, entry_bits: int, first: int, compare: Compare
) -> None:
    count = (1 << bits) - first
    is_little = SYNTAXES[name].uid != BIG_ENDIAN

    def palette(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for power, colour in enumerate(("Red", "Green", "Blue"), start=1):
            table = np.round(np.linspace(0, 1, count) ** power * ((1 << entry_bits) - 1))
            keyword = f"{colour}PaletteColorLookupTable"
            dataset.add_new(f"{keyword}Descriptor", "US", [count, first, entry_bits])
            order = "<u2" if is_little else ">u2"
            entries = table.astype(np.uint8 if entry_bits == 8 else order)
            if entry_bits == 8 and not is_little:
                entries = entries.view("<u2").astype(">u2")
            dataset.add_new(f"{keyword}Data", "OW", entries.tobytes())

    words = _words(_values(bits, is_signed=False), bits)
    content = write(words, SYNTAXES[name], bits_stored=bits, before=palette)
    tool = SYNTAXES[name].tool
    assert tool
    compare("palette colour", content, tool)
