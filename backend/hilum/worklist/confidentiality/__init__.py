"""De-identification by the profile of PS3.15 annex E."""

from hilum.worklist.confidentiality.deidentify import Deidentified, deidentify
from hilum.worklist.confidentiality.profile import Profile

__all__ = ["Deidentified", "Profile", "deidentify"]
