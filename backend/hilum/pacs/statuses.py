"""Network status codes of refusals."""

from typing import Final

from hilum.store.errors import RefusalCode

SUCCESS: Final = 0x0000
PROCESSING_FAILURE: Final = 0x0110

STATUSES: Final = {
    # PS3.4 table B.2-1; 0x0111 and 0x0122 are PS3.7's own (annex C).
    RefusalCode.OUT_OF_RESOURCES: 0xA700,
    RefusalCode.AT_WORK: 0xA700,
    RefusalCode.DOES_NOT_MATCH: 0xA900,
    RefusalCode.CANNOT_UNDERSTAND: 0xC000,
    RefusalCode.DUPLICATE: 0x0111,
    RefusalCode.CLASS_NOT_SUPPORTED: 0x0122,
    # Of DICOMweb's Failure Reason (PS3.18 I.2.2); in an association such a context is rejected.
    RefusalCode.SYNTAX_NOT_SUPPORTED: 0xC122,
}
"""C-STORE status (0000,0900), and Failure Reason (0008,1197) of a STOW-RS answer."""

_LONGEST_COMMENT = 64


def comment(words: str) -> str:
    """Fit words into Error Comment (0000,0902), of 64 characters at most."""
    return words[:_LONGEST_COMMENT].encode("ascii", "replace").decode("ascii")
