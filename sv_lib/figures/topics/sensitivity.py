"""The assumptions register, and what the headline would be under another assumption."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pandas as pd
from pydantic import Field

from sv_lib.figures.topic import Topic, having
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings, priced
from sv_lib.params import Settings
from sv_lib.strict_yaml import data_beside
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
    """One entry of the register.

    ``effect`` is a key of ``OTHERWISE``; it is empty where the headline does not depend on it.
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
    """Every assumption of ``assumptions.yaml`` beside this module.

    docs/assumptions.md shows the same.
    """
    return data_beside(__file__, tuple[Assumption, ...], "assumptions.yaml")


def add_sensitivity(trail: Trail, workings: Workings) -> None:
    """Add the claimed value under each other assumption, ``.value``, and its ``.change``."""
    headline = trail[HEADLINE]
    missing = "" if headline.is_known else headline.caution
    topic = Topic(trail, workings, workings.publication.sv, missing=missing)
    others = _under_other_assumptions(workings)
    for assumption, words in OTHERWISE.items():
        own = topic.about(assumption=assumption, words=words)
        own.total("sensitivity.{assumption}.value", others[assumption])
        own.less("sensitivity.{assumption}.change")


def _under_other_assumptions(workings: Workings) -> dict[str, pd.DataFrame]:
    """The claims of the period as each other assumption would count and value them."""
    period = workings.publication.sv
    known = priced(in_period(workings.known, period))
    not_rejected = known[known["state"] != "rejected"]
    counted = not_rejected[~not_rejected["is_blocked"]]
    higher = [proxy * (100 + TENTH) / 100 for proxy in counted["proxy"]]
    dearer = pd.Series(higher, index=counted.index, dtype="object")
    return {
        "deadweight": _valued_again(counted, deadweight_pct=TENTH),
        "attribution": _valued_again(counted, attribution=Decimal(1)),
        "proxies": _valued_again(counted, proxy=dearer),
        "validated": having(counted, "state", "validated"),
        "double_counts": not_rejected,
    }


def _valued_again(claims: pd.DataFrame, **changes: Any) -> pd.DataFrame:
    """The claims valued again with some of their parts changed."""
    changed = claims.assign(**changes)
    parts = (changed[name] for name in ("quantity", "proxy", "attribution", "deadweight_pct"))
    values = [value_in_pence(*numbers) for numbers in zip(*parts, strict=True)]
    pence = pd.Series(values, index=changed.index, dtype="Int64")
    return changed.assign(value_pence=pence)
