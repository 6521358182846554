"""How much is known, as bars: what is not known has none, and is never 0%."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from made_once import calculate

from sv_lib.figures.calculation import gather
from sv_lib.params import Publication, load
from sv_lib.publish.check_coverage import Coverage, coverage


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")
    return tmp_path / "params"


def publication(folder: Path) -> Publication:
    return load(folder / "publication.yaml")


def known(folder: Path) -> dict[str, Coverage]:
    settings = publication(folder)
    return {one.label: one for one in coverage(gather(settings), settings)}


def without(folder: Path, *names: str) -> None:
    """Take inputs out of the parameters."""
    path = folder / "publication.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith(tuple(f"{n}:" for n in names))]
    assert len(kept) == len(lines) - len(names)
    path.write_text("\n".join(kept), encoding="utf-8")


def test_a_share_is_a_bar_with_its_number_beside_it(folder: Path) -> None:
    _, number, share, amount, of_amount = known(folder)["the supplier is in the list"].row
    assert (number, amount) == ("2 of 3 payments", "£1,180.50")
    assert str(share).startswith("66.7%<svg")
    assert 'class="known" width="66.7"' in str(share)
    assert 'aria-hidden="true"' in str(share)
    assert 'width="79.7"' in str(of_amount)


def test_reversals_do_not_draw_a_bar_beyond_its_ends(folder: Path) -> None:
    path = folder / "inputs" / "payments.csv"
    text = path.read_text(encoding="utf-8").replace("P1,2021-11-02,S1", "P1,2021-11-02,S9")
    path.write_text(text, encoding="utf-8")
    *_, of_amount = known(folder)["the supplier is in the list"].row
    assert str(of_amount).startswith("−1.4%<svg")
    assert 'width="0.0"' in str(of_amount)


def test_what_was_not_supplied_is_not_known_and_has_no_bar(folder: Path) -> None:
    without(folder, "suppliers", "contracts", "contract_places", "commitments", "returns")
    without(folder, "stories")
    for label, why in {
        "the supplier is in the list": "no suppliers supplied",
        "the supplier's ward, or that it is outside": "no suppliers or postcodes supplied",
        "the contract is in the register": "no contracts supplied",
        "contracts that sent every return due": "no contracts or returns supplied",
        "homes of people into work": "no contracts or returns supplied",
        "prices of measures promised or claimed": "there are none",
    }.items():
        one = known(folder)[label]
        assert one.number == f"not known: {why}"
        assert one.row[2] == one.known == "not known"
        assert not re.search(r"0\.0|svg", " ".join(map(str, one.row)))


def test_a_measure_without_price_is_counted(folder: Path) -> None:
    assert known(folder)["prices of measures promised or claimed"].number == "1 of 1 price"
    path = folder / "inputs" / "returns.csv"
    line = "R3,C1,,NT1,2021-12-01,2022-02-28,1,1,,4,A3,reported,2022-03-10,,,,,\n"
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert known(folder)["prices of measures promised or claimed"].number == "1 of 2 prices"


def test_returns_and_homes_are_the_figures_of_the_report(root: Path) -> None:
    settings = load(root / "params" / "sample" / "2024-25-annual.yaml")
    inputs = gather(settings)
    found = {one.label: one for one in coverage(inputs, settings)}
    trail = calculate(settings, inputs).whole.trail
    homes = found["homes of people into work"]
    assert homes.share.value == trail["people.home_known_share.this"].value
    returns = found["contracts that sent every return due"]
    assert returns.share.value == trail["delivery.coverage.share.this"].value is not None
