"""The vocabulary: each finding has its words and its codes."""

import pytest
from pydicom.sr._concepts_dict import concepts

from hilum.findings import Finding


@pytest.mark.parametrize("finding", Finding)
def test_each_finding_has_a_label_and_a_code_of_snomed_ct_first(finding):
    assert finding.label
    codings = finding.codings
    assert (codings == ()) == (finding is Finding.NORMAL)
    assert [each.scheme for each in codings[:1]] == ["SCT"] * bool(codings)


def test_no_two_findings_share_a_code_of_a_terminology():
    codes = [(each.scheme, each.value) for finding in Finding for each in finding.codings]
    assert len(set(codes)) == len(codes)


def _standard() -> dict[tuple[str, str], set[str]]:
    """Meanings of the codes that DICOM uses, by scheme and code, as pydicom lists them."""
    meanings: dict[tuple[str, str], set[str]] = {}
    for scheme, by_keyword in concepts.items():
        for by_code in by_keyword.values():
            for code, (meaning, _) in by_code.items():
                meanings.setdefault((scheme, code), set()).add(meaning)
    return meanings


IN_DICOM = {
    Finding.EFFUSION, Finding.PNEUMOTHORAX, Finding.MASS, Finding.NODULE, Finding.EDEMA,
    Finding.INFILTRATION,
}  # fmt: skip
"""Findings with a code in the dictionary of DICOM's terms."""


@pytest.mark.parametrize("finding", Finding)
def test_a_code_that_dicom_uses_has_dicoms_meaning(finding):
    standard = _standard()
    known = [each for each in finding.codings if (each.scheme, each.value) in standard]
    assert bool(known) == (finding in IN_DICOM)
    for each in known:
        assert each.meaning in standard[each.scheme, each.value]


def test_dicoms_code_of_cardiomegaly_is_of_something_else():
    # So it is not used: context groups 12248 and 12249 of PS3.16.
    assert _standard()["SCT", "287272002"] == {
        "Cardiomegaly", "Enlarged septal foramen of heart (disorder)",
    }  # fmt: skip
    assert Finding.CARDIOMEGALY.codings[0].value != "287272002"


# Dihedral group D5 and the permutation of Verhoeff (1969), which SNOMED CT identifiers end with.
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _product(a: int, b: int) -> int:
    turns = a + b if a < 5 else a - b
    flips = (a >= 5) != (b >= 5)
    return turns % 5 + 5 * flips


def _verhoeff(digits: str) -> int:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        permuted = int(digit)
        for _ in range(place % 8):
            permuted = _PERMUTATION[permuted]
        check = _product(check, permuted)
    return check


def test_the_check_digit_finds_a_wrong_digit():
    # ISO's and Wikipedia's example: the check digit of 236 is 3.
    assert _verhoeff("2363") == 0
    assert _verhoeff("2364") != 0
    assert _verhoeff("3263") != 0


@pytest.mark.parametrize("finding", Finding)
def test_codes_of_snomed_ct_have_its_check_digit(finding):
    for each in finding.codings:
        if each.scheme == "SCT":
            assert _verhoeff(each.value) == 0, each
            # Partition 00: a concept of the international edition.
            assert each.value[-3:-1] == "00", each
