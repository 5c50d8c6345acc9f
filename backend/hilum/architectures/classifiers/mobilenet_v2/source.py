"""ImageNet weights for the start of training, from Coral's test data."""

from hilum.datasets.downloads.source import Origin, RemoteFile, Source

_CORAL = Origin(
    name="coral",
    homepage="https://github.com/google-coral/test_data",
    archives=(),
    place=lambda member: member,
    tables=(
        RemoteFile(
            "https://github.com/google-coral/test_data/raw/master/"
            "tf2_mobilenet_v2_1.0_224_ptq.tflite",
            "tf2_mobilenet_v2_1.0_224_ptq.tflite",
            4_070_174,
            ("sha256", "5d3137241276e79c86d14a74fe43581398ae0e815191d3dba45495b810840e8c"),
        ),
    ),
)

SOURCE = Source(
    name="mobilenet_v2",
    title="MobileNetV2 1.0, ImageNet weights in 8-bit integers",
    licence="Apache-2.0",
    citation="Sandler et al. MobileNetV2: Inverted residuals and linear bottlenecks. CVPR 2018, "
    "doi:10.1109/CVPR.2018.00474",
    homepage=_CORAL.homepage,
    layout="mobilenet_v2/tf2_mobilenet_v2_1.0_224_ptq.tflite",
    pictures=0,
    origins=(_CORAL,),
)
