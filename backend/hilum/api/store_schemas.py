"""What the API answers of what arrived and of what is sent; nothing names a patient."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from hilum.findings import Finding
from hilum.models import Decision
from hilum.models.verdict import VerdictCode
from hilum.store.schema import Arrival, Delivery, DeliveryState, HeldDecision, Origin, State


class HeldDecisionAnswer(BaseModel):
    """What one model decided on one finding."""

    model: str
    model_version: str
    model_sha256: str
    finding: Finding | None = Field(description="Null for readings of earlier versions.")
    decision: Decision
    verdict: VerdictCode | None = Field(
        description="What people are told; null for readings of earlier versions."
    )
    probability: float = Field(ge=0, le=1, description="Of the finding, calibrated.")
    operating_point: float | None = Field(description="Null for readings of earlier versions.")

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
    """A form of a reading that could not be made."""

    form: str = Field(examples=["seg"])
    reason: str


class ArrivalAnswer(BaseModel):
    """An object that arrived."""

    id: int
    received: datetime
    origin: Origin
    state: State = Field(
        description="`arrived`: to be read, or being read. `read`. `failed`: reading it failed, "
        "and its bytes are kept. `refused`: no radiograph that the models can be trusted on, and "
        "its bytes are kept unless the deployment says otherwise. `ignored`: not read by rule, "
        "and not kept."
    )
    reason: str | None = Field(description="Why it is in this state, or why it still waits.")
    attempts: int
    size_bytes: int | None = Field(
        description="Of its bytes; null where they are not kept, or not any more."
    )
    sop_instance_uid: str = Field(description="Made from its hash where the file was no DICOM.")
    study_instance_uid: str | None = Field(description="Null where the file was no DICOM.")
    readings: list[str] = Field(description="Identifiers; see `/readings`.")

    @classmethod
    def of(cls, arrival: Arrival) -> Self:
        """Describe an arrival."""
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
    """A page of what arrived, the latest first."""

    arrivals: list[ArrivalAnswer]
    total: int = Field(description="In these states, on all pages.")


class DeliveryAnswer(BaseModel):
    """A result that goes to a peer."""

    id: int
    reading: str = Field(description="Its identifier; see `/readings`.")
    format: str = Field(examples=["sr"])
    peer: str = Field(examples=["PACS@10.0.0.1:104"])
    state: DeliveryState = Field(
        description="`waiting`, `sent`, or `given_up`: not tried any more, and its bytes are kept."
    )
    attempts: int
    created: datetime = Field(description="When it was put out to be sent.")
    next_try: datetime | None = Field(description="Null where it does not wait.")
    reason: str | None = Field(description="Why it was not delivered.")
    size_bytes: int | None = Field(
        description="Of its bytes; null where they are not kept, or not any more."
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
    total: int = Field(description="In these states, on all pages.")
