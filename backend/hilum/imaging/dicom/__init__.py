"""DICOM radiographs: one frame of any transfer syntax, displayed as on a workstation.

::

    bytes ─► file ─► objects ─► image_pixel ─► frame ─► codestream ─► samples ─► grey or colour
"""

from hilum.imaging.dicom.decode import decode

__all__ = ["decode"]
