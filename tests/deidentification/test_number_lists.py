"""Lists of numbers stay where they mean something, and go where they spell a name."""

import io
import struct

import pydicom
import pytest
from pydicom import Dataset
from pydicom.datadict import DicomDictionary

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from tests.deidentification.named_elements import attributes
from tests.deidentification.raw_films import base, put, written
from tests.pacs.films import as_file

SMITH = list(b"SMITH")


def _film(**elements: object) -> Dataset:
    """A film of 2500 x 2000 pixels, as far as its header says."""
    made = base(**elements)
    made.Rows, made.Columns = 2500, 2000
    made.PixelData = bytes(2 * 2500 * 2000)
    return made


def _cine(times: list[float]) -> Dataset:
    made = base(NumberOfFrames=len(times), FrameTimeVector=times)
    made.PixelData = made.PixelData * len(times)
    return made


def _found(made: Dataset, keyword: str) -> tuple[list[float], frozenset[Removal]]:
    done = deidentify(as_file(made), Profile())
    element = pydicom.dcmread(io.BytesIO(done.content)).get(keyword)
    values = element if isinstance(element, pydicom.multival.MultiValue) else [element]
    return [float(each) for each in values if each not in (None, "")], done.removals


def _references(*frames: int) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.12.2"
    item.ReferencedSOPInstanceUID = "1.2.3"
    item.ReferencedFrameNumber = list(frames)
    return base(ReferencedImageSequence=[item])


SHUTTER = [65, 66, 65, 1900, 2400, 1900, 2400, 66]

# A rectangle that was turned, and is a pixel outside at two corners.
TURNED = [-1, 400, 420, 2001, 2400, 1610, 2000, 20]


@pytest.mark.parametrize(
    ("keyword", "made", "values"),
    [
        ("FrameTimeVector", _cine([0] + [66] * 9), [0] + [66] * 9),
        ("FrameTimeVector", _cine([0, 66.7, 66.6, 66.7]), [0, 66.7, 66.6, 66.7]),
        ("WindowCenter", base(WindowCenter=[2048, 1800], WindowWidth=[4096, 2000]), [2048, 1800]),
        ("WindowWidth", base(WindowCenter=[83, 77, 73], WindowWidth=[99, 90, 80]), [99, 90, 80]),
        ("VerticesOfThePolygonalShutter",
         _film(ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=SHUTTER), SHUTTER),
        ("VerticesOfThePolygonalCollimator",
         _film(VerticesOfThePolygonalCollimator=SHUTTER), SHUTTER),
        ("FilterThicknessMinimum", base(FilterThicknessMinimum=[0.1, 1, 2]), [0.1, 1, 2]),
        ("ImagePositionPatient", base(ImagePositionPatient=[70, -300, 1900]), [70, -300, 1900]),
        ("GridFrameOffsetVector", base(GridFrameOffsetVector=[0, 2.5, 5, 7.5]), [0, 2.5, 5, 7.5]),
        ("FocalSpots", base(FocalSpots=[0.6, 1.2]), [0.6, 1.2]),
        # Two Greek letters, and three Latin ones, are no name.
        ("WindowCenter", base(WindowCenter=[929, 940], WindowWidth=[999, 999]), [929, 940]),
        ("WindowCenter", base(WindowCenter=[2134] * 3, WindowWidth=[1500, 2000, 1200]), [2134] * 3),
        ("VerticesOfThePolygonalShutter", _film(VerticesOfThePolygonalShutter=TURNED), TURNED),
    ],
)  # fmt: skip
def test_a_list_that_means_something_stays_though_it_may_be_letters(keyword, made, values):
    assert _found(made, keyword) == (values, frozenset())


def test_frames_in_a_row_stay_though_they_may_be_letters():
    for frames, kept in (([*range(65, 72)], [*range(65, 72)]), (SMITH, None)):
        done = deidentify(as_file(_references(*frames)), Profile())
        (item,) = pydicom.dcmread(io.BytesIO(done.content)).ReferencedImageSequence
        assert item.ReferencedFrameNumber == kept
        assert bool(done.removals) == (kept is None)


