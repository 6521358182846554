"""Figures from promise to delivery: committed, due, reported, evidenced, validated."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import delivery
from sv_lib.figures.topic import Topic, both_periods, having
from sv_lib.figures.topics.measures import add_measures
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, priced

STAGES = {
    "reported": ("reported", "evidenced", "validated"),
    "evidenced": ("evidenced", "validated"),
    "validated": ("validated",),
}
TOP = 10
NEEDS = ("contracts", "commitments", "returns", "proxies")


def add_promises(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add all delivery figures.

    Returns tables ``measures``, ``series``, ``themes`` and ``top_contracts``.
    """
    publication = workings.publication
    periods = publication.sv, publication.sv_before
    this, before = both_periods(trail, workings, *periods, *NEEDS, column="value_pence")
    for topic in (this, before):
        _delivered(topic)
        _promised(topic)
        _rates(topic)
        _coverage(replace(topic, missing=workings.missing("contracts", "return_log")))
    this.change("headline.delivered_value", "Social value delivered")
    this.change("headline.validated_value", "Social value validated")
    this.change("headline.delivery_rate", "Delivery of what was due")
    this.change("delivery.committed", "Commitments")
    tables = add_measures(this, before)
    return {**tables, "top_contracts": _top_contracts(this)}


def _delivered(topic: Topic) -> None:
    """What was delivered within the period, and its split."""
    claims = topic.workings.claims(topic.period)
    is_local = claims["is_local_economic"].astype(bool)
    topic.total_known(
        "headline.delivered_value",
        "Social value delivered",
        claims,
        "quantity × proxy × attribution of every claim of the period not rejected, "
        "rounded to pence",
    )
    topic.total_known(
        "headline.validated_value",
        "Social value validated",
        having(claims, "state", "validated"),
        "quantity × proxy × attribution of the period's validated claims",
    )
    topic.total_known(
        "delivery.local_economic",
        "Local economic value",
        claims[is_local],
        "claims under measures of local jobs and local supply-chain spend",
    )
    topic.total_known(
        "delivery.social",
        "Additional social value",
        claims[~is_local],
        "claims under every other measure",
    )
    for pricing in ("recorded only", "not priced"):
        topic.count(
            f"delivery.{pricing.replace(' ', '_')}",
            f"Claims {pricing}",
            having(claims, "pricing", pricing),
            "claims",
            f"claims of the period that are {pricing}: listed, adding nothing",
        )


def _promised(topic: Topic) -> None:
    """Life to date: what was promised and due, and what came of it by the period's end."""
    workings = topic.workings
    committed = workings.committed(topic.period)
    topic.total_known(
        "delivery.targeted",
        "Targeted at tender",
        workings.due(topic.period),
        "value of every target, committed or not yet",
    )
    topic.total_known(
        "delivery.committed",
        "Committed over contracts' lives",
        committed,
        "promised quantity × proxy × attribution, over the whole life of each contract",
    )
    topic.total_known(
        "delivery.due",
        "Due so far",
        committed,
        "the part of each commitment due by the period's end, by milestones or a straight line",
        column="due_value_pence",
    )
    to_date = workings.to_date(topic.period)
    for stage, states in STAGES.items():
        topic.total_known(
            f"delivery.{stage}",
            f"{stage.capitalize()} so far, against commitments",
            having(to_date, "state", *states),
            f"claims against commitments that are {' or '.join(states)}",
        )


def _rates(topic: Topic) -> None:
    """What came against what was due."""
    topic.less(
        "delivery.not_yet_due",
        "Committed, not yet due",
        "delivery.committed",
        "delivery.due",
        "committed less due so far",
    )
    topic.share(
        "headline.delivery_rate",
        "Delivery of what was due",
        "delivery.reported",
        "delivery.due",
        "reported so far against commitments ÷ due so far",
    )
    topic.share(
        "delivery.validated_rate",
        "Validated, of what was due",
        "delivery.validated",
        "delivery.due",
        "validated so far against commitments ÷ due so far",
    )


def _coverage(topic: Topic) -> None:
    """How many contracts that owed a return sent one."""
    workings = topic.workings
    log, day = workings.frame("return_log"), workings.publication.file.data_as_at
    contracts = delivery.coverage(log, workings.contracts, day, topic.period)
    owing = contracts[contracts["coverage"] != "nothing due yet"]
    topic.count(
        "delivery.coverage.in_scope",
        "Contracts owing a return",
        owing,
        "contracts",
        "contracts with social value, live in the period, with a quarterly return due",
    )
    for part in ("reported", "part reported", "not reported"):
        topic.count(
            f"delivery.coverage.{part.replace(' ', '_')}",
            f"Contracts that have {part}",
            having(owing, "coverage", part),
            "contracts",
            f"of them, those that have {part} on the quarters due",
        )
    topic.share(
        "delivery.coverage.share",
        "Coverage of returns",
        "delivery.coverage.reported",
        "delivery.coverage.in_scope",
        "contracts that reported in full ÷ contracts owing a return",
    )


def _top_contracts(topic: Topic) -> pd.DataFrame:
    """The ten contracts that delivered most in the period, and the total without the largest."""
    workings = topic.workings
    claims = priced(workings.claims(topic.period))
    # Where something was not supplied, no contract is ranked.
    top = delivery.top(claims.iloc[:0] if topic.missing else claims, TOP)
    ranked = having(claims, "contract_id", *top["contract_id"])
    is_largest = claims["contract_id"].isin(top["contract_id"][:1])
    of_contract = replace(topic, suffix="")
    for contract in top["contract_id"]:
        of_contract.total(
            f"contract.{slug(contract)}.delivered",
            "Delivered by one contract",
            having(ranked, "contract_id", contract),
            "value of the contract's claims",
        )
    parts = {
        "top ten": ranked,
        "largest": claims[is_largest],
        "without largest": claims[~is_largest],
    }
    for part, rows in parts.items():
        formula = f"value of the period's claims: {part} of the contracts"
        topic.total(f"delivery.{part.replace(' ', '_')}", f"Delivered: {part}", rows, formula)
    topic.share(
        "delivery.largest_share",
        "Share of the largest contract",
        "delivery.largest",
        "headline.delivered_value",
        "the largest contract's delivered value ÷ all delivered",
    )
    named = workings.contracts[["contract_id", "title", "supplier_id"]]
    table = top.merge(named, on="contract_id", how="left", validate="one_to_one")
    table["supplier"] = table["supplier_id"].map(workings.supplier_names)
    return table[["rank", "contract_id", "title", "supplier"]]
