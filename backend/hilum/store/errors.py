"""Why something that arrived is not taken, and what the network's standards call that."""

from enum import StrEnum

from hilum.errors import HilumError


class RefusalCode(StrEnum):
    """Why an object is not taken."""

    CANNOT_UNDERSTAND = "cannot_understand"
    """It cannot be parsed, or its header claims what cannot be."""
    DOES_NOT_MATCH = "does_not_match"
    """It is not of the class, or not the instance, that it was announced as, or lacks what every
    object of its class has."""
    CLASS_NOT_SUPPORTED = "class_not_supported"
    """No radiograph, and this deployment refuses what it does not read."""
    SYNTAX_NOT_SUPPORTED = "syntax_not_supported"
    DUPLICATE = "duplicate"
    """The same SOP Instance UID was taken with other bytes."""
    OUT_OF_RESOURCES = "out_of_resources"
    """It is too large, or there is no room to keep it."""


class RefusedError(HilumError):
    """An object that is not taken.

    Parameters
    ----------
    code : RefusalCode
    words : str
        Without a value of the object.
    """

    def __init__(self, code: RefusalCode, words: str) -> None:
        self.code = code
        super().__init__(words)


class UnknownReadingError(HilumError):
    """There is no reading of this identifier."""

    def __init__(self) -> None:
        super().__init__("There is no such reading here. It may have been deleted.")


class DatabaseError(HilumError):
    """The database is not one that this version can use, or cannot be reached.

    Its words say what was found and what to do; the database is as it was.
    """