@pytest.mark.parametrize(
    ("keyword", "made", "values"),
    [
        # The mean of five letters is (83 + 77 + 73 + 84 + 72) / 5.
        ("FrameTimeVector", _cine([0, *SMITH]), [0] + [77.8] * 5),
        ("FrameTimeVector", base(FrameTimeVector=SMITH), []),
        ("WindowCenter", base(WindowCenter=SMITH, WindowWidth=[100] * 5), [83]),
        ("WindowWidth", base(WindowCenter=[100] * 5, WindowWidth=SMITH), [83]),
        ("VerticesOfThePolygonalShutter",
         base(VerticesOfThePolygonalShutter=[*SMITH, 0]), [1, 1, 1, 80, 64, 80, 64, 1]),
        ("VerticesOfThePolygonalCollimator",
         base(VerticesOfThePolygonalCollimator=[*SMITH, 9999]), [1, 1, 1, 80, 64, 80, 64, 1]),
        ("VerticesOfThePolygonalShutter",
         _film(VerticesOfThePolygonalShutter=[*map(ord, "김민김수영수영민")]),
         [1, 1, 1, 2000, 2500, 2000, 2500, 1]),
        # An open rectangle with a way to four points within.
        ("VerticesOfThePolygonalShutter",
         _film(VerticesOfThePolygonalShutter=[*SHUTTER, *map(ord, "Ивановна")]),
         [1, 1, 1, 2000, 2500, 2000, 2500, 1]),
        # The mean of four letters: 4279 / 4.
        ("FrameTimeVector", _cine([0, *map(ord, "Иван")]), [0] + [1069.75] * 4),
        ("ImagePositionPatient", base(ImagePositionPatient=[*map(ord, "Яна")]), []),
        ("ImagePositionPatient", base(ImagePositionPatient=SMITH), []),
        ("WindowCenter", base(WindowCenter=[*map(ord, "Яна")], WindowWidth=[999] * 3), [1071]),
        ("WindowWidth",
         base(BitsStored=16, HighBit=15, WindowCenter=[999] * 2, WindowWidth=[*map(ord, "민수")]),
         [48124]),
    ],
)  # fmt: skip
def test_a_list_that_is_a_name_goes_or_means_no_more_than_it_has_to(keyword, made, values):
    assert _found(made, keyword) == (values, frozenset({Removal.IMPLAUSIBLE_NUMBERS}))


@pytest.mark.parametrize("name", [SMITH, list(b"JANE"), [*SMITH, 0, 0]], ids=str)
def test_a_list_in_millimetres_has_no_room_for_letters(name):
    for keyword in ("FocalSpots", "FilterThicknessMaximum"):
        assert _found(base(**{keyword: name}), keyword) == (
            [],
            frozenset({Removal.IMPLAUSIBLE_NUMBERS}),
        )


def test_other_lists_of_more_than_two_numbers_are_left_out():
    for values, kept in (([1, 2], [1, 2]), ([1, 2, 3], []), ([20_000, 20_001], [])):
        assert _found(base(RadialPosition=values), "RadialPosition")[0] == kept


_FORMS = {"DS": None, "IS": None, "FD": "d", "FL": "f", "US": "H", "UL": "I", "SL": "i", "UV": "Q"}


def _spelt(name: str) -> bytes:
    """A film with the codes of a name in all lists of numbers, as many as they have."""
    made = base(BitsStored=16, HighBit=15)
    for representation, form in _FORMS.items():
        for tag in attributes(representation):
            most = DicomDictionary[tag][1].split("-")[-1]
            codes = [ord(each) for each in name][: int(most) if most.isdigit() else None]
            text = "\\".join(map(str, codes)).encode()
            value = text if form is None else struct.pack(f"<{len(codes)}{form}", *codes)
            put(made, tag, representation, value)
    return written(made)


@pytest.mark.parametrize(
    ("name", "room"), [("王李明红", 1), ("김민수영", 1), ("Иванов", 2), ("محمدعل", 2)]
)
def test_no_list_has_room_for_a_name_in_any_script(name, room):
    done = deidentify(_spelt(name), Profile())
    codes = {float(ord(each)) for each in name}
    for element in pydicom.dcmread(io.BytesIO(done.content)):
        if element.VM > 1 and element.VR in _FORMS:
            assert sum(float(each) in codes for each in element.value) <= room, element.keyword
