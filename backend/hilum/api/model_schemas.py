"""API schemas of models."""

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from hilum.findings import Finding
from hilum.models import Card, Reader
from hilum.models.evidence import Reason as NoEvidence
from hilum.models.loading import Unavailable
from hilum.reporting.evidence_words import no_evidence_words
from hilum.words.catalogue import load_catalogue


class SiteAnswer(BaseModel):
    """Site of the profile that a model uses; see `hilum calibrate`."""

    name: str
    films: int = Field(description="Number of radiographs that the profile was fitted to.")
    date: dt.date = Field(description="Date of the profile.")

    @classmethod
    def of(cls, card: Card) -> Self | None:
        """The site of a model's card."""
        if card.site is None:
            return None
        return cls(name=card.site.name, films=card.site.images, date=card.site.created)


class ModelAnswer(BaseModel):
    """Model that read the radiograph."""

    name: str
    version: str = Field(
        description="Version of the model. With a site profile it ends with `+`, the name of the "
        "site and the first digits of the profile's SHA-256."
    )
    sha256: str
    intended_population: str
    site: SiteAnswer | None = Field(
        description="Site profile with the calibration, operating points and prediction sets that "
        "the model uses, or null if it uses its own."
    )


class ModelSummary(BaseModel):
    """A model of this service, or the reason why it cannot be used."""

    name: str
    address: str = Field(
        description="Value of the query parameter `model` that selects this model: its name, or "
        "`name@version` if the service has several versions of it."
    )
    ready: bool
    reason: str | None = None
    title: str | None = None
    version: str | None = None
    sha256: str | None = None
    intended_population: str | None = None
    site: SiteAnswer | None = Field(
        default=None, description="Site profile that the model uses, or null if it uses none."
    )
    findings: list[Finding] = []
    decides_on: list[Finding] = Field(
        default=[], description="Findings that the model decides on, the main one first."
    )
    shows_evidence: bool = Field(
        default=False, description="True if the model can show the evidence for a reading."
    )
    evidence_message: str | None = Field(
        default=None, description="Why the model cannot show evidence, or null if it can."
    )

    @classmethod
    def of(cls, address: str, entry: Reader | Unavailable) -> Self:
        """Summarise an entry of the registry."""
        if isinstance(entry, Unavailable):
            return cls(name=entry.name, address=address, ready=False, reason=entry.reason)
        card = entry.card
        return cls(
            name=card.name,
            address=address,
            ready=True,
            title=card.title,
            version=card.version,
            sha256=entry.bundle.sha256,
            intended_population=card.intended_population,
            site=SiteAnswer.of(card),
            findings=list(card.findings),
            decides_on=[task.finding for task in card.tasks_in_order],
            shows_evidence=card.shows_evidence,
            evidence_message=None
            if card.shows_evidence
            else no_evidence_words(NoEvidence.NO_EVIDENCE_LAYER, load_catalogue()),
        )


class ModelList(BaseModel):
    """All models of this service."""

    automatic: bool = Field(
        description="True if the models are selected by the patient's age when a request names "
        "none, as with `model=auto`."
    )
    default: str = Field(
        description="`address` of the model used if a request names none; if `automatic`, the "
        "first of those that are selected from."
    )
    models: list[ModelSummary]
