"""NIH ChestX-ray14, in the Box folder of the NIH Clinical Center."""

from pathlib import PurePosixPath

from hilum.datasets.downloads import Origin, RemoteFile, Source
from hilum.datasets.label_table import LabelTable
from hilum.datasets.public.descriptor import BoxTable, PublicDataset
from hilum.findings import Finding
from hilum.models.card import DataCredit


def place_nih(member: PurePosixPath) -> PurePosixPath | None:
    """Place a member of an NIH archive: ``images/….png``.

    Parameters
    ----------
    member : PurePosixPath
        Path in the archive.

    Returns
    -------
    PurePosixPath or None
    """
    if member.suffix != ".png" or member.name.startswith("."):
        return None
    return PurePosixPath("images", member.name)


# From NIH's batch_download_zips.py; the MD5 sums from NIH's FAQ_CHESTXRAY.pdf, question 7.
_NIH_ARCHIVES = (
    ("vfk49d74nhbxq3nqjg0900w5nvkorp5c", 2_008_470_987, "fe8ed0a6961412fddcbb3603c11b3698"),
    ("i28rlmbvmfjbl8p2n3ril0pptcmcu9d1", 3_952_623_504, "ab07a2d7cbe6f65ddd97b4ed7bde10bf"),
    ("f1t00wrtdk94satdfb9olcolqx20z2jp", 3_929_234_850, "2301d03bde4c246388bad3876965d574"),
    ("0aowwzs5lhjrceb3qp67ahp0rd1l1etg", 3_838_903_983, "9f1b7f5aae01b13f4bc8e2c44a4b8ef6"),
    ("v5e3goj22zr6h8tzualxfsqlqaygfbsn", 3_935_496_531, "1861f3cd0ef7734df8104f2b0309023b"),
    ("asi7ikud9jwnkrnkj99jnpfkjdes7l6l", 3_986_301_172, "456b53a8b351afd92a35bc41444c58c8"),
    ("jn1b4mw4n6lnh74ovmcjb8y48h8xj07n", 4_016_328_426, "1075121ea20a137b87f290d6a4a5965e"),
    ("tvpxmn7qyrgl0w8wfh9kqfjskv6nmm1j", 4_018_347_353, "b61f34cec3aa69f295fbb593cbd9d443"),
    ("upyy3ml7qdumlgk2rfcvlb9k6gvqq2pj", 4_111_327_929, "442a3caa61ae9b64e61c561294d1e183"),
    ("l6nilvfa9cg3s28tqv1qc1olm3gnz54p", 4_181_556_296, "09ec81c4c31e32858ad8cf965c494b74"),
    ("hhq8fkdgvcari67vfhs7ppg2w6ni4jze", 4_187_084_020, "499aefc67207a5a97692424cf5dbeed5"),
    ("ioqwiy20ihqwyr8pf4c24eazhh281pbu", 2_914_187_733, "dc9fda1757c2de0032b63347a7d2895c"),
)

_NIH_TABLES = (
    (
        "Data_Entry_2017_v2020.csv",
        "219760887468",
        9_003_496,
        "c69a6daca3549af707ca9cacbdf9f9a7b6a9188e8c61157df653520bb72d8eb1",
    ),
    (
        "BBox_List_2017.csv",
        "219760940956",
        92_416,
        "0bbfea9d4c4e9771481b3023b1bc9f0df9dea924453b12986beb29b0c4d0c95b",
    ),
    (
        "train_val_list.txt",
        "256056636701",
        1_470_907,
        "61fbe896321c1c1c8b75f3e4f3a08e4fef6486d95ef8a667c31d4d60dca6cb81",
    ),
    (
        "test_list.txt",
        "256055473534",
        435_131,
        "38ca5ef7f756092946f57c1a59faca882ed589a1ab1f72590b45dc06c6d5e1cc",
    ),
)

_NIH = Origin(
    name="nih",
    homepage="https://nihcc.app.box.com/v/ChestXray-NIHCC",
    archives=tuple(
        RemoteFile(
            f"https://nihcc.box.com/shared/static/{link}.gz",
            f"images_{part:03d}.tar.gz",
            size_bytes,
            ("md5", md5),
        )
        for part, (link, size_bytes, md5) in enumerate(_NIH_ARCHIVES, start=1)
    ),
    place=place_nih,
    tables=tuple(
        RemoteFile(
            "https://nihcc.app.box.com/index.php?rm=box_download_shared_file"
            f"&vanity_name=ChestXray-NIHCC&file_id=f_{file_id}",
            filename,
            size_bytes,
            ("sha256", sha256),
        )
        for filename, file_id, size_bytes, sha256 in _NIH_TABLES
    ),
)

