"""A form that cannot be written: the others are made, and no value of the file is told."""

import pytest

from hilum.reporting.dicom import structured_report
from hilum.reporting.errors import ReportError
from hilum.reporting.forms import Format
from hilum.reporting.outputs import applicable, make, make_each

NAME = "Lindqvist^Josephine"


@pytest.fixture
def breaks(monkeypatch):
    """Have the writer of structured reports raise this."""

    def breaks_with(error: BaseException) -> None:
        def write(report):
            raise error

        monkeypatch.setattr(structured_report, "write_structured_report", write)

    return breaks_with


@pytest.mark.parametrize(
    # The last is a codec's: the system's own have a number.
    "error",
    [ValueError, AttributeError, NotImplementedError, RuntimeError, OSError],
)
def test_an_error_of_a_library_is_a_form_that_cannot_be_made(dicom_report, breaks, caplog, error):
    breaks(error(f"not a name: {NAME}"))

    with pytest.raises(ReportError, match=r"^The sr could not be written\.") as raised:
        make(dicom_report, Format.SR)

    assert NAME not in str(raised.value)
    assert NAME not in caplog.text
    assert error.__name__ in caplog.text
    assert "in write" in caplog.text  # Where it was raised.


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), MemoryError()])
def test_an_error_of_the_environment_is_none_of_the_form(dicom_report, breaks, error):
    breaks(error)

    for work in (make, lambda report, wanted: make_each(report, [wanted])):
        with pytest.raises(type(error)):
            work(dicom_report, Format.SR)


def test_a_file_that_is_not_there_is_a_form_that_cannot_be_made(dicom_report, breaks):
    breaks(FileNotFoundError(2, "No such file or directory"))
    assert make_each(dicom_report, [Format.SR]).missing


def test_the_other_forms_are_made_and_the_missing_one_is_named(dicom_report, breaks, caplog):
    wanted = applicable(dicom_report)
    breaks(ValueError(NAME))

    made = make_each(dicom_report, wanted)

    assert [each.format for each in made.outputs] == [each for each in wanted if each != Format.SR]
    assert all(each.content for each in made.outputs)
    (missing,) = made.missing
    assert missing.format is Format.SR
    assert missing.reason.startswith("The sr could not be written.")
    assert NAME not in missing.reason + caplog.text
