"""DICOMweb (PS3.18): studies in by STOW-RS; what is held, by QIDO-RS and WADO-RS."""

from hilum.api.routes.dicomweb import retrieve, search, store

PARTS = (store, search, retrieve)
