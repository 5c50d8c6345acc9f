"""ImageNet weights for the start of training, as `keras.applications` fetches them."""

from hilum.datasets.downloads.source import Origin, RemoteFile, Source

_FILE = "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5"

_KERAS = Origin(
    name="keras",
    homepage="https://keras.io/api/applications/densenet/",
    archives=(),
    place=lambda member: member,
    tables=(
        RemoteFile(
            f"https://storage.googleapis.com/tensorflow/keras-applications/densenet/{_FILE}",
            _FILE,
            29_084_464,
            ("md5", "30ee3e1110167f948a6b9946edeeb738"),
        ),
    ),
)

SOURCE = Source(
    name="densenet_121",
    title="DenseNet-121 without its top, ImageNet weights",
    licence="BSD-3-Clause",
    citation="Huang et al. Densely connected convolutional networks. CVPR 2017, "
    "doi:10.1109/CVPR.2017.243",
    homepage=_KERAS.homepage,
    layout=f"densenet_121/{_FILE}",
    pictures=0,
    origins=(_KERAS,),
)
