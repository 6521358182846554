"""Figures of the contracts that promise most: promised, due, claimed, validated, and people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sv_lib.figures.topic import Topic, having
from sv_lib.figures.topics.measures import BOTH, PROMISED
from sv_lib.figures.trail import Trail, slugs
from sv_lib.figures.workings import Workings, priced
from sv_lib.toms import people

TOP = 10
OTHERS = "others"
COLUMNS = ["promise", "contract_id", "contract", "counts_people"]


def add_tracker(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the ten contracts that promise most, all others together, and the people of all.

    Returns the table ``promises``: ``promise``, its part of an id, ``contract_id``, ``contract``
    in words, and whether it ``counts_people``; the largest promise first.
    """
    topic = Topic(trail, workings, workings.publication.sv)
    committed = priced(workings.committed(topic.period))
    if topic.needing(*PROMISED).missing or committed.empty:
        return {"promises": pd.DataFrame(columns=COLUMNS)}
    sums = committed.groupby("contract_id")["value_pence"].sum().astype("int64")
    largest_first = sums.reset_index().sort_values(
        ["value_pence", "contract_id"], ascending=[False, True]
    )
    top = largest_first["contract_id"].head(TOP)
    parts = slugs([OTHERS, "all", *top])
    claims = _with_people(workings, priced(workings.to_date(topic.period)))
    for contract in top:
        own = topic.about(promise=parts[contract], name=f"contract {contract}")
        _add(
            own, having(committed, "contract_id", contract), having(claims, "contract_id", contract)
        )
    others = topic.about(promise=OTHERS, name="all other contracts")
    _add(others, *(rows[~rows["contract_id"].isin(top)] for rows in (committed, claims)))
    _people(topic.needing(*BOTH).about(promise="all", name="all contracts"), claims)
    into_work = having(committed, "measure_ref", *workings.in_group("into_work"))
    return {"promises": _table(workings, top, parts, set(into_work["contract_id"]))}


def _with_people(workings: Workings, claims: pd.DataFrame) -> pd.DataFrame:
    """Claims with who counts of their people, under measures of people into work alone.

    Learners and target groups are counted under measures of their own, and may be the same people.
    """
    into_work = having(claims, "measure_ref", *workings.in_group("into_work"))
    counted = people.counted(into_work, workings.frame("beneficiaries"))
    return claims.assign(headcount=counted.reindex(claims.index))


def _add(topic: Topic, promised: pd.DataFrame, claims: pd.DataFrame) -> None:
    """One line of the tracker."""
    topic.total("tracker.{promise}.committed", promised)
    topic.total("tracker.{promise}.due", promised)
    topic = topic.needing(*BOTH)
    topic.total("tracker.{promise}.claimed", claims)
    topic.total("tracker.{promise}.validated", having(claims, "state", "validated"))
    _people(topic, claims)


def _people(topic: Topic, claims: pd.DataFrame) -> None:
    topic.total_known("tracker.{promise}.people", claims)


def _table(
    workings: Workings, top: pd.Series, parts: Mapping[str, str], of_jobs: set[str]
) -> pd.DataFrame:
    """The contracts in words; ``of_jobs``: those that promise people into work."""
    contracts = workings.contracts.set_index("contract_id").loc[top]
    rows = {
        "promise": [parts[contract] for contract in top],
        "contract_id": list(top),
        "contract": contracts["title"].to_numpy(),
        "counts_people": [contract in of_jobs for contract in top],
    }
    return pd.DataFrame(rows)[COLUMNS]
