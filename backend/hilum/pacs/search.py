"""QIDO-RS: search for stored studies, series and instances (PS3.18 10.6)."""

import fnmatch
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from pydicom.datadict import dictionary_VR
from sqlalchemy import select

from hilum.pacs.query import INSTANCE, SERIES, STUDY, Level, Query, listed
from hilum.store.schema import HeldObject
from hilum.store.store import Store

Json = dict[str, Any]

_UID_LEVELS = {
    STUDY: HeldObject.study_instance_uid,
    SERIES: HeldObject.series_instance_uid,
    INSTANCE: HeldObject.sop_instance_uid,
}
_MODALITY, _MODALITIES = "00080060", "00080061"
_RANGED = frozenset({"DA", "TM"})


# PS3.18 tables 10.6.3-3 to 10.6.3-5, as far as they are of the object's own header.
_ATTRIBUTES = {
    Level.STUDIES: (
        "00080020", "00080030", "00080050", "00080090", "00080201", "00100010", "00100020",
        "00100030", "00100040", STUDY, "00200010",
    ),
    Level.SERIES: ("00080060", "0008103E", SERIES, "00200011", "00400244", "00400245"),
    Level.INSTANCES: (
        "00080016", INSTANCE, "00200013", "00280008", "00280010", "00280011", "00280100",
    ),
}  # fmt: skip
_ABOVE = {
    Level.STUDIES: (Level.STUDIES,),
    Level.SERIES: (Level.STUDIES, Level.SERIES),
    Level.INSTANCES: (Level.STUDIES, Level.SERIES, Level.INSTANCES),
}


def search(store: Store, query: Query, base_url: str) -> list[Json]:
    """Search the stored objects.

    Parameters
    ----------
    base_url : str
        Of the DICOMweb service, for Retrieve URLs.

    Returns
    -------
    list of dict
        DICOM JSON model, in the order of their UIDs.
    """
    found = (
        _answer(objects, query, base_url)
        for objects in _grouped(store, query)
        if all(_matches(objects, tag, wanted) for tag, wanted in query.keys.items())
    )
    return list(islice(found, query.offset, query.offset + query.limit))


def _grouped(store: Store, query: Query) -> Iterator[list[HeldObject]]:
    """Objects that belong to one study, series or instance."""
    columns = tuple(_UID_LEVELS.values())[: len(_ABOVE[query.level])]
    statement = select(HeldObject).where(HeldObject.study_instance_uid != "")
    for tag, column in _UID_LEVELS.items():
        if tag in query.keys and tag != INSTANCE:
            statement = statement.where(column.in_(listed(query.keys[tag])))
    with store.database.read() as session:
        rows = session.scalars(statement.order_by(*_UID_LEVELS.values())).yield_per(500)
        names = [column.key for column in columns]
        for _, objects in groupby(rows, key=lambda row: [getattr(row, name) for name in names]):
            yield list(objects)


def _answer(objects: Sequence[HeldObject], query: Query, base_url: str) -> Json:
    first = objects[0]
    wanted = {tag for level in _ABOVE[query.level] for tag in _ATTRIBUTES[level]}
    wanted |= query.included
    answer = {
        tag: element
        for tag, element in first.header.items()
        if tag in wanted or "all" in query.included
    }
    answer |= {tag: {"vr": dictionary_VR(tag)} for tag in wanted - answer.keys() if tag != "all"}
    address = f"{base_url}/studies/{first.study_instance_uid}"
    series = {each.series_instance_uid for each in objects}
    if query.level is Level.STUDIES:
        answer[_MODALITIES] = _element("CS", *_values(objects, _MODALITY))
        answer["00201206"] = _element("IS", len(series))
        answer["00201208"] = _element("IS", len(objects))
    else:
        address += f"/series/{first.series_instance_uid}"
    if query.level is Level.SERIES:
        answer["00201209"] = _element("IS", len(objects))
    if query.level is Level.INSTANCES:
        address += f"/instances/{first.sop_instance_uid}"
    answer["00080056"] = _element("CS", "ONLINE")
    answer["00081190"] = _element("UR", address)
    return dict(sorted(answer.items()))


def _element(representation: str, *values: Any) -> Json:
    return {"vr": representation, "Value": list(values)}


def _values(objects: Sequence[HeldObject], tag: str) -> list[Any]:
    found = [value for each in objects for value in each.header.get(tag, {}).get("Value", ())]
    return sorted(set(found), key=str)


def _matches(objects: Sequence[HeldObject], tag: str, wanted: str) -> bool:
    """Does any of these have a value that matches (PS3.4 C.2.2.2).

    Of codes, such as Modality, a list matches by any of its values, as of UIDs: the standard has
    lists for UIDs alone (PS3.4 C.2.2.2.2), and viewers send ``ModalitiesInStudy=CR,DX``.
    """
    source = _MODALITY if tag == _MODALITIES else tag
    values = [
        each
        for held in objects
        for each in held.header.get(source, {}).get("Value", ())
        if each is not None
    ]
    return any(_match(dictionary_VR(source), value, wanted) for value in values)


def _match(representation: str, value: Any, wanted: str) -> bool:
    if representation == "UI":
        return str(value) in listed(wanted)
    if representation == "CS":
        return any(_wild(str(value), each) for each in listed(wanted))
    if representation == "PN":
        return _wild(str(value.get("Alphabetic", "")).lower(), wanted.lower())
    if representation in _RANGED and "-" in wanted:
        start, _, end = wanted.partition("-")
        # What is less exact, such as an hour, is all that it may be.
        return start <= str(value) and (not end or str(value)[: len(end)] <= end)
    return _wild(str(value), wanted)


def _wild(value: str, wanted: str) -> bool:
    """Wild card matching: ``*`` and ``?``, and nothing else (PS3.4 C.2.2.2.4)."""
    return fnmatch.fnmatchcase(value, wanted.replace("[", "[[]"))
