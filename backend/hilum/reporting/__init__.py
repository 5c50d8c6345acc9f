"""What a reading becomes on paper and in a hospital's systems: words, PDF, DICOM, FHIR.

Every output is made from one `hilum.reporting.report.Report`: the figures of a reading, in words,
and the film. `hilum.reporting.outputs.make` makes each; nothing is imported here, so that who
asks for the formats' names alone does not load the libraries that write them.
"""
