"""Damaged files are told from sound ones, and nothing but a `HilumError` comes of them."""

import random
import resource

import pytest

from hilum.errors import CorruptImageError, HilumError
from hilum.imaging import DecodeLimits, Radiograph, decode

FORMATS = ("jpeg", "png", "webp", "tiff", "bmp", "dicom")
MUTATIONS = 300


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.75, 0.9, 0.97])
@pytest.mark.parametrize("name", FORMATS)
def test_a_truncated_file_is_corrupt_and_its_format_named(
    name: str, share: float, files: dict[str, bytes]
) -> None:
    content = files[name]
    with pytest.raises(CorruptImageError, match=name.upper()):
        decode(content[: int(len(content) * share)])


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_after_its_signature_is_corrupt_and_its_format_named(
    name: str, files: dict[str, bytes]
) -> None:
    with pytest.raises(CorruptImageError, match=name.upper()):
        decode(files[name][:160])


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff"])
def test_a_hole_in_the_compressed_pixels_is_corrupt(name: str, files: dict[str, bytes]) -> None:
    # BMP and plain DICOM hold bare pixels: there any byte is a sound grey value.
    content = bytearray(files[name])
    middle = len(content) // 2
    content[middle : middle + 200] = b"\xff" * 200
    with pytest.raises(CorruptImageError, match=name.upper()):
        decode(bytes(content))


def test_a_jpeg_with_stray_bytes_between_segments_is_read(files: dict[str, bytes]) -> None:
    sound = files["jpeg"]
    at = sound.index(b"\xff\xdb")
    strayed = decode(sound[:at] + b"\0\0" + sound[at:])
    assert (strayed.pixels == decode(sound).pixels).all()


def _mutated(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    reach = rng.choice([64, 600, len(changed)])
    for _ in range(rng.choice([1, 1, 2, 8])):
        changed[rng.randrange(min(len(changed), reach))] = rng.choice(
            [0, 1, 127, 128, 255, rng.randrange(256)]
        )
    dice = rng.random()
    if dice < 0.2:
        del changed[rng.randrange(len(changed)) :]
    elif dice < 0.3:
        at = rng.randrange(len(changed))
        changed[at:at] = rng.randbytes(rng.randrange(1, 20))
    return bytes(changed)


@pytest.mark.parametrize("name", FORMATS)
def test_of_mutated_files_comes_a_radiograph_or_a_hilum_error(
    name: str, files: dict[str, bytes]
) -> None:
    rng = random.Random(f"mutations of {name}")
    limits = DecodeLimits(max_pixels=1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for _ in range(MUTATIONS):
        try:
            radiograph = decode(_mutated(files[name], rng), limits=limits)
        except HilumError:
            refused += 1
        else:
            assert isinstance(radiograph, Radiograph)
            assert 0 <= radiograph.pixels.min() < radiograph.pixels.max() <= 1
    assert 0 < refused < MUTATIONS
    # A megapixel is 4 MB as float32; a dozen copies of it are more than any decoder needs.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
