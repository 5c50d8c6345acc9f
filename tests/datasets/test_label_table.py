"""Tables of labels as data sets publish them, and mapping files."""

from pathlib import Path

import pytest

from hilum.datasets.folders import find_splits
from hilum.datasets.label_table import LabelTable, load_mapping
from hilum.datasets.label_table_reading import read_label_table
from hilum.datasets.labels import find_truth
from hilum.datasets.public import label_tables
from hilum.errors import DatasetError
from hilum.findings import Finding

HEAD = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]"
)
ROWS = (
    "00000001_000.png,Cardiomegaly|Emphysema,0,1,058Y,M,PA,2682,2749,0.143,0.143",
    "00000001_001.png,No Finding,1,1,58,M,AP,2894,2729,0.143,0.143",
    "00000002_000.png,Pleural_Thickening,0,2,411,F,PA,2500,2048,0.168,0.168",
)
IMAGES = ("images_001/images/00000001_000.png", "images_002/images/00000001_001.jpg",
          "images_002/images/00000002_000.png")  # fmt: skip


def nih(folder: Path, rows: tuple[str, ...] = ROWS, images: tuple[str, ...] = IMAGES) -> Path:
    """Public layout of ChestX-ray14, with empty files for images."""
    (folder / "Data_Entry_2017_v2020.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    for name in images:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def found_in(folder: Path):
    return find_splits(folder, tables=label_tables())


def test_the_public_layout_is_read(tmp_path):
    found = found_in(nih(tmp_path))["all"]
    radiographs = found.radiographs
    assert [path.relative_to(tmp_path).as_posix() for path in radiographs["path"]] == list(IMAGES)
    assert radiographs["patient"].tolist() == ["1", "1", "2"]
    assert radiographs["cardiomegaly"].tolist() == [True, False, False]
    assert radiographs["pleural_thickening"].tolist() == [False, False, True]
    assert radiographs["age"].tolist() == ["40 to 64 years", "40 to 64 years", "not stated"]
    assert radiographs["view"].tolist() == ["PA", "AP", "PA"]
    assert find_truth(radiographs, Finding.ABNORMAL).tolist() == [True, False, True]
    assert found.knows_patients
    assert found.left_out == ()


def test_official_lists_are_splits(tmp_path):
    nih(tmp_path)
    (tmp_path / "train_val_list.txt").write_text("00000001_000.png\n00000001_001.png\n", "utf-8")
    (tmp_path / "test_list.txt").write_text("00000002_000.png\n", "utf-8")
    found = found_in(tmp_path)
    assert {name: len(split.radiographs) for name, split in found.items()} == {
        "train": 2, "test": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        ("00000001_000.png", "00000001_001.png", "1 patient .* several of the lists .*: 1"),
        ("00000001_000.png", "00000001_000.png", "1 image of test_list.txt .* in another list"),
    ],
)
def test_a_patient_or_image_in_two_lists_is_refused(tmp_path, train, test, words):
    nih(tmp_path)
    (tmp_path / "train_val_list.txt").write_text(train, "utf-8")
    (tmp_path / "test_list.txt").write_text(test, "utf-8")
    with pytest.raises(DatasetError, match=words):
        found_in(tmp_path)


def test_rows_without_image_are_left_out_and_named(tmp_path):
    found = found_in(nih(tmp_path, images=IMAGES[1:]))["all"]
    assert len(found.radiographs) == 2
    assert [(each.name, each.reason) for each in found.left_out] == [
        ("00000001_000.png", "image not found")
    ]


@pytest.mark.parametrize(
    ("rows", "images", "words"),
    [
        (ROWS, (), "None of the 3 images in Data_Entry"),
        ((ROWS[0], ROWS[0]), IMAGES, "1 row of .* repeats the image .*: 00000001_000.png"),
        (("00000001_000.png,Scoliosis|Fracture" + ROWS[0].split("Emphysema")[1],), IMAGES,
         "2 rows of .* have a label that the mapping does not name: 'fracture', 'scoliosis'"),
        ((ROWS[0].replace("058Y", "old"),), IMAGES, "1 row of .* a cell of age .*: 'old'"),
    ],
    ids=["no image", "image twice", "unknown label", "unknown age"],
)  # fmt: skip
def test_wrong_tables_are_counted_and_named(tmp_path, rows, images, words):
    with pytest.raises(DatasetError, match=words):
        found_in(nih(tmp_path, rows, images))


