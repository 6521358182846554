"""The assumptions register, and what the headline would be under another assumption: computed,
never
guessed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import Field, TypeAdapter

from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml
from sv_lib.toms.states import in_period
from sv_lib.toms.valuation import value_in_pence

HEADLINE = "headline.delivered_value.this"
TENTH = Decimal(10)
OTHERWISE = {
    "deadweight": "10% deadweight taken off every claim",
    "attribution": "every claim counted whole, whatever share the supplier gave",
    "proxies": "every proxy 10% higher",
    "validated": "validated claims alone",
    "double_counts": "claims blocked as double counts counted too",
}


class Assumption(Settings):
    """One entry of the register. ``effect`` is a key of ``OTHERWISE``; empty where the headline
    does
    not hang on it.
    """

    id: int
    assumption: str
    sure: Literal["A", "C"]
    owner: str
    source: str
    review_on: date
    rag: Literal["green", "amber", "red"]
    caveat: str
    effect: str = Field(default="", pattern="^(" + "|".join(OTHERWISE) + ")?$")


def register() -> tuple[Assumption, ...]:
    """Every assumption, as ``assumptions.yaml`` beside this module has them; docs/assumptions.md
    shows
    the same.
    """
    path = Path(__file__).with_name("assumptions.yaml")
    return TypeAdapter(tuple[Assumption, ...]).validate_python(read_yaml(path))


def add_sensitivity(trail: Trail, w: Workings) -> None:
    """For each other assumption the delivered value that it would give, ``.value``, and the
    ``.change``.
    """
    reason = trail[HEADLINE].caution if trail[HEADLINE].value is None else ""
    known = in_period(w.known, w.publication.sv)
    rows = known[known["value_pence"].notna() & (known["state"] != "rejected")]
    counted = rows[~rows["is_blocked"]]
    others = {
        "deadweight": _again(counted, deadweight_pct=TENTH),
        "attribution": _again(counted, attribution=Decimal(1)),
        "proxies": _again(
            counted, proxy=counted["proxy"].map(lambda proxy: proxy * (100 + TENTH) / 100)
        ),
        "validated": counted[counted["state"] == "validated"],
        "double_counts": rows,
    }
    for key, words in OTHERWISE.items():
        stem = f"sensitivity.{key}"
        trail.total(
            f"{stem}.value",
            f"Delivered value with {words}",
            others[key],
            "value_pence",
            "pence",
            w.publication.sv,
            f"the claims of the period, with {words}",
            missing=reason,
        )
        trail.difference(
            f"{stem}.change",
            f"Effect of {words}",
            f"{stem}.value",
            HEADLINE,
            "under the other assumption less as published",
        )


def _again(claims: pd.DataFrame, **changes: Any) -> pd.DataFrame:
    """The claims valued again with some of their parts changed."""
    changed = claims.assign(**changes)
    parts = (changed[name] for name in ("quantity", "proxy", "attribution", "deadweight_pct"))
    values = [value_in_pence(*numbers) for numbers in zip(*parts, strict=True)]
    return changed.assign(value_pence=pd.Series(values, index=changed.index, dtype="Int64"))
