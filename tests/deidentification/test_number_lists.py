"""Lists of numbers stay where they mean something, and go where they spell a name."""

import io

import pydicom
import pytest
from pydicom import Dataset

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from tests.deidentification.raw_films import base
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
        ("ImagePositionPatient", base(ImagePositionPatient=[70, 80, 90]), [70, 80, 90]),
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
    ],
)  # fmt: skip
def test_a_list_that_is_a_name_goes_or_means_no_more_than_it_has_to(keyword, made, values):
    assert _found(made, keyword) == (values, frozenset({Removal.IMPLAUSIBLE_NUMBERS}))


@pytest.mark.parametrize("keyword", ["FocalSpots", "FilterThicknessMaximum", "RadialPosition"])
@pytest.mark.parametrize("name", [SMITH, list(b"JANE"), [*SMITH, 0, 0]], ids=str)
def test_other_lists_that_are_mostly_letters_are_emptied(keyword, name):
    made = base(**{keyword: name})
    assert _found(made, keyword) == ([], frozenset({Removal.INVALID_VALUES}))