MAPPING = """
file = "train.csv"
image = "Path"
patient = "Path"
patient_pattern = '(patient\\d+)/'
age = "Age"
sex = "Sex"
view = "AP/PA"
only = {"Frontal/Lateral" = "Frontal"}

[findings]
normal = "No Finding"
effusion = "Pleural Effusion"
edema = "Edema"
"""
TABLE = """Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema,Pleural Effusion
set/train/patient1/study1/view1_frontal.jpg,Male,68,Frontal,AP,1.0,,0.0
set/train/patient1/study2/view1_frontal.jpg,Male,69,Frontal,PA,,-1.0,1.0
set/train/patient1/study2/view2_lateral.jpg,Male,69,Lateral,,,1.0,1.0
"""


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    """A table with a column for each finding, uncertain labels, and patients in paths."""
    (tmp_path / "mapping.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "train.csv").write_text(TABLE, "utf-8")
    for line in TABLE.splitlines()[1:]:
        path = tmp_path / line.split(",")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_a_mapping_file_describes_another_table(mapped):
    found = read_label_table(mapped, load_mapping(mapped / "mapping.toml"))["all"]
    assert found.radiographs["patient"].tolist() == ["patient1", "patient1"]
    assert found.radiographs["effusion"].tolist() == [False, True]
    assert found.radiographs["edema"].isna().tolist() == [True, True]
    second = "set/train/patient1/study2/view1_frontal.jpg"
    assert found.uncertain == {(second, Finding.EDEMA)}


def test_a_mapping_beside_the_table_is_used_by_all_commands(mapped):
    (found,) = find_splits(mapped, tables=label_tables()).values()
    assert found.radiographs["effusion"].tolist() == [False, True]
    (mapped / "mapping.toml").write_text(MAPPING.replace("Age", "Years"), "utf-8")
    with pytest.raises(DatasetError, match=r"lacks the columns years; .* frontal/lateral\.$"):
        find_splits(mapped, tables=label_tables())


def test_paths_may_begin_above_the_table(mapped):
    (mapped / "train.csv").rename(mapped / "set" / "train.csv")
    how = load_mapping(mapped / "mapping.toml").model_copy(update={"images": ".."})
    found = read_label_table(mapped / "set", how)["all"]
    assert len(found.radiographs) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"Edema"', '"Oedema"', "train.csv lacks the columns oedema"),
        ('"Frontal"', '"frontal"', "train.csv has no row with Frontal/Lateral frontal"),
        ("(patient", "(person", "2 rows of .* have no patient that patient_pattern finds"),
        ("edema =", "scoliosis =", "mapping.toml is not a mapping .*: findings.scoliosis"),
        ('"Edema"', '"No Finding"', "two findings have the same column"),
        ('"Edema"', '["Edema", "Oedema"]', "several words for a finding need labels"),
        ('"Edema"', "[]", "a finding has no word"),
        (r"(patient\d+)", r"patient\d+", "patient_pattern needs one group"),
        (r"(patient\d+)", "(patient", "patient_pattern is no regular expression"),
        ('patient = "Path"', "", "patient_pattern needs patient"),
        ("image =", "picture =", "image: Field required"),
        ("[findings]", "[findings", "mapping.toml is not a TOML file"),
        ('"train.csv"', '"test.csv"', "has no table test.csv"),
    ],
)
def test_a_wrong_mapping_is_told(mapped, old, new, words):
    file = mapped / "mapping.toml"
    file.write_text(MAPPING.replace(old, new, 1), "utf-8")
    with pytest.raises(DatasetError, match=words):
        read_label_table(mapped, load_mapping(file))


