"""The reader: one bundle, loaded once, that turns radiographs into readings."""

import time
from collections.abc import Sequence

import numpy as np

from hilum.imaging import Radiograph, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import decoded_side_px
from hilum.models.bundle import Bundle
from hilum.models.calibration import calibrated
from hilum.models.card import Card
from hilum.models.reading import Decision, FindingReading, Reading
from hilum.models.runtime import SINGLE_OUTPUT, RuntimeName, load_runtime


def classifier_outputs(card: Card) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs that a classifier's network must have, for one picture."""
    return {SINGLE_OUTPUT: (len(card.findings),)}


class Reader:
    """Reads radiographs with one bundle; safe to share between threads.

    Parameters
    ----------
    bundle : Bundle of Card
    runtime : RuntimeName
        What runs the network.

    Raises
    ------
    BundleError
        The runtime cannot load the bundle.
    """

    def __init__(self, bundle: Bundle[Card], runtime: RuntimeName = RuntimeName.OPENVINO) -> None:
        self.bundle = bundle
        self._runtime = load_runtime(bundle, runtime, classifier_outputs(bundle.card))

    @property
    def card(self) -> Card:
        """The bundle's card."""
        return self.bundle.card

    @property
    def smallest_side_px(self) -> int:
        """What `hilum.imaging.decode` needs to keep for this model; see there."""
        return decoded_side_px(self.card.preprocessing)

    def warm(self) -> None:
        """Read a drawn phantom, so that the first real reading finds all memory in place."""
        side = self.card.preprocessing.input_size_px
        pixels = draw_phantom(side, side)[np.newaxis, :, :, np.newaxis]
        self._runtime.infer(pixels)

    def read(self, radiograph: Radiograph) -> Reading:
        """Read one radiograph."""
        return self.read_many([radiograph])[0]

    def read_many(self, radiographs: Sequence[Radiograph]) -> list[Reading]:
        """Read several radiographs in one pass of the network.

        Parameters
        ----------
        radiographs : sequence of Radiograph

        Returns
        -------
        list of Reading
            In the same order; times are shares of the whole pass.
        """
        if not radiographs:
            return []
        started = time.perf_counter()
        how = self.card.preprocessing
        batch = np.stack([preprocess(radiograph, how) for radiograph in radiographs])
        prepared = time.perf_counter()
        probabilities = calibrated(self._runtime.infer(batch)[SINGLE_OUTPUT], self.card.calibration)
        finished = time.perf_counter()
        share = 1000 / len(radiographs)
        return [
            self._reading(row, (prepared - started) * share, (finished - prepared) * share)
            for row in probabilities
        ]

    def _reading(self, row: np.ndarray, preprocess_ms: float, inference_ms: float) -> Reading:
        card = self.card
        by_finding = {finding: float(p) for finding, p in zip(card.findings, row, strict=True)}
        for composite, parts in card.composites.items():
            by_finding[composite] = min(1.0, sum(by_finding[part] for part in parts))
        points = {finding: point.threshold for finding, point in card.operating_points.items()}
        is_present = by_finding[card.target] >= points[card.target]
        return Reading(
            findings=tuple(
                FindingReading(finding, probability, points.get(finding), card.is_assessed(finding))
                for finding, probability in by_finding.items()
            ),
            target=card.target,
            decision=Decision.POSITIVE if is_present else Decision.NEGATIVE,
            model_name=card.name,
            model_version=card.version,
            model_sha256=self.bundle.sha256,
            preprocess_ms=preprocess_ms,
            inference_ms=inference_ms,
        )
