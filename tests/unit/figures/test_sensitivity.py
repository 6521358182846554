"""The register is whole and in step with its page; what the headline would be otherwise is worked
by hand.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_once import calculate
from page_cells import shown

from sv_lib.figures.calculation import gather
from sv_lib.figures.topics.sensitivity import OTHERWISE, register
from sv_lib.figures.trail import Trail
from sv_lib.params import load
from sv_lib.present.report import Report


@pytest.fixture(scope="module")
def report(root: Path) -> Report:
    publication = load(root / "tests" / "bad_inputs" / "base" / "publication.yaml", "exempt")
    return Report(publication, calculate(publication, gather(publication)))


# Published: 6 weeks x £200 + 4.5 weeks x £200 x a half = £1,650.
@pytest.mark.parametrize(
    ("other", "pence"),
    [
        ("deadweight", 148500),  # £1,080 + £405
        ("attribution", 210000),  # £1,200 + £900
        ("proxies", 181500),  # £1,320 + £495
        ("validated", 0),
        ("double_counts", 165000),  # none is blocked
    ],
)
def test_the_headline_under_another_assumption(report: Report, other: str, pence: int) -> None:
    trail: Trail = report.calculation.trail
    assert trail[f"sensitivity.{other}.value"].value == pence
    assert trail[f"sensitivity.{other}.change"].value == pence - 165000


def test_the_register_is_numbered_and_uses_every_effect() -> None:
    entries = register()
    assert [one.id for one in entries] == list(range(1, len(entries) + 1))
    assert {one.effect for one in entries} == {"", *OTHERWISE}


def test_the_page_of_the_documentation_has_the_same_assumptions(root: Path) -> None:
    page = (root / "docs" / "assumptions.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:5]]
        for line in page.splitlines()
        if re.match(r"\| \d+ ", line)
    ]
    shown = [(int(number), text.replace("`", "").lower(), sure) for number, text, sure, _ in rows]
    assert shown == [(one.id, one.assumption.lower(), one.sure) for one in register()]


def test_the_methods_report_prints_every_entry_with_its_effect(report: Report) -> None:
    page = shown(report, "assumptions")
    assert all(f"{one.id}. " in page for one in register())
    assert page.count("none on the value claimed") == sum(not one.effect for one in register())
    assert "−£165" in page
    assert 'class="rag rag-red"' in page
