"""Storage classes and transfer syntaxes accepted in an association."""

from pynetdicom import build_context
from pynetdicom.presentation import AllStoragePresentationContexts, PresentationContext
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from hilum.store.incoming import READ_CLASSES

_FOLDER = "1.2.840.10008.1.2"
SYNTAXES = [
    f"{_FOLDER}{ending}"
    for ending in (
        *(".1", "", ".1.99", ".2", ".5"),
        *(f".4.{n}" for n in (50, 51, 53, 55, 57, 70, 80, 81, 90, 91, 201, 202, 203)),
    )
]
"""All that `hilum.imaging` decodes: what it does not is refused at negotiation (PS3.8 7.1.1)."""


def supported_contexts(*, refuses_unread: bool) -> list[PresentationContext]:
    """Make the presentation contexts that are accepted.

    Parameters
    ----------
    refuses_unread : bool
        Accept only the classes that are read. Otherwise all storage classes are accepted, so that
        a study that contains a report can be sent completely.
    """
    contexts = [build_context(Verification)]
    contexts += [build_context(uid, SYNTAXES) for uid in READ_CLASSES]
    if not refuses_unread:
        contexts += [
            build_context(each.abstract_syntax, SYNTAXES)
            for each in AllStoragePresentationContexts
            if each.abstract_syntax and each.abstract_syntax not in READ_CLASSES
        ]
    return contexts
