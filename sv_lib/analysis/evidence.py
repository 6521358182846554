"""The evidence sample: claims that an auditor asks the evidence of, chosen so that no one can
choose
them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from sv_lib.periods import Period
from sv_lib.toms.measures import Measure

NAME = "evidence_sample"
HIGHEST, RANDOM = 10, 15
ASKED = [
    "claim_id",
    "contract_id",
    "measure_ref",
    "title",
    "period_end",
    "quantity",
    "unit",
    "value_pence",
    "state",
    "source_file",
    "source_row",
]
TO_FILL_IN = ["evidence_seen", "agrees", "checked_by", "checked_on", "note"]


def sample(
    claims: pd.DataFrame, period: Period, measures: Mapping[str, Measure], seed: str
) -> pd.DataFrame:
    """A checklist of the period's counted claims: those of the highest value, then others in an
    order
    that is drawn.

    The draw goes by the hash of ``seed`` (the manifest's hash of all inputs) with each claim's
    number, so it changes when an input does, is the same for everyone, and can be done again with
    any SHA-256 tool.
    """
    days = claims["period_end"]
    is_counted = ~claims["state"].isin(["rejected"]) & ~claims["is_blocked"].astype(bool)
    rows = claims[is_counted & days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    drawn = [hashlib.sha256(f"{seed} {claim}".encode()).hexdigest() for claim in rows["claim_id"]]
    rows = rows[ASKED].assign(draw=pd.Series(drawn, index=rows.index, dtype="object"))
    highest = rows.sort_values(["value_pence", "claim_id"], ascending=[False, True], kind="stable")[
        :HIGHEST
    ]
    others = rows.drop(index=highest.index).sort_values("draw")[:RANDOM]
    chosen = pd.concat(
        [highest.assign(chosen="highest value"), others.assign(chosen="random")], ignore_index=True
    )
    wanted = [
        "; ".join(measures[ref].evidence) if ref in measures else ""
        for ref in chosen["measure_ref"]
    ]
    chosen = chosen.assign(evidence_to_ask_for=wanted, seed=seed, **dict.fromkeys(TO_FILL_IN, ""))
    return chosen[["chosen", *ASKED, "evidence_to_ask_for", *TO_FILL_IN, "draw", "seed"]]