def test_a_label_is_one_of_the_four_values(mapped):
    (mapped / "train.csv").write_text(TABLE.replace("-1.0", "maybe"), "utf-8")
    with pytest.raises(DatasetError, match=r"1 row of .* a label of edema .*: 'maybe'"):
        read_label_table(mapped, load_mapping(mapped / "mapping.toml"))


def test_a_name_that_fits_two_images_fits_none(tmp_path):
    nih(tmp_path, images=(*IMAGES, "images_001/images/00000002_000.png"))
    found = found_in(tmp_path)["all"]
    assert [each.name for each in found.left_out] == ["00000002_000.png"]


def test_findings_of_a_table_are_read_once_each():
    with pytest.raises(ValueError, match="the same column or word"):
        LabelTable(
            file="a.csv",
            image="path",
            findings={Finding.MASS: "Lesion", Finding.NODULE: "lesion"},
        )


def test_a_cell_may_be_a_list_of_python_with_words_of_no_interest(tmp_path):
    # As PadChest writes them.
    (tmp_path / "table.csv").write_text(
        "ImageID,PatientID,Labels\n"
        "1.png,p1,\"['cardiomegaly', 'pleural effusion', 'loc basal']\"\n"
        "2.png,p2,['normal']\n"
        "3.png,p3,['heart enlarged']\n",
        "utf-8",
    )
    for name in ("1.png", "2.png", "3.png"):
        (tmp_path / name).touch()
    how = LabelTable(
        file="table.csv", image="ImageID", patient="PatientID", labels="Labels", separator=",",
        findings={Finding.EFFUSION: "pleural effusion", Finding.NORMAL: "normal",
                  Finding.CARDIOMEGALY: ("cardiomegaly", "Heart enlarged")},
        other_words="ignored",
    )  # fmt: skip

    found = read_label_table(tmp_path, how)["all"].radiographs

    assert found["effusion"].tolist() == [True, False, False]
    assert found["cardiomegaly"].tolist() == [True, False, True]
    assert found["normal"].tolist() == [False, True, False]
    with pytest.raises(DatasetError, match="mapping does not name: 'loc basal'"):
        read_label_table(tmp_path, how.model_copy(update={"other_words": "refused"}))


def test_several_readers_of_an_image_vote(tmp_path):
    # As VinDr-CXR writes them: a row for each reader.
    rows = ("a,R1,1,0", "b,R1,0,1", "a,R2,1,1", "a,R3,0,", "b,R2,1,", "b,R3,,")
    (tmp_path / "train.csv").write_text(
        "\n".join(("image_id,rad_id,Cardiomegaly,Pleural effusion", *rows)), "utf-8"
    )
    for name in ("a.dicom", "b.dicom"):
        (tmp_path / name).touch()
    how = LabelTable(
        file="train.csv", image="image_id", rows="readers",
        findings={Finding.CARDIOMEGALY: "Cardiomegaly", Finding.EFFUSION: "Pleural effusion"},
    )  # fmt: skip

    found = read_label_table(tmp_path, how)["all"]

    # Two of three; one of two, who disagree; one of two; one of one.
    assert found.radiographs["cardiomegaly"].isna().tolist() == [False, True]
    assert found.radiographs["cardiomegaly"].iloc[0]
    assert found.radiographs["effusion"].isna().tolist() == [True, False]
    assert found.radiographs["effusion"].iloc[1]
    assert found.uncertain == {("b", Finding.CARDIOMEGALY), ("a", Finding.EFFUSION)}
    (tmp_path / "train.csv").write_text(
        "image_id,Cardiomegaly,Pleural effusion\na,1,yes\na,1,no\n", "utf-8"
    )
    with pytest.raises(DatasetError, match=r"2 rows of .* have a label of effusion"):
        read_label_table(tmp_path, how)


def test_rows_of_readers_need_columns_of_findings(tmp_path):
    (tmp_path / "mapping.toml").write_text(
        'file = "a.csv"\nimage = "a"\nlabels = "b"\nrows = "readers"\n[findings]\nmass = "Mass"\n',
        "utf-8",
    )
    with pytest.raises(DatasetError, match="rows of readers need a column for each finding"):
        load_mapping(tmp_path / "mapping.toml")
