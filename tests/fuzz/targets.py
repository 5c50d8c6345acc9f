"""What is fuzzed: each parser of what others send, and what may come out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from tests.fuzz import corpus, grammars, parsers
from tests.fuzz.corpus import Seed


@dataclass(frozen=True, slots=True)
class Target:
    """One parser.

    Attributes
    ----------
    name : str
    make_seeds : callable
        Makes the inputs that mutation starts from.
    check : callable
        Takes an input; True where it was accepted, False where it was refused with a documented
        error. Whatever it raises is a finding.
    tokens : sequence of bytes
        Words of a grammar, to be put in.
    """

    name: str
    make_seeds: Callable[[], Sequence[Seed]]
    check: Callable[[bytes], bool]
    tokens: Sequence[bytes] = ()


def _pictures() -> dict[str, Callable[[], Sequence[Seed]]]:
    others = cache(corpus.other_pictures)
    kinds = ("webp", "bmp", "heif", "avif", "jpeg2000", "jpegxl")
    made: dict[str, Callable[[], Sequence[Seed]]] = {
        "jpeg": corpus.jpegs,
        "png": corpus.pngs,
        "tiff": corpus.tiffs,
    }
    return made | {kind: lambda kind=kind: others()[kind] for kind in kinds}


def _targets() -> list[Target]:
    return [
        *(Target(name, make, parsers.picture) for name, make in _pictures().items()),
        Target("dicom", corpus.films, parsers.picture),
        Target("deidentify", corpus.films, parsers.deidentified),
        Target("dicom json", corpus.headers, parsers.described),
        Target("results", corpus.headers, parsers.carried_on),
        Target("signature", corpus.starts, parsers.identified),
        Target("jpeg header", corpus.jpegs, parsers.jpeg_header),
        Target("codestream", corpus.frames, parsers.codestream),
        Target("tiff header", corpus.tiffs, parsers.tiff_header),
        Target("form", grammars.forms, grammars.form, grammars.FORM_TOKENS),
        Target("stow", grammars.stow_bodies, grammars.stow, grammars.FORM_TOKENS),
        Target("accept", grammars.accepts, grammars.accept, grammars.ACCEPT_TOKENS),
        Target("origin", grammars.origins, grammars.origin, grammars.ORIGIN_TOKENS),
        Target("query", grammars.queries, grammars.query, grammars.QUERY_TOKENS),
        Target("operating point", grammars.points, grammars.point, grammars.POINT_TOKENS),
    ]


TARGETS = {target.name: target for target in _targets()}
