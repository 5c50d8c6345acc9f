"""Schemas of received objects and deliveries. No field identifies a patient."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from hilum.findings import Finding
from hilum.models import Decision
from hilum.models.verdict import VerdictCode
from hilum.store.schema import Arrival, Delivery, DeliveryState, HeldDecision, Origin, State


class HeldDecisionAnswer(BaseModel):
    """Decision of one model on one finding."""

    model: str
    model_version: str
    model_sha256: str
    finding: Finding | None = Field(
        description="Finding, or null if an earlier version of Hilum made the reading."
    )
    decision: Decision
    verdict: VerdictCode | None = Field(
        description="Verdict shown to users, or null if an earlier version of Hilum made the "
        "reading."
    )
    probability: float = Field(ge=0, le=1, description="Calibrated probability of the finding.")
    operating_point: float | None = Field(
        description="Probability at or above which the finding is called present, or null if an "
        "earlier version of Hilum made the reading."
    )

    @classmethod
    def of(cls, held: HeldDecision) -> Self:
        """Describe a decision."""
        return cls(
            model=held.model_name,
            model_version=held.model_version,
            model_sha256=held.model_sha256,
            finding=Finding(held.finding) if held.finding else None,
            decision=Decision(held.decision),
            verdict=VerdictCode(held.verdict) if held.verdict else None,
            probability=round(held.probability, 6),
            operating_point=held.threshold,
        )


class MissingFormAnswer(BaseModel):
    """A format of a reading that could not be produced."""

    form: str = Field(examples=["seg"])
    reason: str


class ArrivalAnswer(BaseModel):
    """A received object."""

    id: int
    received: datetime
    origin: Origin
    state: State = Field(
        description="`arrived`: waiting to be read, or being read. `read`: it has a reading. "
        "`failed`: reading failed, and the file is kept. `refused`: the image is not suitable, and "
        "the file is kept unless the deployment disables it. `ignored`: a rule excludes it from "
        "reading, and the file is not kept."
    )
    reason: str | None = Field(
        description="Why the object is in this state or still waits, or null if nothing is known."
    )
    attempts: int
    size_bytes: int | None = Field(
        description="Size of the stored file in bytes, or null if the file is not kept."
    )
    sop_instance_uid: str = Field(
        description="SOP Instance UID; derived from the hash of the file if it is not a DICOM file."
    )
    study_instance_uid: str | None = Field(
        description="Study Instance UID, or null if the file is not a DICOM file."
    )
    readings: list[str] = Field(
        description="Identifiers of the readings of this object; see `/readings`."
    )

    @classmethod
    def of(cls, arrival: Arrival) -> Self:
        """Describe a received object."""
        return cls(
            id=arrival.id,
            received=arrival.received,
            origin=Origin(arrival.origin),
            state=arrival.state,
            reason=arrival.reason,
            attempts=arrival.attempts,
            size_bytes=arrival.size_bytes,
            sop_instance_uid=arrival.sop_instance_uid,
            study_instance_uid=arrival.study_instance_uid or None,
            readings=[each.id for each in arrival.readings],
        )


class ArrivalList(BaseModel):
    """A page of received objects, the latest first."""

    arrivals: list[ArrivalAnswer]
    total: int = Field(description="Number of objects in the selected states, on all pages.")


class DeliveryAnswer(BaseModel):
    """A result to be sent to a peer, such as a PACS."""

    id: int
    reading: str = Field(description="Identifier of the reading; see `/readings`.")
    format: str = Field(examples=["sr"])
    peer: str = Field(examples=["PACS@10.0.0.1:104"])
    state: DeliveryState = Field(
        description="`waiting`: to be sent. `sent`: delivered. `given_up`: there are no further "
        "attempts, and the file is kept."
    )
    attempts: int
    created: datetime = Field(description="Time when the result was put into the outbox.")
    next_try: datetime | None = Field(
        description="Time of the next attempt, or null if the delivery is not waiting."
    )
    reason: str | None = Field(
        description="Why the result has not been delivered, or null if there was no error."
    )
    size_bytes: int | None = Field(
        description="Size of the stored file in bytes, or null if the file is not kept."
    )

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """Describe a delivery."""
        return cls(
            id=delivery.id,
            reading=delivery.reading_id,
            format=delivery.kind,
            peer=delivery.peer,
            state=delivery.state,
            attempts=delivery.attempts,
            created=delivery.created,
            next_try=delivery.next_try if delivery.state is DeliveryState.WAITING else None,
            reason=delivery.reason,
            size_bytes=delivery.size_bytes,
        )


class DeliveryList(BaseModel):
    """A page of deliveries, the latest first."""

    deliveries: list[DeliveryAnswer]
    total: int = Field(description="Number of deliveries in the selected states, on all pages.")
