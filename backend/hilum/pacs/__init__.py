"""DICOM network: C-STORE and DICOMweb, sending and receiving."""
