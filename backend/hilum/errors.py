"""Errors of Hilum: one class for each error that a caller can act on.

::

    HilumError
    ├── ImageError                 the bytes given are not a usable radiograph
    │   ├── UnsupportedFormatError     not a picture format we read
    │   ├── CorruptImageError          the right format, but truncated or damaged
    │   ├── ImageTooLargeError         more bytes, pixels, time or memory than the limits allow
    │   ├── UnreadableRadiographError  a sound picture that cannot be a radiograph
    │   └── DecodingFailedError        the process that decoded it ended
    ├── WorkersUnavailableError    no process can be started to decode in
    ├── DecodingStalledError       the process that decoded it gave no answer in time
    ├── BundleError                a model bundle is missing, damaged or mismatched
    ├── UnknownModelError          no bundle of that name
    ├── ModelChoiceError           names of models that do not go together
    ├── VerificationError          a card's expected values cannot be compared with
    ├── OperatingPointError        an operating point that no model can be read at
    ├── LanguageError              a language that there is no catalogue of
    ├── TextSearchError            text in pixels cannot be looked for on this machine
    ├── TextMaskError              text in pixels cannot be masked, or not so that a film is left
    ├── UnsuitableRadiographError  a picture that is no frontal chest radiograph, or lies wrongly
    └── DatasetError               training or evaluation data is absent or unusable
        └── DataSourceError            a public data set could not be fetched

Messages are shown to people: they say what was wrong and what to do, and never hold a
patient's attributes, a path on the server, or a library's own words.
"""

from collections.abc import Sequence


class HilumError(Exception):
    """Base of every error that Hilum raises on purpose."""


class ImageError(HilumError):
    """The bytes given are not a usable radiograph."""


class UnsupportedFormatError(ImageError):
    """The bytes are not in a picture format that Hilum reads."""


class CorruptImageError(ImageError):
    """The bytes begin as a known format but are truncated or damaged."""


class ImageTooLargeError(ImageError):
    """The picture takes more bytes, pixels, processor time or memory than the limits allow."""


class UnreadableRadiographError(ImageError):
    """A sound picture that cannot be a radiograph: too small, one colour, a strip."""


class DecodingFailedError(ImageError):
    """The process that decoded the file ended: a fault of the decoder that the file brought up."""


class WorkersUnavailableError(HilumError):
    """No process can be started to decode in; the file is not at fault."""


class DecodingStalledError(HilumError):
    """The process that decoded the file waited, or shared its processor with too many."""


class BundleError(HilumError):
    """A model bundle is missing, damaged, or does not match its card."""


class UnknownModelError(HilumError):
    """There is no model of the requested name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        listed = ", ".join(known) if known else "none"
        # Not by the name that was asked for: whoever mistypes may have pasted something else.
        super().__init__(f"There is no model of this name. Known models: {listed}.")


class ModelChoiceError(HilumError):
    """The requested models do not go together: one is repeated, or `auto` is among others."""


class VerificationError(HilumError):
    """A model's answers cannot be compared with the expected ones of its card."""


class OperatingPointError(HilumError):
    """The requested operating point is invalid or cannot be found."""


class LanguageError(HilumError):
    """There is no catalogue of the requested language."""


class TextSearchError(HilumError):
    """The search for text in pixels is not available on this machine."""


class TextMaskError(HilumError):
    """Text in the pixels cannot be masked, or not so that a film is left."""


class UnsuitableRadiographError(HilumError):
    """A picture that the models cannot be trusted on.

    Parameters
    ----------
    reasons : sequence of (str, str)
        Code and words of each.
    """

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(words for _, words in self.reasons))


class DatasetError(HilumError):
    """Training or evaluation data is absent or unusable."""


class DataSourceError(DatasetError):
    """A public data set could not be fetched or verified."""
