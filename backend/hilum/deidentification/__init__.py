"""De-identification by the profile of PS3.15 annex E."""

from hilum.deidentification.deidentify import Deidentified, deidentify
from hilum.deidentification.profile import Profile

__all__ = ["Deidentified", "Profile", "deidentify"]
