"""A model of four findings beside one of pneumonia: read, reported and kept by the same code."""

import io
import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pydicom
import pytest
from pypdf import PdfReader
from sklearn.metrics import roc_auc_score

from hilum.cli import main
from tests import four_findings
from tests.four_findings import FINDINGS, NAME
from tests.reporting.drawn import dicom_source

BOTH = {"model": [NAME, "pneumonia"], "operating_point": "0.5"}
"""At a point that is asked for no decision is uncertain, whatever the training's last digits."""
EFFUSION, PNEUMOTHORAX, MASS, NODULE = FINDINGS


@pytest.fixture(scope="module")
def both(make_client, four_findings_dir, tmp_path_factory):
    """A service with both models, which reads what arrives with both."""
    store = tmp_path_factory.mktemp("held") / "store"
    settings = {"store": store, "reading_models": (NAME, "pneumonia@0.1")}
    with make_client(models_dir=four_findings_dir, **settings) as client:
        yield client


@pytest.fixture(scope="module")
def film(make_dicom) -> bytes:
    """A DICOM film with an effusion on the left and a nodule on the right."""
    drawn = four_findings.draw({EFFUSION: "left", NODULE: "right"}, seed=3004)
    stored = np.rint(255 * drawn).astype(np.uint8).repeat(3, axis=0).repeat(3, axis=1)
    return dicom_source(make_dicom, stored=stored)


def _posted(client, address, film, **query):
    answer = client.post(address, files={"file": ("f.dcm", film)}, params=query)
    assert answer.status_code in {200, 201}, answer.text
    return answer


@pytest.fixture(scope="module")
def answer(both, film):
    return _posted(both, "/predict", film, **BOTH, evidence="contour").json()


def test_it_is_evaluated_finding_by_finding(both, four_findings_dir, tmp_path, capsys, monkeypatch):
    films = tmp_path / "films"
    four_findings.write_labelled(films, 20, seed=7)
    table = pd.read_csv(films / "labels.csv", dtype=object)
    codes = [finding.value for finding in FINDINGS]
    # Labels that are wrong, so that no figure is a whole number.
    table.loc[1:4, codes] = table.loc[1:4, codes].replace({"0": "1", "1": "0"})
    table.to_csv(films / "labels.csv", index=False)
    monkeypatch.setenv("HILUM_MODELS_DIR", str(four_findings_dir))
    out = tmp_path / "report"
    command = ["hilum", "evaluate", NAME, "--data", str(films), "--out", str(out), "--json"]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in {0, None}
    measured = json.loads(capsys.readouterr().out)["tasks"]
    assert [*measured] == codes

    sent = [("files", (name, (films / name).read_bytes())) for name in table["path"]]
    read = both.post("/predict", files=sent, params={"model": NAME}).json()
    for code in codes:
        said = [f["probability"] for each in read for f in each["findings"] if f["code"] == code]
        known = table[code].notna().to_numpy()
        assert known.sum() == (18 if code == "mass" else 20)
        expected = roc_auc_score(table[code][known].astype(int), np.array(said)[known])
        assert 0.5 < expected < 1
        assert measured[code]["figures"]["auroc"]["value"] == pytest.approx(expected, abs=1e-5)
    assert (out / "report.html").read_text().count("neumothorax") > 1


def test_each_finding_has_a_decision_of_its_own(answer):
    decisions = {each["code"]: each["decision"] for each in answer["findings"]}
    assert decisions == {
        "effusion": "positive", "pneumothorax": "negative", "mass": "negative",
        "nodule": "positive",
    }  # fmt: skip
    assert [each["finding"] for each in answer["verdicts"]] == [*FINDINGS]
    assert all(each["prediction_set"] for each in answer["findings"])


def test_a_finding_without_enough_evidence_has_no_decision_beside_its_probability(
    make_client, four_findings_dir, tmp_path, film, answer
):
    folder = shutil.copytree(four_findings_dir, tmp_path / "models")
    path = folder / NAME / "card.json"
    card = json.loads(path.read_text())
    # A rule that asks for figures of a split that there are none of.
    card["tasks"][0]["assessment"] = {"split": "elsewhere", "least_positives": 15}
    path.write_text(json.dumps(card))
    with make_client(models_dir=folder) as client:
        weak = _posted(client, "/predict", film, **BOTH).json()
    before, after = answer["findings"][0], weak["findings"][0]
    assert (after["decision"], after["assessed"]) == ("not_assessed", False)
    assert after["probability"] == before["probability"]
    assert weak["findings"][1:] == answer["findings"][1:]
    assert (weak["verdicts"][0]["code"], weak["decision"]) == ("not_assessed", answer["decision"])