SOURCE = Source(
    name="nih_chestxray14",
    title="NIH ChestX-ray14, mostly adults, 14 findings mined from reports",
    licence="free use; link to the download site, acknowledge the NIH Clinical Center "
    "and cite the CVPR 2017 paper",
    citation="Wang, Peng, Lu, Lu, Bagheri, Summers. ChestX-ray8: Hospital-Scale Chest "
    "X-Ray Database and Benchmarks. CVPR 2017, doi:10.1109/CVPR.2017.369",
    homepage=_NIH.homepage,
    layout="nih_chestxray14/images/*.png with Data_Entry_2017_v2020.csv, "
    "BBox_List_2017.csv, train_val_list.txt and test_list.txt beside images",
    pictures=112_120,
    origins=(_NIH,),
)


def _patient(name: str) -> str:
    """A name is patient_follow-up."""
    return name.partition("_")[0]


BOXES = BoxTable(
    filename="BBox_List_2017.csv",
    image="image index",
    finding="finding label",
    # The table's head really is `Bbox [x,y,w,h]`: four columns.
    box=("bbox [x", "y", "w", "h]"),
    original_px=1024,
    spelt={
        Finding.PNEUMONIA: {
            "Pneumonia": frozenset({"Pneumonia"}),
            "Infiltration and consolidation": frozenset(
                {"Infiltrate", "Infiltration", "Consolidation"}
            ),
        },
        Finding.INFILTRATION: {"Infiltration": frozenset({"Infiltrate", "Infiltration"})},
        Finding.ATELECTASIS: {"Atelectasis": frozenset({"Atelectasis"})},
        Finding.CARDIOMEGALY: {"Cardiomegaly": frozenset({"Cardiomegaly"})},
        Finding.EFFUSION: {"Effusion": frozenset({"Effusion"})},
        Finding.PNEUMOTHORAX: {"Pneumothorax": frozenset({"Pneumothorax"})},
        Finding.MASS: {"Mass": frozenset({"Mass"})},
        Finding.NODULE: {"Nodule": frozenset({"Nodule"})},
    },
    patient=_patient,
)

RSNA_BOXES = BoxTable(
    # Of the radiologists of the RSNA challenge (Shih et al., Radiology: AI 2019), who read some of
    # the images again.
    filename="radiologists_rereads.csv",
    image="image index",
    finding="rsna_class",
    box=("rsna_boxes_1024_xywh",),
    original_px=1024,
    spelt={Finding.PNEUMONIA: {"Lung opacity (RSNA)": frozenset({"Lung Opacity"})}},
    patient=_patient,
)

FINDINGS = (
    Finding.ATELECTASIS,
    Finding.CARDIOMEGALY,
    Finding.EFFUSION,
    Finding.INFILTRATION,
    Finding.MASS,
    Finding.NODULE,
    Finding.PNEUMONIA,
    Finding.PNEUMOTHORAX,
    Finding.CONSOLIDATION,
    Finding.EDEMA,
    Finding.EMPHYSEMA,
    Finding.FIBROSIS,
    Finding.PLEURAL_THICKENING,
    Finding.HERNIA,
)
"""In the order of the paper."""

LABELS = LabelTable(
    file="Data_Entry_2017*.csv",
    image="Image Index",
    images="images*",
    patient="Patient ID",
    labels="Finding Labels",
    # Each is spelt as its code.
    findings={**{each: each.value for each in FINDINGS}, Finding.NORMAL: "No Finding"},
    age="Patient Age",
    sex="Patient Gender",
    view="View Position",
    split_lists={"train": "train_val_list.txt", "test": "test_list.txt"},
)

NIH_CHESTXRAY14 = PublicDataset(
    name=SOURCE.name,
    credit=DataCredit(
        name=SOURCE.title,
        licence=SOURCE.licence,
        source=SOURCE.homepage,
        citation=SOURCE.citation,
    ),
    source=SOURCE,
    labels=LABELS,
    boxes=(BOXES, RSNA_BOXES),
)
