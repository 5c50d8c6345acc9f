"""Update the examples of `/docs`: `python -m hilum.api.renew_examples`, `make examples`.

After a change of the answer's schema, or of the shipped bundle.
"""

import json
from pathlib import Path
from typing import Any

from hilum.api.evidence_schemas import EvidenceAnswer, EvidencePart
from hilum.api.example_films import EXAMPLE_FILMS
from hilum.api.examples import ANSWERS_FILE, MODEL
from hilum.api.schemas import ReadingAnswer
from hilum.models import Registry, read_file
from hilum.models.reading_models import ReadingModels
from hilum.words.catalogue import load_catalogue

_FILM = "opacity"
_MILLISECONDS = 5.0
_POINTS = 3


def make_example(registry: Registry) -> dict[str, Any]:
    """Read a synthetic film by the model of the examples, with its evidence as contour lines.

    Returns
    -------
    dict
        As `/predict` answers it, with times that are made up, and outlines cut short.
    """
    models = ReadingModels.choose(registry, [MODEL])
    result = read_file(EXAMPLE_FILMS[_FILM].content(), models, with_evidence=True)
    words = load_catalogue()
    evidence = EvidenceAnswer.of(result, result.main, frozenset({EvidencePart.CONTOUR}), words)
    made = ReadingAnswer.of(result, words, evidence=[evidence]).model_dump(mode="json")
    made["timing_ms"] = dict.fromkeys(made["timing_ms"], _MILLISECONDS)
    made["timing_ms"]["total"] = _MILLISECONDS * (len(made["timing_ms"]) - 1)
    for finding in made["evidence"]["findings"]:
        for contour in finding["contours"]:
            contour["polygons"] = [points[:_POINTS] for points in contour["polygons"][:1]]
    return made


def main() -> None:
    """Write the file."""
    from hilum.api.settings import Settings

    settings = Settings()
    registry = Registry(
        settings.models_dir, default=settings.default_model, runtime=settings.runtime
    )
    made = json.dumps(make_example(registry), indent=2, ensure_ascii=False)
    (Path(__file__).parent / ANSWERS_FILE).write_text(f"{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
