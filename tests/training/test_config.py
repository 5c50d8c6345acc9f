"""Settings of training: earlier names still work, and what is wrong is said."""

import pytest
from pydantic import ValidationError

from hilum.architectures.classifiers import classifier_names
from hilum.errors import DatasetError
from hilum.training.config import TrainingConfig
from hilum.training.findings.config import FindingsConfig
from hilum.training.search.space import with_settings


def test_earlier_names_are_taken_with_a_warning():
    with pytest.warns(FutureWarning, match="'outside_penalty' is now called 'saliency_penalty'"):
        config = TrainingConfig.model_validate({"outside_penalty": 0.7})
    assert config.saliency_penalty == 0.7

    with pytest.warns(FutureWarning, match="'mobilenet' is now called 'mobilenet_v2'"):
        assert TrainingConfig(architecture="mobilenet").architecture == "mobilenet_v2"


def test_an_earlier_name_changes_the_setting_on_the_command_line_too():
    with pytest.warns(FutureWarning, match="saliency_penalty"):
        changed = with_settings(TrainingConfig(), {"outside_penalty": 0.0})

    assert changed == TrainingConfig(saliency_penalty=0.0)


def test_an_unknown_architecture_names_the_known_ones():
    known = f"only {', '.join(classifier_names())}"
    with pytest.raises(ValidationError, match=known):
        TrainingConfig(architecture="unknown")
    with pytest.raises(DatasetError, match=known):
        with_settings(TrainingConfig(), {"architecture": "unknown"})


def test_a_list_is_asked_for_where_a_setting_is_one() -> None:
    with pytest.raises(DatasetError, match=r'findings: a list is expected, such as \["mass"'):
        with_settings(FindingsConfig(), {"findings": "mass"})
    assert with_settings(FindingsConfig(), {"teacher_sides_px": [225]}).teacher_sides_px == (225,)
