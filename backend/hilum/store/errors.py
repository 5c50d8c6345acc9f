"""Reasons for not accepting an object, and their names in network standards."""

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
    """The same SOP Instance UID was taken with other bytes, which have results or are kept."""
    OUT_OF_RESOURCES = "out_of_resources"
    """It is too large, there is no room to keep it, or the store is in trouble."""
    AT_WORK = "at_work"
    """It is being read."""


class RefusedError(HilumError):
    """An object that is not taken.

    Parameters
    ----------
    words : str
        Without a value of the object.
    names : tuple of str
        SOP class and instance, as far as they could be read: for the answer, not for the log.
    fault : str or None
        What is wrong with the environment, in a clause, where that is known.
    """

    def __init__(
        self,
        code: RefusalCode,
        words: str,
        names: tuple[str, str] = ("", ""),
        *,
        fault: str | None = None,
    ) -> None:
        self.code = code
        self.names = names
        self.fault = fault
        super().__init__(words)


class UnknownReadingError(HilumError):
    """There is no reading of this identifier."""

    def __init__(self) -> None:
        super().__init__("There is no such reading here. It may have been deleted.")


class UnknownArrivalError(HilumError):
    """There is no arrival of this identifier."""

    def __init__(self) -> None:
        super().__init__("There is no such arrival here. It may have been discarded.")


class UnknownDeliveryError(HilumError):
    """There is no delivery of this identifier."""

    def __init__(self) -> None:
        super().__init__("There is no such delivery here. It may have been discarded.")


class StateError(HilumError):
    """An arrival or a delivery is not in a state in which this can be done."""


class FolderError(HilumError):
    """A folder of the store cannot be used.

    Parameters
    ----------
    reason : str
        The system's word for it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The folder of the store cannot be used: {reason}. Set HILUM_STORE to a folder that "
            "this user may write to."
        )


class DatabaseError(HilumError):
    """The database is not one that this version can use, or cannot be reached.

    Its words say what was found and what to do; the database is as it was.
    """
