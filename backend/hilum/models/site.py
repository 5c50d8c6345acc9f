"""The site that a model was calibrated for."""

from datetime import date

from hilum.models.measured import CardPart

SITE = "site"
"""Split of the radiographs that a site profile was fitted to; see `hilum.models.site_profile`."""


class Site(CardPart):
    """The site whose profile replaces a bundle's calibration and decisions.

    Attributes
    ----------
    name : str
    created : date
        Of the profile.
    images, patients : int
        That the profile was fitted to.
    """

    name: str
    created: date
    images: int
    patients: int
