"""Where the outline of a child's lung lies: figures at several edges, on validation and test films.

Run: ``python -m benchmarks.childrens_lungs --data DIR``, with the folder of `hilum evaluate
anatomy`. Films are compared with their drawn masks of both lungs, whose width tells whether the
cardiothoracic ratio would be measured in too narrow a chest.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.datasets.anatomy_films import AnatomyFilm, film_hash, find_anatomy_films
from hilum.evaluation.anatomy.figures import dice
from hilum.imaging import decode, preprocess
from hilum.models.anatomy import AnatomyCard, AnatomyReader, Organ
from hilum.models.anatomy.masks import clean_masks
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.bundle import load_bundle_of
from hilum.models.runtime import RuntimeName, load_runtime
from hilum.models.split_lists import read_split_lists

EDGES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_COLUMNS = (
    "| probability | outside | over a tenth outside | covered | Dice | width against the drawn |"
)
_BUNDLE = Path(__file__).resolve().parents[1] / "ml_model" / "anatomy"


@dataclass(frozen=True, slots=True)
class Looked:
    """A film of a child: the network's masks, and the drawn one on a grid of twice their side."""

    logits: NDArray[np.float32]
    drawn: NDArray[np.bool_]


def looked_at(films: Iterable[AnatomyFilm]) -> Iterator[Looked]:
    """Pass films through the shipped network."""
    bundle = load_bundle_of(AnatomyCard, _BUNDLE)
    runtime = load_runtime(bundle, RuntimeName.OPENVINO, anatomy_outputs(bundle.card))
    side = AnatomyReader(bundle).smallest_side_px
    for film in films:
        radiograph = decode(film.path.read_bytes(), smallest_side_px=side)
        batch = preprocess(radiograph, bundle.card.preprocessing)[np.newaxis]
        logits = runtime.infer(batch)["masks"][0]
        mask = np.asarray(Image.open(film.masks[0]).convert("L"))
        fine = (2 * logits.shape[0],) * 2
        yield Looked(logits, cv2.resize(mask, fine, interpolation=cv2.INTER_LINEAR) > 127)


def row(films: Sequence[Looked], edge: float) -> str:
    """Figures at one edge; films without an outline do not count."""
    figures = []
    for film in films:
        found = clean_masks(film.logits, rows=1, columns=1, lung_edge=edge).masks
        lungs = found[Organ.RIGHT_LUNG] | found[Organ.LEFT_LUNG]
        if not lungs.any():
            continue
        # Of the heart's outline, the part that the drawn lungs have behind it.
        both = lungs | (found[Organ.HEART] & film.drawn)
        outside = (lungs & ~film.drawn).sum() / lungs.sum()
        covered = (both & film.drawn).sum() / film.drawn.sum()
        wider = _width(lungs) / _width(film.drawn) - 1
        figures.append((outside, outside > 0.1, covered, dice(both, film.drawn), wider))
    outside, much, covered, agreement, wider = np.mean(figures, axis=0)
    return (
        f"| {edge:g} | {1 / (1 + np.exp(-edge)):.2f} | {100 * outside:.1f} % | {100 * much:.1f} % "
        f"| {100 * covered:.1f} % | {agreement:.4f} | {100 * wider:+.1f} % |"
    )


def _width(mask: NDArray[np.bool_]) -> int:
    """Pixels of the widest row."""
    rows = mask[mask.any(axis=1)]
    return int((mask.shape[1] - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    splits = read_split_lists(load_bundle_of(AnatomyCard, _BUNDLE)) or {}
    children = [film for film in find_anatomy_films(data) if len(film.masks) == 1]
    for split in ("validation", "test"):
        films = list(looked_at(f for f in children if film_hash(f.path) in splits[split]))
        print(f"\n| {split}, {len(films)} films: logit {_COLUMNS}\n|{'---|' * 7}")
        for edge in EDGES:
            print(row(films, edge), flush=True)


if __name__ == "__main__":
    main()
