"""What is fuzzed: each parser of what others send."""

from functools import partial

from tests.fuzz import corpus, grammars, parsers
from tests.fuzz.target import Target

_PICTURES = {
    "jpeg": corpus.jpegs,
    "png": corpus.pngs,
    "tiff": corpus.tiffs,
    **{
        kind: partial(corpus.other_pictures, kind)
        for kind in ("webp", "bmp", "heif", "avif", "jpeg2000", "jpegxl")
    },
}
_ALL = [
    *(Target(name, make, parsers.picture) for name, make in _PICTURES.items()),
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
TARGETS = {target.name: target for target in _ALL}
