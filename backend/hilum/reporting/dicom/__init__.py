"""DICOM results for the study of a radiograph: SR, SEG, SC, Encapsulated PDF."""
