"""DICOMweb (PS3.18): STOW-RS to store studies, QIDO-RS and WADO-RS for stored objects."""

from hilum.api.routes.dicomweb import retrieve, search, store

PARTS = (store, search, retrieve)
