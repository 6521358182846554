"""The figures that the topics declare: each once, and each is made."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from five_years import STEADY, opened
from small_council import BOUGHT, calculated

from sv_lib.figures.topic import declarations, read_declarations

ONE = """\
spend.total:
  label: Payments
  column: amount_pence
  formula: sum of all payments
"""


def test_two_topics_do_not_declare_one_figure(tmp_path: Path) -> None:
    for name in ("money", "spend"):
        (tmp_path / f"{name}.figures.yaml").write_text(ONE, encoding="utf-8")
    with pytest.raises(ValueError, match=r"spend\.figures\.yaml declares again: spend\.total"):
        read_declarations(tmp_path)


def test_every_declared_figure_is_made_of_a_drawn_council() -> None:
    # The small council tells no quantities; with those of one contract it has a unit price.
    small = calculated("exempt", quantities=BOUGHT)
    # A series by year needs payments in every month of one.
    days = [f"{month}-15 | S1 | 10.00" for month in pd.period_range("2021-04", "2022-03", freq="M")]
    paid = "\n".join(["paid_on | supplier_id | amount", *days])
    # Where no payment says for what it was, directorates stand in the place of categories.
    by_whom = "paid_on | directorate | category | amount\n2021-10-05 | People |  | 60.00"
    ledgers = [calculated(payments=ledger).trail for ledger in (paid, by_whom)]
    trails = [small.trail, opened(STEADY).calculation.trail, *ledgers]
    made = " ".join(figure.id for trail in trails for figure in trail)
    unused = [name for name in declarations() if not re.search(_pattern(name), f" {made} ")]
    assert unused == []


def _pattern(name: str) -> str:
    """What the ids of a declared figure look like, whatever stands for the words in braces."""
    parts = [re.escape(part) for part in re.split(r"{\w+}", name)]
    return " " + r"\S*".join(parts) + r"(\.this|\.before)? "
