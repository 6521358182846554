"""The headline methods written a second time, in SQL over the raw files: every figure equal, to the
penny.

The SQL reads the input files and the parameters itself and takes nothing from the package; only
this comparison does.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from made_once import calculate, gather

from sv_lib.figures.saved import Calculation
from sv_lib.params import load
from sv_lib.publish.files.data_tables import figures_frame
from tests.second_implementation.reperform import not_worked_out

pytestmark = pytest.mark.slow

PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")
SCRIPTS = sorted(Path(__file__).parent.glob("*.sql"))
SPANS = ("this", "before")
DONE_TWICE = re.compile(
    r"headline\.(delivered|validated)_value\.(this|before)|delivery\.(committed|due|reported|validated)\.(this|before)"
    r"|headline\.residents_into_work\.(this|before)"
    r"|delivery\.(validated_)?towards_due\.(this|before)"
    r"|delivery\.coverage\.(in_scope|(part_|not_)?reported)\.(this|before)"
    r"|spend\.(total|geography\.[a-z-]+|vcse\.[a-z-]+)\.(this|before)|lens\.spend\.(?!wards)\w+\.(supplier|place)(\.before)?"
    r"|bridge\.spend\.\w+\.(new|ended|ended-within|re-let|continuing|moved|change)"
    r"|coverage\.spend\.ward\.known|ward\.\w+\.without_largest\.spend"
)
RATES = {
    "headline.delivery_rate": ("delivery.towards_due", "delivery.due"),
    "delivery.validated_rate": ("delivery.validated_towards_due", "delivery.due"),
    "headline.local_share": ("spend.geography.rotherham", "spend.total"),
}
AT_LEAST = 2 * (3 + 6 + 4 + 1 + 5 + 3 + 2 * 28) + 26 * 7 + 1 + 25


def tables(folder: Path, publication: str) -> dict[str, list[str]]:
    """The input files of a publication by table, as its parameters list them."""
    council = yaml.safe_load((folder / "council.yaml").read_text(encoding="utf-8"))
    listed = (
        council["inputs"]
        | yaml.safe_load((folder / f"{publication}.yaml").read_text(encoding="utf-8"))["inputs"]
    )
    paths = {table: [names] if isinstance(names, str) else names for table, names in listed.items()}
    return {
        table: [str(folder / name) for name in names]
        for table, names in paths.items()
        if table != "story_photos"
    }


def second(folder: Path, publication: str) -> duckdb.DuckDBPyConnection:
    """The raw files and parameters in an empty database, then the SQL: table ``figure`` has its
    results.
    """
    base = duckdb.connect()
    base.execute("set threads = 1")
    for table, paths in tables(folder, publication).items():
        base.read_csv(paths, all_varchar=True, header=True, quotechar='"').create(table)
    base.execute(
        "create table if not exists contract_changes "
        '(contract_id text, changed_on text, what text, "from" text, "to" text)'
    )
    council = yaml.safe_load((folder / "council.yaml").read_text(encoding="utf-8"))
    file = yaml.safe_load((folder / f"{publication}.yaml").read_text(encoding="utf-8"))
    base.execute("create table council (lad_code text); create table ward (ward_code text)")
    base.execute(
        "create table ring (position int, tier text, code text); create table figure "
        "(id text, value hugeint)"
    )
    base.execute(
        "create table span (span text, day date, known_on date, sv_from date, sv_to date, "
        "spend_from date, spend_to date)"
    )
    base.execute("insert into council values (?)", [council["lad_code"]])
    base.executemany("insert into ward values (?)", [[ward["code"]] for ward in council["wards"]])
    codes = [
        (n, tier["id"], tier.get("lad_codes", []) + tier.get("region_codes", []))
        for n, tier in enumerate(council["tiers"])
    ]
    base.executemany(
        "insert into ring values (?, ?, ?)",
        [[n, tier, code] for n, tier, some in codes for code in some],
    )
    for span in SPANS:
        days = [
            file[kind][span][end] for kind in ("social_value", "spend") for end in ("start", "end")
        ]
        # As long after the end of its period as the data are after the end of the reported one.
        lag = file["data_as_at"] - file["social_value"]["this"]["end"]
        known_on = file["social_value"][span]["end"] + lag
        base.execute(
            "insert into span values (?, ?, ?, ?, ?, ?, ?)",
            [span, file["data_as_at"], known_on, *days],
        )
    for script in SCRIPTS:
        base.execute(script.read_text(encoding="utf-8"))
    return base


@pytest.fixture(scope="module", params=PUBLICATIONS)
def both(
    request: pytest.FixtureRequest, root: Path
) -> tuple[Calculation, duckdb.DuckDBPyConnection]:
    folder = root / "params" / "rotherham-demo"
    publication = load(folder / f"{request.param}.yaml", "exempt")
    return calculate(publication, gather(publication)), second(folder, request.param)


Both = tuple[Calculation, duckdb.DuckDBPyConnection]


def results(base: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(base.execute("select id, value from figure").fetchall())


def test_every_figure_done_twice_is_the_same_to_the_penny(both: Both) -> None:
    trail, other = both[0].trail, results(both[1])
    ours: dict[str, Any] = {
        figure.id: figure.value for figure in trail if DONE_TWICE.fullmatch(figure.id)
    }
    assert len(ours) == AT_LEAST, f"{len(ours)} figures compared"
    assert set(other) <= set(ours)
    differences = {
        name: (value, other.get(name, 0))
        for name, value in ours.items()
        if value != other.get(name, 0)
    }
    assert differences == {}


def test_every_rate_is_the_same_fraction(both: Both) -> None:
    trail, other = both[0].trail, results(both[1])
    for rate, (above, below) in RATES.items():
        for span in SPANS:
            expected = Fraction(other[f"{above}.{span}"], other[f"{below}.{span}"]) * 100
            assert trail[f"{rate}.{span}"].value == expected, rate


def test_figures_csv_is_enough_to_work_every_figure_out_again(both: Both) -> None:
    lines = figures_frame(both[0].trail).astype(str).to_dict("records")
    assert sum(bool(line["parts"]) for line in lines) > 500
    assert not_worked_out(lines) == []


def test_every_claim_is_worth_the_same_and_stands_the_same(both: Both) -> None:
    claims = both[0].tables["claims"]
    values = [
        None if value != value or value is None else int(value)
        for value in claims["value_pence"].astype(object).where(claims["value_pence"].notna(), None)
    ]
    ours = {
        claim: (value, state, bool(blocked))
        for claim, value, state, blocked in zip(
            claims["claim_id"], values, claims["state"], claims["is_blocked"], strict=True
        )
    }
    other = both[1].execute("select claim_id, value_pence, state, is_blocked from stands")
    assert {claim: tuple(rest) for claim, *rest in other.fetchall()} == ours
