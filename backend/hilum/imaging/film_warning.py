"""Warnings about a film and its file, as codes; the texts are in the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hilum.words.catalogue import Catalogue


class FilmWarningCode(StrEnum):
    """One thing that should be known of a film; its words are ``film.<code>``."""

    SMALL = "small"
    SEVERAL_PICTURES = "several_pictures"
    FEWER_BITS = "fewer_bits"
    FEWER_BITS_AND_MARKER = "fewer_bits_and_marker"
    OUTLIERS = "outliers"
    WINDOW_PASSED_OVER = "window_passed_over"
    WINDOWS_PASSED_OVER = "windows_passed_over"
    WINDOW_UNFIT = "window_unfit"
    WINDOWS_UNFIT = "windows_unfit"
    MODALITY_LUT_LEFT_OUT = "modality_lut_left_out"
    PALETTE_CUT = "palette_cut"
    EXCESS_PIXELS = "excess_pixels"
    PIXELS_DOUBTFUL = "pixels_doubtful"
    AGE_LEFT_OUT = "age_left_out"
    AGE_CONTRADICTED = "age_contradicted"
    VIEW_CONTRADICTED = "view_contradicted"
    POLARITY_CONTRADICTED = "polarity_contradicted"
    LATERAL = "lateral"
    OBLIQUE = "oblique"
    ORIENTATION_LATERAL = "orientation_lateral"
    SHOWN_BY_HEADER = "shown_by_header"
    BURNED_IN = "burned_in"
    SECONDARY_CAPTURE = "secondary_capture"
    FOR_PROCESSING = "for_processing"
    TURNED = "turned"
    TURNED_CLOCKWISE = "turned_clockwise"
    INVERTED = "inverted"


@dataclass(frozen=True, slots=True)
class Window:
    """A window or VOI LUT of a header.

    Attributes
    ----------
    number : int or None
        Which of several; None where it is the only one.
    """

    is_lut: bool
    number: int | None = None

    def words(self, words: Catalogue) -> str:
        """Name it."""
        name = words.say("film.lut" if self.is_lut else "film.window")
        return name if self.number is None else f"{name} {self.number}"


@dataclass(frozen=True, slots=True)
class FilmWarning:
    """One thing that should be known of a film.

    Attributes
    ----------
    count : int or None
        Pixels, bits or degrees, where the code is of such.
    passed, used : tuple of Window, Window or None
        What does not fit the picture's values, and what is shown in its place.
    """

    code: FilmWarningCode
    count: int | None = None
    passed: tuple[Window, ...] = ()
    used: Window | None = None

    def words(self, words: Catalogue) -> str:
        """Say it; no value of a header is quoted."""
        return words.say(
            f"film.{self.code}",
            count=self.count,
            passed=words.listed([each.words(words) for each in self.passed]),
            used=self.used.words(words) if self.used else "",
        )


def film_words(warnings: Iterable[FilmWarning], words: Catalogue) -> list[str]:
    """Say warnings in their order."""
    return [each.words(words) for each in warnings]


def window_warning(passed: tuple[Window, ...], used: Window | None) -> tuple[FilmWarning, ...]:
    """Warn of windows that do not fit an image's values; none if all fit."""
    if not passed:
        return ()
    several = len(passed) > 1
    if used is None:
        code = FilmWarningCode.WINDOWS_UNFIT if several else FilmWarningCode.WINDOW_UNFIT
    else:
        code = (
            FilmWarningCode.WINDOWS_PASSED_OVER if several else FilmWarningCode.WINDOW_PASSED_OVER
        )
    return (FilmWarning(code, passed=passed, used=used),)


def turned_warning(degrees: int) -> FilmWarning:
    """Say that a picture was turned clockwise by so much before reading."""
    return FilmWarning(
        FilmWarningCode.TURNED if degrees == 180 else FilmWarningCode.TURNED_CLOCKWISE, degrees
    )
