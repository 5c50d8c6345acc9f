"""The vocabulary: each finding has its words and its codes."""

import pytest

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
