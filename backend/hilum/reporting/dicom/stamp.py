"""Attributes that all created DICOM objects share: equipment, time, UIDs."""

from dataclasses import dataclass

from highdicom import ContributingEquipment
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID
from pydicom.valuerep import DT

from hilum import __version__
from hilum.reporting.dicom.codes import OURS
from hilum.reporting.report import Report

MANUFACTURER = "Hilum"
_IMPLEMENTATION_CLASS = UID("2.25.302088450831673971917648349700034159925")
LONGEST_TEXT = 64
_LIBRARY = "highdicom"


@dataclass(frozen=True, slots=True)
class Series:
    """A series of ours: each result is of another modality, and so has its own.

    Attributes
    ----------
    code : str
        Its UIDs and its words are made of it: no two forms have the same.
    number : int
        Series Number.
    """

    code: str
    number: int

    @property
    def words(self) -> str:
        """Name of its description in the catalogue."""
        return f"dicom.series_{self.code}"

    def series_uid(self, report: Report) -> UID:
        """Series Instance UID."""
        return _uid(report, f"{self.code} series")

    def instance_uid(self, report: Report) -> UID:
        """SOP Instance UID."""
        return _uid(report, f"{self.code} instance")


def _uid(report: Report, name: str) -> UID:
    """A UID from a UUID (PS3.5 B.2): no root has to be owned."""
    return UID(f"2.25.{report.uuid(name).int}")


def equipment(report: Report) -> list[ContributingEquipment]:
    """The models, as the equipment that made the result (PS3.3 C.12.1.1.5)."""
    return [
        ContributingEquipment(
            MANUFACTURER,
            codes.DCM.ProcessingEquipment,
            manufacturer_model_name=reading.model.name[:LONGEST_TEXT],
            software_versions=(reading.model.version[:LONGEST_TEXT], f"Hilum {__version__}"),
            device_serial_number=reading.model.sha256,
            contribution_datetime=report.created,
            contribution_description=report.words.notice,
        )
        for reading in report.facts.readings
    ]


def stamp(dataset: Dataset, report: Report, series: Series, source: Dataset) -> Dataset:
    """Set attributes that a library fills with its own clock and name.

    Parameters
    ----------
    dataset : Dataset
        A whole object of ours; it is changed.
    source : Dataset
        See `hilum.reporting.source.Source.header`.

    Returns
    -------
    Dataset
        The same.
    """
    dataset.PatientName = source.PatientName
    for item in dataset.ContributingEquipmentSequence:
        if item.get("ManufacturerModelName") == _LIBRARY:
            item.ContributionDateTime = DT(report.created)
    dataset.CodingSchemeIdentificationSequence = [_our_scheme()]
    date, clock = f"{report.created:%Y%m%d}", f"{report.created:%H%M%S.%f}"
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = date, clock
    dataset.SeriesDate, dataset.SeriesTime = date, clock
    dataset.ContentDate, dataset.ContentTime = date, clock
    dataset.TimezoneOffsetFromUTC = f"{report.created:%z}"[:5]
    dataset.SeriesDescription = report.catalogue.say(series.words)
    dataset.Manufacturer = MANUFACTURER
    dataset.ManufacturerModelName = report.facts.model.name[:LONGEST_TEXT]
    dataset.SoftwareVersions = [report.facts.model.version[:LONGEST_TEXT], f"Hilum {__version__}"]
    dataset.DeviceSerialNumber = report.facts.model.sha256
    dataset.file_meta.ImplementationClassUID = _IMPLEMENTATION_CLASS
    dataset.file_meta.ImplementationVersionName = f"HILUM {__version__}"[:16]
    return dataset


def _our_scheme() -> Dataset:
    """Who gives the codes that no standard has (PS3.3 C.12.1.1.11)."""
    item = Dataset()
    item.CodingSchemeDesignator = OURS
    item.CodingSchemeName = "Hilum's own codes"
    item.CodingSchemeResponsibleOrganization = MANUFACTURER
    return item
