"""The evidence sample: claims whose evidence an auditor asks for, drawn so that none is picked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from sv_lib.periods import Period
from sv_lib.toms.measures import Measure
from sv_lib.toms.states import countable, in_period

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
    """A checklist of the period's counted claims: the most valuable, then others drawn by lot.

    The draw orders claims by the hash of ``seed`` (the manifest's hash of all inputs) and their
    number. It changes when an input does, is the same for everyone, and can be done again with any
    SHA-256 tool.
    """
    rows = in_period(countable(claims), period)[ASKED]
    rows["draw"] = [_hash(f"{seed} {claim}") for claim in rows["claim_id"]]
    rows = rows.astype({"draw": "object"})
    by_value = rows.sort_values(["value_pence", "claim_id"], ascending=[False, True], kind="stable")
    others = by_value[HIGHEST:].sort_values("draw")[:RANDOM]
    highest = by_value[:HIGHEST].assign(chosen="highest value")
    chosen = pd.concat([highest, others.assign(chosen="random")], ignore_index=True)
    evidence = {ref: "; ".join(measure.evidence) for ref, measure in measures.items()}
    chosen["evidence_to_ask_for"] = [evidence.get(ref, "") for ref in chosen["measure_ref"]]
    chosen = chosen.assign(seed=seed, **dict.fromkeys(TO_FILL_IN, ""))
    return chosen[["chosen", *ASKED, "evidence_to_ask_for", *TO_FILL_IN, "draw", "seed"]]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
