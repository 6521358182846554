"""Figures on promises: committed, due, claimed, evidenced, validated, and what counts of it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import delivery, returns_owed
from sv_lib.figures.topic import Topic, both_periods, having
from sv_lib.figures.topics.measures import BOTH, CLAIMED, PROMISED, add_measures
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, priced

STAGES = {
    "reported": ("reported", "evidenced", "validated"),
    "evidenced": ("evidenced", "validated"),
    "validated": ("validated",),
}
TOP = 10
UNPRICED = "no claim of the period has a price"


def add_promises(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add all figures on promises and on what was claimed against them.

    Returns tables ``measures``, ``series``, ``themes`` and ``top_contracts``.
    """
    this, before = both_periods(trail, workings, *workings.sv_periods, *CLAIMED)
    for topic in (this, before):
        add_delivery(topic)
        add_coverage(topic)
    this.change("headline.delivered_value", "Social value claimed")
    this.change("headline.validated_value", "Social value validated")
    this.change("headline.delivery_rate", "Claimed, of what was due")
    this.change("delivery.validated_rate", "Validated, of what was due")
    this.change("delivery.committed", "Commitments")
    tables = add_measures(this, before)
    return {**tables, "top_contracts": _top_contracts(this)}


def add_delivery(topic: Topic) -> None:
    """Add what was claimed in a period, and what was due and claimed of the promises by its end."""
    _claimed(topic)
    _promised(topic)


def _claimed(topic: Topic) -> None:
    """What was claimed within the period, and its split."""
    claims = topic.workings.claims(topic.period)
    is_local = claims["is_local_economic"].astype(bool)
    validated = having(claims, "state", "validated")
    unpriced = "" if claims.empty or len(priced(claims)) else UNPRICED
    headline = topic.enough()
    headline.total_known("headline.delivered_value", claims, missing=unpriced)
    headline.total_known("headline.validated_value", validated, missing=unpriced)
    listed = topic.about(local=", ".join(topic.workings.local_economic))
    listed.total_known("delivery.local_economic", claims[is_local], missing=unpriced)
    topic.total_known("delivery.social", claims[~is_local], missing=unpriced)
    for pricing in ("recorded only", "not priced"):
        part = pricing.replace(" ", "_")
        mine = having(claims, "pricing", pricing)
        topic.about(pricing=pricing, part=part).count("delivery.{part}", mine)


def _promised(topic: Topic) -> None:
    """Life to date: what was promised and due, and what was claimed of it by the period's end.

    The rates are capped promise by promise; what is claimed beyond the promises is a line of its
    own.
    """
    workings = topic.workings
    committed = workings.committed(topic.period)
    promised = topic.needing(*PROMISED)
    promised.total_known("delivery.targeted", workings.due(topic.period))
    promised.total_known("delivery.committed", committed)
    promised.total_known("delivery.due", committed)
    promised.total_known("delivery.due_as_planned", workings.due_as_planned(topic.period))
    promised.less("delivery.extension_effect")
    topic = topic.needing(*BOTH)
    to_date = workings.to_date(topic.period)
    for stage, states in STAGES.items():
        mine = having(to_date, "state", *states)
        topic.total_known("delivery." + stage, mine)
    topic.total("delivery.towards_due", delivery.towards_due(to_date, committed))
    validated = having(to_date, "state", "validated")
    topic.total("delivery.validated_towards_due", delivery.towards_due(validated, committed))
    topic.less("delivery.not_yet_due")
    topic.less("delivery.beyond")
    topic.less("delivery.owed")
    topic.share("headline.delivery_rate", withheld=topic.enough().missing)
    topic.share("delivery.validated_rate")


def add_coverage(topic: Topic) -> None:
    """Add how many contracts that owed a return sent one."""
    workings = topic.workings
    day = workings.known_on(topic.period)
    contracts = returns_owed.coverage(workings.owed(topic.period), day)
    owing = contracts[contracts["coverage"] != "nothing due yet"]
    none = f"no contract owed a return for {topic.period}" if owing.empty else ""
    topic.needing("contracts").count("delivery.coverage.in_scope", owing, missing=none)
    topic = topic.needing("contracts", "returns")
    for coverage in ("reported", "part reported", "not reported"):
        own = topic.about(coverage=coverage, part=coverage.replace(" ", "_"))
        mine = having(owing, "coverage", coverage)
        own.count("delivery.coverage.{part}", mine, missing=none)
    topic.share("delivery.coverage.share")


def _top_contracts(topic: Topic) -> pd.DataFrame:
    """The ten contracts that claim most in the period, and the total without the largest."""
    workings = topic.workings
    claims = priced(workings.claims(topic.period))
    # Where something was not supplied, no contract is ranked.
    ranked_claims = claims.iloc[:0] if topic.missing else claims
    top = delivery.top(ranked_claims, TOP)
    ranked = having(claims, "contract_id", *top["contract_id"])
    largest = top["contract_id"].head(1)
    is_largest = claims["contract_id"].isin(largest)
    of_contracts = replace(topic, suffix="")
    for contract in top["contract_id"]:
        of_contract = of_contracts.about(contract=slug(contract))
        mine = having(ranked, "contract_id", contract)
        of_contract.total("contract.{contract}.delivered", mine)
    topic.total("delivery.top_ten", ranked)
    topic.total("delivery.largest", claims[is_largest])
    topic.total("delivery.without_largest", claims[~is_largest])
    topic.share("delivery.largest_share")
    named = workings.contracts[["contract_id", "title", "supplier_id"]]
    table = top.merge(named, on="contract_id", how="left", validate="one_to_one")
    table["supplier"] = table["supplier_id"].map(workings.supplier_names)
    return table[COLUMNS["top_contracts"]]
