"""A site profile: calibration, operating points and prediction sets fitted to one site's films."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from hilum.errors import BundleError
from hilum.findings import Finding
from hilum.models.bundle import Bundle
from hilum.models.card import Calibration, Card
from hilum.models.measured import CardPart, Curves, Interval, SplitMetrics
from hilum.models.site import SITE
from hilum.models.task import Conformal, OperatingPoint

SITE_NAME = r"^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$"
_SCHEMA_VERSION: Final = 1


class SiteTask(CardPart):
    """Operating point and prediction sets of a task at the site, and its figures there.

    Attributes
    ----------
    before, metrics : SplitMetrics
        Figures on the site's radiographs with the bundle's own values, and with the site's:
        the latter cross-validated.
    changes : mapping of str to Interval
        The latter minus the former, paired.
    curves : Curves
        Of the cross-validated probabilities.
    """

    operating_point: OperatingPoint
    conformal: Conformal
    before: SplitMetrics
    metrics: SplitMetrics
    changes: dict[str, Interval]
    curves: Curves


class SiteProfile(CardPart):
    """A site profile; see ``hilum calibrate``.

    Attributes
    ----------
    site : str
        Name of the site in answers: lower-case letters, digits and hyphens.
    model, version, sha256 : str
        Of the bundle that it is for.
    images, patients : int
        That it was fitted to.
    tasks : mapping of Finding to SiteTask
        Tasks that it lacks keep the bundle's values.
    """

    kind: Literal["site_profile"] = "site_profile"
    schema_version: Literal[1] = _SCHEMA_VERSION
    site: str = Field(pattern=SITE_NAME)
    created: date
    model: str
    version: str
    sha256: str
    images: int
    patients: int
    calibration: Calibration
    tasks: dict[Finding, SiteTask] = Field(min_length=1)

    @property
    def content_sha256(self) -> str:
        """SHA-256 of its content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def fits(self, bundle: Bundle[Card]) -> bool:
        """Whether it was fitted to predictions of this bundle."""
        # The same weights may have been calibrated anew.
        return (self.sha256, self.version) == (bundle.sha256, bundle.card.version)

    @property
    def mark(self) -> str:
        """Mark in the model's version in answers, reports and the database."""
        return f"{self.site}.{self.content_sha256[:8]}"


def load_site_profile(path: Path) -> SiteProfile:
    """Read a site profile.

    Raises
    ------
    BundleError
        The file is missing, or is no site profile.
    """
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise BundleError(f"The site profile {path.name} cannot be read: {exc.strerror}.") from exc
    try:
        return SiteProfile.model_validate_json(content)
    except ValidationError as exc:
        first = exc.errors()[0]
        if first["loc"] == ("schema_version",):
            raise BundleError(
                f"The site profile {path.name} is of another schema than {_SCHEMA_VERSION}, which "
                "this version of Hilum reads. Use the version of Hilum that made it, or make it "
                "again with hilum calibrate."
            ) from exc
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BundleError(
            f"{path.name} is not a site profile ({where}: {first['msg']}). Create it again with "
            "hilum calibrate."
        ) from exc


def at_site(bundle: Bundle[Card], profile: SiteProfile) -> Card:
    """The card of a bundle with a site's calibration and decisions in place of its own.

    Raises
    ------
    BundleError
        The profile is for another bundle, or for outputs or tasks that this one does not have.
    """
    card = bundle.card
    if not profile.fits(bundle):
        raise BundleError(
            f"The site profile of {profile.site!r} is for model {profile.model!r}, version "
            f"{profile.version}, and not for the bundle of {card.name!r}, version {card.version}. "
            "Create it again with hilum calibrate."
        )
    tasks = tuple(
        task.model_copy(
            update={
                "operating_point": site.operating_point,
                "conformal": site.conformal,
                "calibrated": True,
                "metrics": task.metrics | {SITE: site.metrics},
                "curves": {SITE: site.curves},
                # Of the bundle's own calibration.
                "across_acquisitions": {},
            }
        )
        if (site := profile.tasks.get(task.finding))
        else task
        for task in card.tasks
    )
    changed = card.model_dump() | {
        "version": f"{card.version}+{profile.mark}",
        "site": {
            "name": profile.site,
            "created": profile.created,
            "images": profile.images,
            "patients": profile.patients,
        },
        "calibration": profile.calibration.model_dump(),
        "tasks": [task.model_dump() for task in tasks],
    }
    try:
        return Card.model_validate(changed)
    except ValidationError as exc:
        raise BundleError(
            f"The site profile of {profile.site!r} does not fit model {card.name!r}: "
            f"{exc.errors()[0]['msg']}."
        ) from exc
