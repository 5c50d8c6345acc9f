"""The JSRT database's radiographs of adults, with organ masks."""

from hilum.datasets.public.descriptor import PublicDataset
from hilum.models.card import DataCredit

JSRT = PublicDataset(
    name="jsrt",
    credit=DataCredit(
        name="JSRT database, with organ masks",
        licence="research use with citation",
        source="Japanese Society of Radiological Technology",
        citation="Shiraishi et al. Development of a digital image database for chest radiographs "
        "with and without a lung nodule. AJR 174, 2000",
    ),
)
