"""Selection of models by the patient's age, from header and picture."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from hilum.errors import BundleError, ModelChoiceError
from hilum.imaging import decode
from hilum.models.reading_models import ReadingModels
from hilum.models.registry import Registry
from hilum.models.runtime import RuntimeName
from hilum.models.selection import SelectionReason, select
from hilum.models.suitability_words import selection_words
from hilum.populations import Population
from hilum.words.catalogue import load_catalogue
from tests.models.anatomy.pictures import picture_like

CHILDREN, ADULTS = Population.CHILDREN, Population.ADULTS


@pytest.fixture(scope="module")
def cards(make_card):
    """Cards of a model for children of 1 to 5 years, one for adults and one for everyone."""
    intended = {
        "children": {"population": "children", "years": (1, 6)},
        "adults": {"population": "adults"},
        "everyone": None,
    }
    return {
        name: make_card({}, name=name, title=f"For {name}", intended=of)
        for name, of in intended.items()
    }


@pytest.fixture
def radiograph(files):
    return decode(files["png"])


def seen(population, **more):
    return SimpleNamespace(picture=picture_like(population, **more))


@pytest.mark.parametrize(
    ("years", "anatomy", "names", "reason"),
    [
        (17.9, seen(ADULTS), ["children", "everyone"], SelectionReason.AGE),
        (18.0, seen(CHILDREN), ["adults", "everyone"], SelectionReason.AGE),
        (0.5, None, ["children", "everyone"], SelectionReason.AGE),
        (None, seen(ADULTS), ["adults", "everyone"], SelectionReason.LOOK),
        (None, seen(CHILDREN), ["children", "everyone"], SelectionReason.LOOK),
        (None, seen(Population.DRAWN), ["children", "adults", "everyone"], SelectionReason.UNKNOWN),
        (None, seen(ADULTS, is_known=False), ["children", "adults", "everyone"],
         SelectionReason.UNKNOWN),
        (None, None, ["children", "adults", "everyone"], SelectionReason.UNKNOWN),
        # As probable as not: adults.
        (None, seen(None), ["adults", "everyone", "children"], SelectionReason.UNKNOWN),
    ],
)  # fmt: skip
def test_the_header_decides_then_the_picture_then_all_read(
    cards, radiograph, years, anatomy, names, reason
):
    found = select(list(cards.values()), replace(radiograph, patient_age_years=years), anatomy)

    assert [card.name for card in found.cards] == names
    assert found.reason is reason


def test_where_no_model_is_meant_for_a_patient_all_read_and_that_is_told(cards, radiograph):
    found = select([cards["children"]], replace(radiograph, patient_age_years=40), None)

    assert (found.cards, found.reason) == ((cards["children"],), SelectionReason.NOT_MEANT)
    told = selection_words(found, load_catalogue())
    assert told == "No model is intended for adults. The film was read by: For children."


@pytest.mark.parametrize(
    ("years", "anatomy", "told"),
    [
        (0.5, None, "For children and For everyone. The header states an age of 6 months."),
        (None, seen(ADULTS), "For adults and For everyone. The film looks like an adult's."),
        (None, None, "Neither the file nor the picture shows whether this is a child or an adult."),
    ],
)
def test_a_selection_is_told_with_its_reason(cards, radiograph, years, anatomy, told):
    found = select(list(cards.values()), replace(radiograph, patient_age_years=years), anatomy)

    assert selection_words(found, load_catalogue()).endswith(told)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["pneumonia", "pneumonia"], "named more than once"),
        (["pneumonia", "pneumonia@0.1"], "named more than once"),
        (["auto", "pneumonia"], "'auto' stands for several"),
        (["pneumonia", "all"], "'all' stands for several"),
    ],
)
def test_names_that_do_not_go_together_are_refused(models_dir, names, said):
    registry = Registry(models_dir, default="auto", runtime=RuntimeName.OPENVINO)

    with pytest.raises(ModelChoiceError, match=said):
        ReadingModels.choose(registry, names)


@pytest.mark.parametrize("default", ["auto", "all"])
def test_a_choice_of_several_is_no_model_of_that_name(models_dir, default):
    registry = Registry(models_dir, default=default, runtime=RuntimeName.OPENVINO)

    assert registry.names == ("pneumonia",)
    chosen = ReadingModels.choose(registry)
    assert [reader.card.name for reader, _ in chosen.models] == ["pneumonia"]
    assert chosen.is_automatic == (default == "auto")


def test_without_any_bundle_there_is_nothing_to_select(tmp_path):
    registry = Registry(tmp_path, default="auto", runtime=RuntimeName.OPENVINO)

    with pytest.raises(BundleError, match="no bundle"):
        ReadingModels.choose(registry)
