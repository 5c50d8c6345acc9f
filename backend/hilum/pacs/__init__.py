"""The DICOM network: C-STORE in and out, DICOMweb in and out."""
