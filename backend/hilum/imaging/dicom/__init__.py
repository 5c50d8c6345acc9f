"""DICOM radiographs: one frame of any transfer syntax, shown as a workstation would show it.

::

    bytes ─► file ─► objects ─► image_pixel ─► frame ─► codestream ─► samples ─► grey or colour
"""

from hilum.imaging.dicom.decode import decode

__all__ = ["decode"]
