"""A whole calculation on a council of two wards, three payments and two claims, worked by hand."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.figures import calculation as module
from sv_lib.figures.calculation import calculate, gather
from sv_lib.figures.saved import TRAIL, Calculation
from sv_lib.figures.trail import Trail
from sv_lib.params import load

BASE = Path("tests/bad_inputs/base")
SUPPLIED_LATER = (
    "suppliers",
    "contracts",
    "contract_places",
    "commitments",
    "returns",
    "deprivation",
    "stories",
    "proxies",
)


@pytest.fixture(scope="module")
def calculation(root: Path) -> Calculation:
    publication = load(root / BASE / "publication.yaml", "exempt")
    return calculate(publication, gather(publication))


@pytest.fixture(scope="module")
def payments_only(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Trail:
    """The same council when it has nothing but its payments."""
    folder = tmp_path_factory.mktemp("params") / "test"
    shutil.copytree(root / BASE, folder)
    text = (folder / "publication.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if line.strip().split(":")[0] not in SUPPLIED_LATER]
    (folder / "publication.yaml").write_text("\n".join(kept), encoding="utf-8")
    publication = load(folder / "publication.yaml", "exempt")
    return calculate(publication, gather(publication)).trail


WORKED = {
    "spend.total.this": 1_200_50 - 20_00,
    "spend.total.before": 300_00,
    "spend.total.change": 1_180_50 - 300_00,
    "spend.vcse.no.this": 1_200_50,
    "spend.vcse.not-known.this": -20_00,
    "spend.size.small.this": 1_200_50,
    "spend.card.yes.this": -20_00,
    # 120,050p over three quarters and one quarter: 90,037.5 and 30,012.5, the odd penny to the
    # first
    "lens.spend.E05990001.place": 900_38,
    "lens.spend.borough.place": 300_12,
    "lens.spend.unknown.place": -20_00,
    # 6 weeks x £200 + 4.5 weeks x £200 x a half
    "headline.delivered_value.this": 1_200_00 + 450_00,
    "headline.validated_value.this": 0,
    "headline.training_weeks.this": Decimal("10.5"),
    # 24 weeks x £200 over 1,095 days, of which 547 have passed: 11.989041 weeks
    "delivery.committed.this": 4_800_00,
    "delivery.due.this": 2_397_81,
    "delivery.reported.this": 1_650_00,
    "delivery.not_yet_due.this": 4_800_00 - 2_397_81,
    "ward.E05990001.largest_contract.paid": 900_38,
    "ward.E05990001.largest_contract.share": 100,
}


@pytest.mark.parametrize("figure_id", WORKED)
def test_worked_by_hand(calculation: Calculation, figure_id: str) -> None:
    assert calculation.trail[figure_id].value == WORKED[figure_id]


def test_how_text_is_held_moves_no_figure(
    root: Path, calculation: Calculation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of very long tables stays as Arrow holds it: here that of every table."""
    monkeypatch.setattr(module, "MANY_ROWS", 0)
    publication = load(root / BASE / "publication.yaml", "exempt")
    made = calculate(publication, gather(publication))
    assert list(made.trail) == list(calculation.trail)
    for name, table in calculation.tables.items():
        same_text = [module._as_python_text(one) for one in (made.tables[name], table)]
        pd.testing.assert_frame_equal(*same_text)


def test_the_rate_is_of_what_was_due(calculation: Calculation) -> None:
    # 1,650.00 / 2,397.81
    assert calculation.trail["headline.delivery_rate.this"].exact == "68.812792"


def test_every_cut_of_the_payments_makes_the_whole(calculation: Calculation) -> None:
    trail = calculation.trail
    for cut in ("geography", "vcse", "sme", "size", "addressable", "card"):
        parts = [
            f.value
            for f in trail
            if f.id.startswith(f"spend.{cut}.") and f.id.endswith(".this") and f.is_known
        ]
        assert sum(parts) == trail["spend.total.this"].value, cut


def test_the_same_calculation_twice_is_the_same(root: Path, calculation: Calculation) -> None:
    publication = load(root / BASE / "publication.yaml", "exempt")
    again = calculate(publication, gather(publication)).trail
    assert [(f.id, f.exact, f.caution) for f in again] == [
        (f.id, f.exact, f.caution) for f in calculation.trail
    ]


def test_what_was_not_supplied_is_not_known_and_never_nil(payments_only: Trail) -> None:
    for figure_id, reason in (
        ("headline.residents_into_work.this", "no contracts or returns supplied"),
        ("headline.delivered_value.this", "no contracts, returns or proxies supplied"),
        ("lens.spend.E05990001.supplier", "no suppliers or postcodes supplied"),
        ("lens.jobs.E05990001.beneficiary", "no contracts or returns supplied"),
        ("suppliers.first_time.count", "no suppliers supplied"),
        ("compliance.quotes.all", "no quotes supplied"),
        ("ward.E05990001.lsoas", "no deprivation supplied"),
        ("engagement.all.held", "no events supplied"),
    ):
        figure = payments_only[figure_id]
        assert (figure.value, figure.caution) == (None, reason), figure_id


def test_a_period_of_which_no_place_is_known_makes_no_bridge(calculation: Calculation) -> None:
    change = calculation.trail["bridge.spend.E05990001.change"]
    assert (change.value, change.caution) == (None, "the place of works is known for none of it")


def test_payments_alone_still_give_the_spend(payments_only: Trail) -> None:
    assert payments_only["spend.total.this"].value == 1_180_50
    assert payments_only["spend.geography.not-known.this"].value == 1_180_50
    assert payments_only["spend.vcse.yes.this"].value is None
    for lens in ("supplier", "place"):
        assert payments_only[f"lens.spend.unknown.{lens}"].value == 1_180_50
        assert payments_only[f"coverage.spend.{lens}"].value is None
    assert payments_only["lens.spend.unknown.beneficiary"].value is None


def test_a_saved_calculation_opens_the_same(calculation: Calculation, tmp_path: Path) -> None:
    calculation.save(tmp_path)
    calculation.save_trail(tmp_path)
    opened = Calculation.open(tmp_path)
    assert list(opened.trail) == list(calculation.trail)
    assert set(opened.tables) == set(calculation.tables)
    rows = pd.read_parquet(tmp_path / TRAIL).query("figure_id == 'headline.delivered_value.this'")
    assert [(row.source_file, row.source_row, row.amount) for row in rows.itertuples()] == [
        ("inputs/returns.csv", 2, 1_200_00),
        ("inputs/returns.csv", 3, 450_00),
    ]
