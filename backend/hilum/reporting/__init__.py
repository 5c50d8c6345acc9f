"""Output forms of a reading: text, PDF, DICOM, FHIR, JSON.

Every output is made from one `hilum.reporting.report.Report`: the figures of a reading, in words,
and the film. `hilum.reporting.forms` registers the forms, `hilum.reporting.outputs.make` makes
each. Nothing is imported here: importing the forms' names does not import the libraries that
write them.
"""
