"""Reader: one bundle, loaded once, that makes readings of radiographs."""

import copy
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph, preprocess
from hilum.imaging.preprocess import WHOLE, decoded_side_px
from hilum.models.anatomy import LungField
from hilum.models.bundle import Bundle
from hilum.models.calibration import calibrated
from hilum.models.card import Card, EvidenceLayer
from hilum.models.operating_point import Points
from hilum.models.reading import FindingReading, Reading, TaskDecision
from hilum.models.runtime import SINGLE_OUTPUT, RuntimeName, load_runtime
from hilum.models.site_profile import SiteProfile, at_site


def classifier_outputs(card: Card) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs that a classifier's network must have, for one picture."""
    outputs: dict[str, tuple[int, ...]] = {SINGLE_OUTPUT: (len(card.outputs),)}
    if isinstance(card.evidence, EvidenceLayer):
        outputs[card.evidence.layer] = (*card.evidence.grid, len(card.outputs))
    return outputs


class Reader:
    """Reads radiographs with one bundle; safe to share between threads.

    Parameters
    ----------
    runtime : RuntimeName
        What runs the network.

    Attributes
    ----------
    card : Card
        Card of the bundle, or the card with a site profile.

    Raises
    ------
    BundleError
        The runtime cannot load the bundle.
    """

    def __init__(self, bundle: Bundle[Card], runtime: RuntimeName = RuntimeName.OPENVINO) -> None:
        self.bundle = bundle
        self.card = bundle.card
        self._runtime = load_runtime(bundle, runtime, classifier_outputs(bundle.card))

    def at_site(self, profile: SiteProfile) -> "Reader":
        """The same model with a site profile.

        Raises
        ------
        BundleError
            The profile is not for this bundle.
        """
        return self._with_card(at_site(self.bundle, profile))

    @property
    def without_site(self) -> "Reader":
        """The same model without a site profile."""
        return self._with_card(self.bundle.card)

    def _with_card(self, card: Card) -> "Reader":
        made = copy.copy(self)
        made.card = card
        return made

    @property
    def smallest_side_px(self) -> int:
        """Smallest side that this model needs; see `hilum.imaging.decode`."""
        return decoded_side_px(self.card.preprocessing)

    @property
    def reads_lung_field(self) -> bool:
        """The model reads the lung field, which screening finds."""
        return self.card.preprocessing.region == "lung_field"

    def read(
        self,
        radiograph: Radiograph,
        field: LungField | None = None,
        points: Points | None = None,
    ) -> Reading:
        """Read one radiograph; see `read_many`."""
        return self.read_many([radiograph], [field], points)[0]

    def read_many(
        self,
        radiographs: Sequence[Radiograph],
        fields: Sequence[LungField | None] | None = None,
        points: Points | None = None,
    ) -> list[Reading]:
        """Read several radiographs in one pass of the network.

        Parameters
        ----------
        fields : sequence of LungField or None, optional
            Of each radiograph, for a model that reads the lung field; where there is none the
            whole picture is read.
        points : mapping of Finding to OperatingPoint, optional
            To decide at; the card's own where none is given.

        Returns
        -------
        list of Reading
            In the same order; times are shares of the whole pass.
        """
        if not radiographs:
            return []
        started = time.perf_counter()
        batch = self.prepare(radiographs, fields)
        preprocess_ms = 1000 * (time.perf_counter() - started) / len(radiographs)
        return [
            replace(reading, preprocess_ms=preprocess_ms)
            for reading in self.read_prepared(batch, points)
        ]

    def prepare(
        self, radiographs: Sequence[Radiograph], fields: Sequence[LungField | None] | None = None
    ) -> NDArray[np.float32]:
        """Make the network's input from radiographs, shape (n, side, side, 1); see `read_many`."""
        how = self.card.preprocessing
        return np.stack(
            [
                preprocess(radiograph, how, field.box if field else WHOLE)
                for radiograph, field in zip(
                    radiographs, fields or [None] * len(radiographs), strict=True
                )
            ]
        )

    def read_prepared(
        self, batch: NDArray[np.float32], points: Points | None = None
    ) -> list[Reading]:
        """Read inputs made by `prepare`, possibly changed.

        Parameters
        ----------
        batch : ndarray of float32, shape (n, side, side, 1)
        points : mapping of Finding to OperatingPoint, optional
            To decide at; the card's own where none is given.
        """
        started = time.perf_counter()
        outputs = self._runtime.infer(batch)
        card = self.card
        probabilities = calibrated(outputs[SINGLE_OUTPUT], card.calibration, card.activation)
        inference_ms = 1000 * (time.perf_counter() - started) / len(batch)
        layer = card.evidence.layer if isinstance(card.evidence, EvidenceLayer) else None
        return [
            self._reading(row, points or {}, outputs[layer][index] if layer else None, inference_ms)
            for index, row in enumerate(probabilities)
        ]

    def _reading(
        self,
        row: NDArray[np.float64],
        points: Points,
        activation_maps: NDArray[np.float32] | None,
        inference_ms: float,
    ) -> Reading:
        card = self.card
        by_finding = {
            finding: min(1.0, float(row[card.columns(finding)].sum())) for finding in card.findings
        }
        return Reading(
            findings=tuple(
                FindingReading(finding, likely, card.is_assessed(finding))
                for finding, likely in by_finding.items()
            ),
            decisions=tuple(
                TaskDecision.of(
                    task,
                    by_finding[task.finding],
                    points.get(task.finding, task.operating_point),
                )
                for task in card.tasks
            ),
            main=card.main,
            model_name=card.name,
            model_version=card.version,
            model_sha256=self.bundle.sha256,
            preprocess_ms=0.0,
            inference_ms=inference_ms,
            activation_maps=activation_maps,
        )
