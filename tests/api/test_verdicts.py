"""`POST /verdicts`: decisions of figures, at any operating point, without a film."""

import pytest

FIGURES = {"probabilities": {"pneumonia": 0.55}}


def _ask(client, *readings, query=""):
    return client.post(f"/verdicts{query}", json={"readings": list(readings)})


def test_the_verdict_of_a_reading_is_that_of_its_film(client, files):
    read = client.post("/predict?force=true", files={"file": files["png"]}).json()
    figures = {
        "probabilities": {each["code"]: each["probability"] for each in read["findings"]},
    }

    (again,) = _ask(client, figures).json()

    assert again == {name: read[name] for name in again}
    assert len(again["verdicts"]) == 1


@pytest.mark.parametrize(
    ("threshold", "decision", "result"),
    [("0.2", "positive", "Potentially Pneumonia"), ("0.8", "negative", "Normal")],
)
def test_a_threshold_decides_alone(client, threshold, decision, result):
    (found,) = _ask(client, FIGURES, query=f"?operating_point={threshold}").json()

    assert (found["decision"], found["result"]) == (decision, result)
    assert found["uncertain_between"] is None
    assert found["operating_point"]["threshold"] == float(threshold)
    assert found["verdicts"][0]["operating_point"] == float(threshold)


def test_several_readings_are_answered_in_their_order(client):
    readings = [{"probabilities": {"pneumonia": share}} for share in (0.9, 0.1, 0.9)]
    found = _ask(client, *readings, query="?operating_point=0.5").json()

    assert [each["decision"] for each in found] == ["positive", "negative", "positive"]


def test_a_negative_zero_is_zero(client):
    (found,) = _ask(client, {"probabilities": {"pneumonia": -0.0}}).json()

    assert found["prediction"] == "0.0000"
    assert str(found["verdicts"][0]["probability"]) == "0.0"


@pytest.mark.parametrize("figures", [{"forced": True}, {"intended": False}])
def test_what_is_not_reliable_has_no_rates_and_is_not_called_uncertain(client, figures):
    for query in ("", "?operating_point=0.2"):
        plain, told = _ask(client, FIGURES, FIGURES | figures, query=query).json()
        verdict = told["verdicts"][0]

        assert told["decision"] == plain["decision"]
        assert verdict["rates"] is verdict["rates_words"] is None
        assert told["operating_point"]["sensitivity"] is None
        assert told["operating_point"]["specificity"] is None
        assert verdict["evidence_caution"] == verdict["headline"]
    assert plain["verdicts"][0]["evidence_caution"] is None


def test_force_and_population_go_into_the_headline(client):
    found = _ask(
        client, FIGURES | {"forced": True, "intended": False}, FIGURES | {"intended": False}
    )

    codes = [each["verdicts"][0]["code"] for each in found.json()]
    assert codes == ["forced", "outside_population"]


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ({"readings": []}, 422, "readings"),
        ({"readings": [FIGURES] * 1001}, 422, "readings"),
        ({"readings": [{"probabilities": {"pneumonia": 1.2}}]}, 422, "pneumonia"),
        ({"readings": [{"probabilities": {"asthma": 0.2}}]}, 422, "readings.0.probabilities"),
        ({"readings": [{"probabilities": {"normal": 0.2}}]}, 422, "Reading 0 has no probability"),
        ({"readings": [FIGURES | {"gender": "F"}]}, 422, "readings.0.…: Extra"),
        ({"readings": [{"probabilities": {"pneumonia": "0.5"}}]}, 422, "pneumonia"),
        ({"readings": [{"probabilities": {"pneumonia": True}}]}, 422, "pneumonia"),
        ({"readings": [FIGURES | {"forced": "no"}]}, 422, "readings.0.forced"),
        ({"readings": [FIGURES | {"intended": 1}]}, 422, "readings.0.intended"),
        ([], 422, ""),
    ],
)
def test_what_is_no_reading_is_refused_with_its_place(client, question, status, said):
    answer = client.post("/verdicts", json=question)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("?operating_point=often", "invalid-operating-point"),
        ("?operating_point=sensitivity:0.98", "invalid-operating-point"),
        ("?model=nothing", "unknown-model"),
    ],
)
def test_a_point_or_model_that_there_is_not_is_refused(client, query, slug):
    # The tests' network has no curve to find a sensitivity on.
    assert _ask(client, FIGURES, query=query).json()["type"] == f"/problems/{slug}"