def test_what_older_clients_read_is_of_pneumonia_alone(both, film, answer):
    of_four, of_pneumonia = answer["readings"]
    assert (of_four["result"], of_four["prediction"], of_four["result_assessed"]) == (None,) * 3
    for name in ("result", "prediction", "result_assessed"):
        assert answer[name] == of_pneumonia[name]
    assert answer["result_model"] == "pneumonia"
    assert [each["model"]["name"] for each in answer["readings"]] == [NAME, "pneumonia"]
    assert of_four["findings"] == answer["findings"]
    assert of_pneumonia["result"] in {"Normal", "Potentially Pneumonia"}
    alone = _posted(both, "/", film).json()
    assert alone["model"]["name"] == "pneumonia"
    assert alone["prediction"] == of_pneumonia["prediction"]


@pytest.mark.parametrize("point", [0.001, 0.999])
def test_where_pneumonia_is_not_assessed_older_clients_get_what_the_threshold_says(
    make_client, four_findings_dir, tmp_path, film, point
):
    folder = shutil.copytree(four_findings_dir, tmp_path / "models")
    path = folder / "pneumonia" / "card.json"
    card = json.loads(path.read_text())
    card["tasks"][0]["assessment"] = {"split": "elsewhere", "least_positives": 15}
    card["tasks"][0]["operating_point"]["threshold"] = point
    path.write_text(json.dumps(card))

    with make_client(models_dir=folder) as client:
        weak = _posted(client, "/predict", film, model="pneumonia").json()

    decisions = {each["code"]: each["decision"] for each in weak["findings"]}
    assert decisions["pneumonia"] == "not_assessed"
    assert weak["result_assessed"] is False
    is_above = float(weak["prediction"]) / 100 >= point
    assert weak["result"] == ("Potentially Pneumonia" if is_above else "Normal")
    assert is_above == (point < 0.5)


def test_a_point_may_be_of_one_finding_or_of_all(both, film):
    query = {**BOTH, "operating_point": ["mass:0.9999999", "0.5"]}
    answer = _posted(both, "/predict", film, **query).json()
    points = {
        each["finding"]: each["operating_point"]
        for reading in answer["readings"]
        for each in reading["verdicts"]
    }
    assert points == {
        "effusion": 0.5, "pneumothorax": 0.5, "mass": 0.9999999, "nodule": 0.5, "pneumonia": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["pneumonia@9", f"{NAME}@", "@0.1"])
def test_another_version_is_another_model(both, film, name):
    answer = both.post("/predict", files={"file": ("f.dcm", film)}, params={"model": name})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-model")


@pytest.mark.parametrize("names", [["pneumonia", "pneumonia@0.1"], [NAME, "pneumonia", NAME]])
def test_a_model_is_named_once(both, film, names):
    answer = both.post("/predict", files={"file": ("f.dcm", film)}, params={"model": names})
    assert answer.status_code == 422
    assert f"named more than once: {names[0]}, {names[-1]}." in answer.json()["detail"]


def test_one_structured_report_has_a_group_of_each_finding_and_names_each_model(both, film):
    report = pydicom.dcmread(
        io.BytesIO(_posted(both, "/report", film, **BOTH, format="sr").content)
    )
    groups = [
        item
        for container in report.ContentSequence
        for item in container.get("ContentSequence", ())
        if _name(item) == "Measurement Group"
    ]
    by_algorithm = {}
    for group in groups:
        values = {_name(each): each for each in group.ContentSequence}
        if "Presence" not in {*values} and "Probability" not in str(values):
            continue
        if "Algorithm Name" in values and "Finding" in values:
            finding = values["Finding"].ConceptCodeSequence[0].CodeMeaning
            by_algorithm.setdefault(values["Algorithm Name"].TextValue, set()).add(finding)
    assert set(by_algorithm) == {NAME, "pneumonia"}
    assert len(by_algorithm[NAME] - {"Evidence"}) >= len(FINDINGS)


def _name(item) -> str:
    return item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else ""


def test_the_segmentation_has_the_evidence_of_each_finding_that_is_present(both, film):
    made = pydicom.dcmread(io.BytesIO(_posted(both, "/report", film, **BOTH, format="seg").content))
    labels = {each.SegmentLabel: each for each in made.SegmentSequence}
    assert {"Evidence, effusion", "Evidence, nodule"} <= {*labels}
    algorithm = labels["Evidence, nodule"].SegmentationAlgorithmIdentificationSequence[0]
    assert algorithm.AlgorithmName == NAME
    # The nodule is in the right lung, which is on the left of the picture; the effusion is not.
    frames = dict(zip(labels, made.pixel_array, strict=True))
    across = {label: np.nonzero(mask)[1].mean() for label, mask in frames.items()}
    middle = made.Columns / 2
    assert across["Evidence, nodule"] < middle < across["Evidence, effusion"]


