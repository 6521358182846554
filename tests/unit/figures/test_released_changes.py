"""What a public run tells of who moved an amount: nothing of a contract with claims on people."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sv_lib.figures.figure import Figure, Kind
from sv_lib.figures.protection.release import _bridge_without, _hidden_last, _known_largest
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period

PERIOD = Period(date(2022, 4, 1), date(2023, 3, 31))


def pence(figure_id: str, value: int | None) -> Figure:
    kind: Kind = "hidden" if value is None else "total"
    return Figure(figure_id, kind, "A", value, "pence", PERIOD, "sum", caution="hidden")


@pytest.mark.parametrize(
    ("contract", "successor", "is_told"),
    [("C1", "", True), ("C9", "", False), ("C1", "C2, C9", False), (None, "", True)],
)
def test_a_line_goes_where_one_of_its_contracts_has_people(
    contract: str | None, successor: str, is_told: bool
) -> None:
    lines = {"family": ["social_value", "spend"], "contract_id": contract}
    causes = pd.DataFrame({**lines, "successor_id": successor})
    told = _bridge_without(causes, pd.Series(["C9"]))
    assert told["family"].tolist() == ["social_value", "spend"][not is_told :]


def test_who_moved_a_place_most_is_told_where_the_figure_of_it_is() -> None:
    public = Trail.of([pence("bridge.spend.W1.largest", 5), pence("bridge.spend.W2.largest", None)])
    largest = pd.DataFrame({"family": "spend", "place": ["W1", "W2"], "contract_id": "C1"})
    assert _known_largest(largest, public)["place"].tolist() == ["W1"]


def test_the_largest_contracts_are_ranked_anew_without_the_hidden_ones() -> None:
    values = {"C1": None, "C2": 7, "C3": 7, "C4": 2}
    public = Trail.of(pence(f"contract.{name}.delivered", one) for name, one in values.items())
    top = pd.DataFrame({"rank": ["1", "2=", "2=", "4"], "contract_id": list(values)})
    told = _hidden_last(top, public)[["rank", "contract_id"]].to_numpy().tolist()
    assert told == [["1=", "C2"], ["1=", "C3"], ["3", "C4"], ["4", "C1"]]
