"""Headers that break DICOM's rules, as devices, converters and people write them.

Each spoils a data set in place, whose picture stays readable. Values are written as raw bytes,
so that no library corrects or refuses them on the way into the file.
"""

import struct
from collections.abc import Callable

from pydicom import Dataset
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

Spoil = Callable[[Dataset], None]

PATIENT = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientBirthTime",
    "PatientSex", "PatientAge", "OtherPatientNames",
)  # fmt: skip
"""Patient and Patient Study modules, as far as the films of the tests have them."""


def _raw(tag: BaseTag, representation: str, content: bytes) -> RawDataElement:
    padding = b"\0" if representation in {"UI", "UN", "OB"} else b" "
    content += padding * (len(content) % 2)
    return RawDataElement(tag, representation, len(content), content, 0, False, True)


def put(dataset: Dataset, keyword: str, content: bytes, representation: str | None = None) -> None:
    """Set an element to bytes, in the dictionary's representation or in another."""
    tag = Tag(tag_for_keyword(keyword) or keyword)
    dataset[tag] = _raw(tag, representation or dictionary_VR(tag), content)
    # Raw elements are written as they are where the data set was of the same encoding before.
    dataset.set_original_encoding(False, True, dataset._character_set)


def _values(representation: str | None = None, **contents: bytes) -> Spoil:
    def spoil(dataset: Dataset) -> None:
        for keyword, content in contents.items():
            put(dataset, keyword, content, representation)

    return spoil


def _without(*keywords: str) -> Spoil:
    def spoil(dataset: Dataset) -> None:
        for keyword in keywords:
            if keyword in dataset:
                del dataset[keyword]

    return spoil


def _items(keyword: str, *items: dict[str, bytes]) -> Spoil:
    def spoil(dataset: Dataset) -> None:
        made = []
        for item in items:
            made.append(Dataset())
            for name, content in item.items():
                put(made[-1], name, content)
        dataset.add(DataElement(tag_for_keyword(keyword), "SQ", Sequence(made)))

    return spoil


def _uid(keyword: str, ending: str) -> Spoil:
    """End a UID otherwise: different films keep different UIDs."""

    def spoil(dataset: Dataset) -> None:
        uid = f"{str(dataset[keyword].value)[: 64 - len(ending)].rstrip('.')}{ending}".encode()
        put(dataset, keyword, uid)
        if keyword == "SOPInstanceUID" and hasattr(dataset, "file_meta"):
            put(dataset.file_meta, "MediaStorageSOPInstanceUID", uid)

    return spoil


def _together(*spoils: Spoil) -> Spoil:
    def spoil(dataset: Dataset) -> None:
        for each in spoils:
            each(dataset)

    return spoil


def _size(keyword: str, layout: str, *more: int, representation: str | None = None) -> Spoil:
    """Write the number of rows or columns otherwise, or with others after it."""

    def spoil(dataset: Dataset) -> None:
        value = dataset[keyword].value
        first = value if isinstance(value, int) else value[0]
        put(dataset, keyword, struct.pack(layout, first, *more), representation)

    return spoil


_CODE = {"CodeValue": b"XCHEST", "CodingSchemeDesignator": b"99LOCAL", "CodeMeaning": b"X-ray"}
_LONG_CODE = {"CodingSchemeDesignator": b"99LOCAL", "CodeMeaning": b"X-ray"}
_ISSUER = {"UniversalEntityID": b"1.2.3", "UniversalEntityIDType": b"ISO"}

