"""Wingspan's radiographs of adults, with organ masks."""

from hilum.datasets.public.descriptor import PublicDataset
from hilum.models.card import DataCredit

WINGSPAN = PublicDataset(
    name="wingspan",
    credit=DataCredit(
        name="Wingspan chest radiographs with organ masks",
        licence="MIT",
        source="Wingspan Technology",
        citation="Dong et al. Unsupervised Domain Adaptation for Automatic Estimation of "
        "Cardiothoracic Ratio. MICCAI 2018",
    ),
)