def test_one_bundle_of_fhir_has_an_observation_of_each_and_both_devices(both, film):
    bundle = _posted(both, "/report", film, **BOTH, format="fhir").json()
    resources = [entry["resource"] for entry in bundle["entry"]]
    devices = {
        entry["fullUrl"]: entry["resource"]["deviceName"][0]["name"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Device"
    }
    assert sorted(devices.values()) == [NAME, "pneumonia"]
    by_model = {name: {} for name in devices.values()}
    for each in resources:
        if each["resourceType"] == "Observation" and "valueCodeableConcept" in each:
            found = by_model[devices[each["device"]["reference"]]]
            found[each["code"]["text"]] = each["valueCodeableConcept"]["text"]
    assert by_model[NAME] == {
        "Pleural effusion": "Present", "Pneumothorax": "Absent", "Mass": "Absent",
        "Nodule": "Present",
    }  # fmt: skip
    assert [*by_model["pneumonia"]] == ["Pneumonia"]
    (report,) = (each for each in resources if each["resourceType"] == "DiagnosticReport")
    observations = [each for each in resources if each["resourceType"] == "Observation"]
    assert len(report["result"]) == len(observations)
    assert "Nodule: present" in report["conclusion"]


def test_one_page_names_all_findings_and_both_models(both, film):
    (page,) = PdfReader(io.BytesIO(_posted(both, "/report", film, **BOTH).content)).pages
    text = " ".join(page.extract_text().split())
    assert "Signs of pleural effusion" in text
    assert "Nodule: present" in text
    assert "Absent: pneumothorax" in text
    for name in (f"{NAME} 0.1", "pneumonia 0.1"):
        assert name in text


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="needs Debian's dicom3tools")
@pytest.mark.parametrize("form", ["sr", "seg", "sc", "dicom-pdf"])
def test_what_goes_to_an_archive_is_valid(both, film, form, tmp_path):
    path = tmp_path / f"{form}.dcm"
    path.write_bytes(_posted(both, "/report", film, **BOTH, format=form).content)
    told = subprocess.run(
        ["dciodvfy", path], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in told.stderr.splitlines() if line.startswith("Error")] == []


def test_what_is_kept_has_the_decisions_of_both(both, film):
    held = _posted(both, "/readings", film, operating_point="0.5").json()
    decided = {(each["model"], each["finding"]): each["decision"] for each in held["decisions"]}
    assert len(decided) == 5
    assert decided[NAME, "nodule"] == "positive"
    assert decided[NAME, "mass"] == "negative"
    assert ("pneumonia", "pneumonia") in decided
    assert (held["model"], held["decision"]) == (NAME, "positive")


def test_a_model_that_is_to_read_what_arrives_and_is_not_there_makes_the_service_unready(
    make_client, four_findings_dir
):
    names = (NAME, "pneumonia@9")
    with make_client(models_dir=four_findings_dir, reading_models=names) as client:
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/model-unavailable")
    assert "Known models: pneumonia, four_findings." in answer.json()["detail"]


@pytest.mark.parametrize(
    ("age", "names"), [("004Y", ["pneumonia"]), ("040Y", [NAME]), (None, ["pneumonia", NAME])]
)
def test_by_default_the_models_for_the_patients_age_read(
    make_client, four_findings_dir, tmp_path, make_dicom, age, names
):
    folder = shutil.copytree(four_findings_dir, tmp_path / "models")
    for name, population in (("pneumonia", "children"), (NAME, "adults")):
        path = folder / name / "card.json"
        card = json.loads(path.read_text())
        for task in card["tasks"]:
            task["intended"] = {"population": population}
        path.write_text(json.dumps(card))
    drawn = four_findings.draw({EFFUSION: "left"}, seed=3004)
    stored = np.rint(255 * drawn).astype(np.uint8).repeat(3, axis=0).repeat(3, axis=1)
    film = dicom_source(make_dicom, stored=stored, PatientAge=age, PatientBirthDate=None)
    with make_client(models_dir=folder) as client:
        answer = _posted(client, "/predict", film).json()
        assert answer["selection"]["models"] == names
        assert [each["model"]["name"] for each in answer["readings"]] == names
        # The address of the original service selects, too; both read alone as they do here.
        assert _posted(client, "/", film).json()["readings"] == answer["readings"]
        assert answer["result_model"] == ("pneumonia" if "pneumonia" in names else None)
        named = _posted(client, "/predict", film, model=names).json()
        assert (named["selection"], named["readings"]) == (None, answer["readings"])
        everyone = _posted(client, "/predict", film, model="all").json()
        assert [each["model"]["name"] for each in everyone["readings"]] == ["pneumonia", NAME]
        pdf = _posted(client, "/report", film, format="pdf").content
    text = " ".join(PdfReader(io.BytesIO(pdf)).pages[-1].extract_text().split())
    assert "Models for this patient" in text
