"""Where results of a film have the name of a person: in which elements, fields and lines."""

import base64
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pydicom
from pydicom import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pypdf import PdfReader

from hilum.reporting.forms import DICOM_FORMATS, Format
from tests.deidentification.named_everywhere import is_named

PATIENT_MODULE = frozenset(
    {
        *("PatientName", "PatientID", "IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence"),
        *("OtherPatientNames", "OtherPatientIDsSequence"),
        *("DeidentificationMethod", "DeidentificationMethodCodeSequence"),
    }
)
"""Elements of PS3.3 C.7.1.1 with free text, which results have as the film has them."""
ACCESSION = frozenset({"AccessionNumber", "IssuerOfAccessionNumberSequence"})
"""An identifier: passed on unchanged too."""
IN_FHIR = frozenset({"subject.identifier.value", "subject.identifier.assigner.display"})
"""Patient ID and its issuer."""
IDENTITY_LINE = "identity line"
"""Patient's name, ID and birth date on the page of an encapsulated PDF."""
ALLOWED = PATIENT_MODULE | ACCESSION | IN_FHIR | {IDENTITY_LINE}

_IDENTITY_LINE = re.compile(r".* · ID .* · born .* · study of .*")


def where_named(content: bytes, form: Format, name: str) -> set[str]:
    """Keywords of elements, paths of fields and lines of the page that have the name."""
    if form in DICOM_FORMATS:
        return set(_elements(content, name))
    if form is Format.PDF:
        return set(_lines(content, name))
    return set(_fields(json.loads(content), name))


def _elements(content: bytes, name: str) -> Iterator[str]:
    dataset = pydicom.dcmread(io.BytesIO(content))
    for element in (*dataset.file_meta, *dataset):
        if element.keyword == "EncapsulatedDocument":
            yield from _lines(element.value, name)
            continue
        alone, buffer = Dataset(), DicomBytesIO()
        alone.add(element)
        buffer.is_implicit_VR, buffer.is_little_endian = False, True
        write_dataset(buffer, alone, "utf-8")
        if is_named(buffer.getvalue(), name):
            yield element.keyword


def _lines(content: bytes, name: str) -> Iterator[str]:
    read = PdfReader(io.BytesIO(content))
    if is_named(repr(read.metadata).encode(), name):
        yield "metadata"
    for line in "\n".join(page.extract_text() for page in read.pages).splitlines():
        if is_named(line.encode(), name):
            yield IDENTITY_LINE if _IDENTITY_LINE.fullmatch(line) else line


def _fields(value: Any, name: str, path: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            # A resource's own paths.
            yield from _fields(each, name, () if key == "resource" else (*path, key))
            if is_named(key.encode(), name):
                yield ".".join((*path, key))
    elif isinstance(value, list):
        for each in value:
            yield from _fields(each, name, path)
    elif path[-1:] == ("data",):
        yield from _lines(base64.b64decode(value), name)
    elif is_named(str(value).encode(), name):
        yield ".".join(path)