BAD_HEADERS: dict[str, Spoil] = {
    # Dates and times that no calendar and no clock has.
    "birth date of no calendar": _values(PatientBirthDate=b"19990229"),
    "birth date in words": _values(PatientBirthDate=b"1 May 2019"),
    "birth date with dashes": _values(PatientBirthDate=b"2022-03-01"),
    "birth date after a space": _values(PatientBirthDate=b" 20220301"),
    "birth date of zeros": _values(PatientBirthDate=b"00000000"),
    "birth date without a day": _values(PatientBirthDate=b"202203"),
    "birth date of the first year": _values(PatientBirthDate=b"00010101"),
    "birth date of the year 3000": _values(PatientBirthDate=b"30000101"),
    "two birth dates": _values(PatientBirthDate=b"20220301\\20220302"),
    "birth time of no clock": _values(PatientBirthTime=b"250000"),
    "birth time in a leap second": _values(PatientBirthTime=b"235960"),
    "study date of no calendar": _values(StudyDate=b"20210231"),
    "study date that is a range": _values(StudyDate=b"20210101-20210201"),
    "study date of the old form": _values(StudyDate=b"2021.02.03"),
    "study date of spaces": _values(StudyDate=b"        "),
    "study date of the last year": _values(StudyDate=b"99991231"),
    "study time of no clock": _values(StudyTime=b"256199"),
    "study time in words": _values(StudyTime=b"noon"),
    "study time with colons": _values(StudyTime=b"10:15:00"),
    "study time in a leap second": _values(StudyTime=b"235960"),
    "study time that is a range": _values(StudyTime=b"1000-1100"),
    "last menstrual date of no calendar": _values(LastMenstrualDate=b"20211301"),
    "acquisition date and time of no calendar": _values(
        AcquisitionDate=b"20210230", AcquisitionTime=b"99", AcquisitionDateTime=b"20210230996100"
    ),
    "acquisition in a leap second": _values(AcquisitionDateTime=b"20161231235960"),
    "acquisition of the first year": _values(AcquisitionDateTime=b"0001"),
    "acquisition of the last year": _values(AcquisitionDateTime=b"99991231235959"),
    "acquisition of no time zone": _values(AcquisitionDateTime=b"20210203101500-1400"),
    "acquisition of a year and a time zone": _values(AcquisitionDateTime=b"2021+0100"),
    "time zone of words": _values(TimezoneOffsetFromUTC=b"CET"),
    # Codes.
    "no modality": _without("Modality"),
    "modality empty": _values(Modality=b""),
    "modality in lower case": _values(Modality=b"cr"),
    "modality in mixed case": _values(Modality=b"Dx"),
    "modality of characters that no code has": _values(Modality=b"D\xfc-X"),
    "modality of a report": _values(Modality=b"SR"),
    "modality of a tomograph": _values(Modality=b"CT"),
    "modality that is a name": _values(Modality=b"DOE"),
    "two modalities": _values(Modality=b"CR\\DX"),
    "sex in lower case": _values(PatientSex=b"f"),
    "sex in words": _values(PatientSex=b"female"),
    "sex that is not defined": _values(PatientSex=b"Q"),
    "two sexes": _values(PatientSex=b"M\\F"),
    "neutered, in words": _values(PatientSexNeutered=b"no"),
    "smoking status in words": _values(SmokingStatus=b"20 a day"),
    "kind of patient ID in lower case": _values(TypeOfPatientID=b"text"),
    "identity removed in lower case": _values(PatientIdentityRemoved=b"yes"),
    "identity removed, but not how": _values(PatientIdentityRemoved=b"YES"),
    "burned in annotation in lower case": _values(BurnedInAnnotation=b"yes"),
    "lossy compression in words": _values(
        LossyImageCompression=b"yes",
        LossyImageCompressionRatio=b"ten",
        LossyImageCompressionMethod=b"jpeg",
    ),
    "lossy compression without method": _values(
        LossyImageCompression=b"01", LossyImageCompressionRatio=b"10"
    ),
    "lossy compression by a name": _values(
        LossyImageCompression=b"01",
        LossyImageCompressionRatio=b"10",
        LossyImageCompressionMethod=b"DOE JANE",
    ),
    "lossy compression of three ratios": _values(
        LossyImageCompression=b"01",
        LossyImageCompressionRatio=b"68\\79\\69",
        LossyImageCompressionMethod=b"ISO_10918_1",
    ),
    # Orientation: oblique, which is valid, and words, which are not.
    "oblique patient orientation": _values(PatientOrientation=b"LH\\FL"),
    "patient orientation in words": _values(PatientOrientation=b"left\\foot"),
    "one patient orientation": _values(PatientOrientation=b"L"),
    "three patient orientations": _values(PatientOrientation=b"L\\F\\A"),
    "patient orientation in lower case": _values(PatientOrientation=b"l\\f"),
    "patient orientation of opposites": _values(PatientOrientation=b"LR\\FH"),
    # Representations.
    "representation that no version has": _values("ZZ", PatientBirthDate=b"20220301"),
    "name as text": _values("LO", PatientName=b"Lindqvist^Josephine"),
    "birth date as text": _values("SH", PatientBirthDate=b"20220301"),
    "patient ID as unlimited text": _values("UT", PatientID=b"MRN-4711"),
    "accession number as an integer": _values("IS", AccessionNumber=b"A77"),
    "study description as bytes": _values("UN", StudyDescription=b"Chest"),
    "issuer as bytes": _values("UN", IssuerOfPatientID=b"Clinic"),
    "issuer as a sequence": lambda dataset: dataset.add(
        DataElement(tag_for_keyword("IssuerOfPatientID"), "SQ", Sequence([Dataset()]))
    ),
    "sequence as text": _values("LO", ProcedureCodeSequence=b"XCHEST"),
    "method code as text": _values("LO", DeidentificationMethodCodeSequence=b"113100"),
    "text as a sequence": lambda dataset: dataset.add(
        DataElement(tag_for_keyword("StudyDescription"), "SQ", Sequence([Dataset()]))
    ),
    # Numbers.
    "size in words": _values(PatientSize=b"1 m 30", PatientWeight=b"25kg"),
    "weight that is no number": _values(PatientWeight=b"NaN", PatientBodyMassIndex=b"inf"),
    "weight with a comma": _values(PatientWeight=b"25,5"),
    "weight of too many digits": _values(PatientWeight=b"25.50000000000000001"),
    "weights": _values(PatientWeight=b"25\\26"),
    "pregnancy of three bytes": _values(PregnancyStatus=b"\x01\x00\x04\x00\x02\x00"),
    "pregnancy of half a word": _values(PregnancyStatus=b""),
    "pregnancy of a status that is not defined": _values(PregnancyStatus=b"\xff\xff"),
    "temporal offset of the wrong length": _values(LongitudinalTemporalOffsetFromEvent=b"\0\0\0\0"),
    "age without a number": _values(PatientAge=b"Y"),
    "negative age": _values(PatientAge=b"-3Y"),
    "age in words": _values(PatientAge=b"34YR"),
    "age of two digits": _values(PatientAge=b"34Y"),
    "spacing of one number": _values(ImagerPixelSpacing=b"0.2"),
    "spacing in words": _values(ImagerPixelSpacing=b"fine\\fine", PixelSpacing=b"a\\b"),
    "spacing of nothing": _values(ImagerPixelSpacing=b"0\\0"),
    "negative spacing": _values(ImagerPixelSpacing=b"-0.2\\-0.2"),
    "rows of two values": _size("Rows", "<HH", 1),
    "columns as a long number": _size("Columns", "<L", representation="UL"),
    "number of frames in words": _values(NumberOfFrames=b"one"),
    "no bits allocated": _without("BitsAllocated"),
    "series number in words": _values(SeriesNumber=b"first", InstanceNumber=b"1.5"),
    # Text.
    "accession number over its length": _values(AccessionNumber=b"A" * 40),
    "patient ID over its length": _values(PatientID=b"MRN-4711-" * 12),
    "patient ID with a backslash": _values(PatientID=b"MRN\\4711"),
    "patient ID with a control character": _values(PatientID=b"MRN\x074711"),
    "study ID over its length": _values(StudyID=b"S" * 17),
    "study description over its length": _values(StudyDescription=b"Chest " * 20),
    "several study descriptions": _values(StudyDescription=b"Chest\\Thorax"),
    "control characters in text": _values(
        StudyDescription=b"Chest\x00\x1fx", PatientComments=b"a\x01b"
    ),
    "issuer over its length": _values(IssuerOfPatientID=b"Clinic " * 20),
    "several issuers": _values(IssuerOfPatientID=b"Clinic\\Ward"),
    "control characters in an issuer": _values(IssuerOfPatientID=b"Clinic\x00\x1fx"),
    "tab in a method": _values(DeidentificationMethod=b"By\thand"),
    "tab in the issuer of accession number": _items(
        "IssuerOfAccessionNumberSequence", {"LocalNamespaceEntityID": b"Clinic\tWard"}
    ),
    "tab in an address": _values(InstitutionAddress=b"Street 1\tTown"),
    "tab in a name": _values(InstitutionName=b"North\tHospital"),
    "control character in an address": _values(InstitutionAddress=b"Street 1\x7fTown"),
    "name over its length": _values(PatientName=b"Lindqvist^" + b"Josephine" * 30),
    "name of six components": _values(PatientName=b"Lindqvist^Josephine^a^b^c^d^e"),
    "name of four groups": _values(PatientName=b"Lindqvist^Josephine=a=b=c"),
    "several names": _values(PatientName=b"Lindqvist^Josephine\\Roe^Josephine"),
    "name with a line feed": _values(PatientName=b"Lindqvist\nJosephine"),
    "name of another character set": _values(
        SpecificCharacterSet=b"ISO_IR 192", PatientName=b"M\xfcller^Zo\xeb"
    ),
    "name that its escape sequence spoils": _values(
        SpecificCharacterSet=b"\\ISO 2022 IR 87", PatientName=b"Yamada\x1b$^Tarou"
    ),
    "character set that does not exist": _values(
        SpecificCharacterSet=b"WINDOWS-1252", PatientName=b"M\xfcller^Zo\xeb"
    ),
    "character set empty, text not ASCII": _values(
        SpecificCharacterSet=b"", PatientID=b"MRN-\xe4", OtherPatientNames=b"H\xf6use"
    ),
    "manufacturer over its length": _values(
        Manufacturer=b"Tester " * 20, SoftwareVersions=b"v" * 80, StationName=b"room " * 9
    ),
    # Patient module.
    "empty patient module": _values(**dict.fromkeys(PATIENT, b"")),
    "no patient module": _without(*PATIENT),
    # Identifiers.
    "study UID with a leading zero": _uid("StudyInstanceUID", ".007"),
    "series UID with a leading zero": _uid("SeriesInstanceUID", ".008"),
    "instance UID with a leading zero": _uid("SOPInstanceUID", ".009"),
    "all UIDs with a leading zero": _together(
        _uid("StudyInstanceUID", ".01"),
        _uid("SeriesInstanceUID", ".02"),
        _uid("SOPInstanceUID", ".03"),
    ),
    "frame of reference that is no UID": _values(FrameOfReferenceUID=b"frame one"),
    "frame of reference without a position in it": _values(FrameOfReferenceUID=b"1.2.3.4"),
    # Sequences: of items that are empty, or break the rules of their own elements.
    "procedure code of an empty item": _items("ProcedureCodeSequence", {}),
    "method code without items": _items("DeidentificationMethodCodeSequence"),
    "method code of an empty item": _items("DeidentificationMethodCodeSequence", {}),
    "method code over its length": _items(
        "DeidentificationMethodCodeSequence", _CODE | {"CodeValue": b"X" * 20}
    ),
    "long method code of few characters": _items(
        "DeidentificationMethodCodeSequence", _LONG_CODE | {"LongCodeValue": b"X" * 16}
    ),
    "method code of a name that is no URN": _items(
        "DeidentificationMethodCodeSequence", {"URNCodeValue": b"XCHEST", "CodeMeaning": b"X-ray"}
    ),
    "second method code without a value": _items(
        "DeidentificationMethodCodeSequence", _CODE, {"CodeMeaning": b"X-ray"}
    ),
    "request of an empty item": _items("ReferencedRequestSequence", {}),
    "request with a date of no calendar": _items(
        "RequestAttributesSequence",
        {"RequestedProcedureID": b"P" * 20, "ScheduledProcedureStepStartDate": b"20210231"},
    ),
    "other patient ID of an empty item": _items("OtherPatientIDsSequence", {}),
    "other patient ID of a kind in lower case": _items(
        "OtherPatientIDsSequence", {"PatientID": b"X-1", "TypeOfPatientID": b"text"}
    ),
    "study reference that is no UID": _items(
        "ReferencedStudySequence",
        {"ReferencedSOPClassUID": b"study", "ReferencedSOPInstanceUID": b"1.2.3"},
    ),
    "patient reference of an empty item": _items("ReferencedPatientSequence", {}),
    "two issuers of accession number": _items("IssuerOfAccessionNumberSequence", _ISSUER, _ISSUER),
    "two issuers of admission": _items("IssuerOfAdmissionIDSequence", _ISSUER, _ISSUER),
    "two qualifiers of the issuer of patient ID": _items(
        "IssuerOfPatientIDQualifiersSequence", _ISSUER, _ISSUER
    ),
    "issuer of accession number of an unknown kind": _items(
        "IssuerOfAccessionNumberSequence",
        {"UniversalEntityID": b"1.2.3", "UniversalEntityIDType": b"oid"},
    ),
    "issuer of accession number of an empty item": _items("IssuerOfAccessionNumberSequence", {}),
    "anatomic region of an empty item": _items("AnatomicRegionSequence", {}),
    "view code of an empty item": _items("ViewCodeSequence", {}),
    "clinical trial without a protocol": _values(ClinicalTrialSponsorName=b"Sponsor"),
    "consent for a trial of an empty item": _items("ConsentForClinicalTrialUseSequence", {}),
}
"""What is wrong, and what makes it so."""
