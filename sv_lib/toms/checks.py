"""What the method finds wrong with claims, promises, prices and measures, as findings.

The words are in ``sv_lib/intake/findings.yaml``, in the section of the method.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from inspect import signature
from typing import Any

import pandas as pd

from sv_lib.intake.findings import Finding, finding
from sv_lib.params import Council, Edition
from sv_lib.toms.counting import RULES
from sv_lib.toms.measures import Example, Measure, editions, file_of
from sv_lib.toms.valuation import NO_DEADWEIGHT, plain, price, worked

Frames = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]
Measures = Mapping[str, Measure]

STATE_DATES = {"evidenced": "evidenced_on", "validated": "validated_on", "rejected": "rejected_on"}
COUNCIL = "council.yaml"


def findings(frames: Frames, measures: Measures, council: Council, day: date) -> list[Finding]:
    """All findings of the method; ``day`` is the day to which the data is complete."""
    returns = frames["returns"].to_dict("records")
    commitments = frames["commitments"].to_dict("records")
    contracts = {row["contract_id"]: row for row in frames["contracts"].to_dict("records")}
    claims = {row["claim_id"]: row for row in returns}
    promises = {row["commitment_id"]: row for row in commitments}
    proxies = frames["proxies"]
    priced = set(zip(proxies["measure_ref"], proxies["edition"], strict=True))
    known = editions(council.editions)
    found = [
        *_proxies(proxies, measures, known),
        *_measure_set(measures, council, day),
        *_examples(measures),
    ]
    for row in contracts.values():
        found += _tendered(row, known)
    for row in (*returns, *promises.values()):
        contract = contracts.get(row["contract_id"], {})
        found += _measure(row, contract, measures, priced)
        found += _in_the_set(row, contract, measures, council)
    for row in returns:
        found += _claim(row, measures)
        found += _correction(row, claims)
        found += _promise(row, promises)
    found += _milestones(frames["milestones"], promises)
    found += _first_year(frames["returns"], measures)
    return found


def example_fault(measure: Measure, example: Example) -> str:
    """Where a worked example does not come out; blank when it does."""
    rule = RULES[measure.counting]
    parameters = signature(rule).parameters
    needed = {name for name, one in parameters.items() if one.default is one.empty}
    if not needed <= example.inputs.keys() <= parameters.keys():
        return f"{measure.counting} counts with {', '.join(parameters)}"
    quantity = rule(**example.inputs)
    if quantity != example.quantity:
        return f"the quantity comes to {plain(quantity)}"
    edition = measure.editions[-1]
    priced = price(measure.ref, edition, measure, {(measure.ref, edition): example.price})
    if priced.proxy != example.price:
        return f"the price of {measure.method} is {priced.proxy or 'left out'}"
    value, words = worked(
        quantity, measure.unit, priced, example.attribution, deadweight_pct=NO_DEADWEIGHT
    )
    if value != example.value_pence:
        return f"the value comes to {value} pence"
    return "" if words == example.working else f"the working is '{words}'"


def _at(finding_id: str, row: Row, column: str, found: object = None, **slots: Any) -> Finding:
    """The finding at a cell of a table; ``found`` is what the cell holds, by default its text."""
    value = row[column] if found is None else found
    place = row["source_file"], row["source_row"], column
    return finding(finding_id, *place, value=value, **slots)


def _is_blank(value: object) -> bool:
    return value == "" or bool(pd.isna(value))  # type: ignore[call-overload]  # of a scalar: a bool


def _measure(
    row: Row, contract: Row, measures: Measures, priced: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Whether the measure of a claim or promise exists, and has a price in its edition."""
    ref = row["measure_ref"]
    edition = contract.get("edition")
    measure = measures.get(ref)
    if measure is None:
        yield _at("toms.no_such_measure", row, "measure_ref")
    elif _is_blank(edition):
        yield _at("toms.no_edition", row, "contract_id")
    elif (ref, edition) in priced:
        return
    elif edition not in measure.editions:
        yield _at("toms.not_in_edition", row, "measure_ref", edition=edition)
    elif measure.method == "proxy":
        yield _at("toms.no_proxy", row, "measure_ref", edition=edition)


def _in_the_set(row: Row, contract: Row, measures: Measures, council: Council) -> Iterator[Finding]:
    """Whether the measure is in the council's set of the day of the award."""
    awarded_on: Any = contract.get("awarded_on")
    chosen = council.measure_set
    if not _is_blank(awarded_on):
        chosen = council.measure_set_on(awarded_on.date())
    ref = row["measure_ref"]
    if ref in measures and ref not in chosen.measures:
        yield _at("toms.not_in_set", row, "measure_ref", name=chosen.name)


def _tendered(row: Row, known: Mapping[str, Edition]) -> Iterator[Finding]:
    """Whether a contract can be under its edition: a tender comes before the award."""
    edition = known.get(row["edition"])
    if edition and row["awarded_on"] < pd.Timestamp(edition.valid_from):
        day = f"{row['awarded_on']:%Y-%m-%d}"
        yield _at("toms.awarded_early", row, "edition", day=day, first_day=edition.valid_from)


def _claim(row: Row, measures: Measures) -> Iterator[Finding]:
    """What a claim leaves out: the date of its state, a reason, the number of people."""
    column = STATE_DATES.get(row["state"], "reported_on")
    if _is_blank(row[column]):
        is_rejected = row["state"] == "rejected"
        finding_id = "toms.rejected_without_date" if is_rejected else "toms.state_without_date"
        yield _at(finding_id, row, column, "blank", state=row["state"])
    if row["attribution"] < 1 and _is_blank(row["attribution_reason"]):
        yield _at("toms.no_reason", row, "attribution_reason", "blank")
    measure = measures.get(row["measure_ref"])
    if measure and measure.counts_people and _is_blank(row["headcount"]) and row["quantity"] > 0:
        yield _at("toms.no_headcount", row, "headcount", "blank", ref=measure.ref)


def _correction(row: Row, claims: Mapping[str, Row]) -> Iterator[Finding]:
    """Whether a correction names a claim that it can correct."""
    quantity = row["quantity"]
    first = claims.get(row["corrects_claim_id"])
    if _is_blank(row["corrects_claim_id"]):
        if quantity < 0:
            yield _at("toms.negative", row, "quantity", plain(quantity))
    elif first is None:
        yield _at("toms.no_such_claim", row, "corrects_claim_id")
    elif not _is_same(first, row):
        yield _at("toms.other_claim", row, "corrects_claim_id")
    elif quantity + first["quantity"] < 0:
        most = plain(first["quantity"])
        yield _at("toms.takes_off_too_much", row, "quantity", plain(quantity), most=most)


def _promise(row: Row, promises: Mapping[str, Row]) -> Iterator[Finding]:
    """Whether a claim names a commitment of its own contract and measure."""
    if _is_blank(row["commitment_id"]):
        return
    promise = promises.get(row["commitment_id"])
    if promise is None:
        yield _at("toms.no_such_commitment", row, "commitment_id")
    elif not _is_same(promise, row):
        yield _at("toms.other_commitment", row, "commitment_id")


def _is_same(one: Row, other: Row) -> bool:
    """Whether two rows are of one contract and measure."""
    return all(one[name] == other[name] for name in ("contract_id", "measure_ref"))


def _milestones(milestones: pd.DataFrame, promises: Mapping[str, Row]) -> Iterator[Finding]:
    for ref, steps in milestones.groupby("commitment_id"):
        promise = promises.get(str(ref))
        total = sum(steps["quantity"], Decimal(0))
        if promise is not None and promise["quantity"] != total:
            promised = plain(promise["quantity"])
            first = steps.iloc[0].to_dict()
            yield _at(
                "toms.milestones", first, "quantity", plain(total), ref=ref, promised=promised
            )


def _first_year(returns: pd.DataFrame, measures: Measures) -> Iterator[Finding]:
    """Whether one person counts for more than one FTE-year under a first-year measure."""
    limited = [ref for ref, measure in measures.items() if measure.is_first_year_only]
    is_limited = returns["measure_ref"].isin(limited) & (returns["state"] != "rejected")
    is_one_person = (returns["headcount"] == 1).fillna(False)
    is_keyed = returns["activity_key"].fillna("") != ""
    rows = returns[is_limited & is_one_person & is_keyed]
    for (key, ref), claims in rows.groupby(["activity_key", "measure_ref"]):
        total = sum(claims["quantity"], Decimal(0))
        if total > 1:
            last = claims.iloc[-1].to_dict()
            yield _at("toms.past_first_year", last, "quantity", plain(total), key=key, ref=ref)


def _proxies(
    proxies: pd.DataFrame, measures: Measures, known: Mapping[str, Edition]
) -> Iterator[Finding]:
    first_rows = proxies.drop_duplicates("edition")
    undeclared = first_rows[~first_rows["edition"].isin(list(known))]
    for row in undeclared.to_dict("records"):
        yield _at("toms.undeclared_edition", row, "edition", known=", ".join(known))
    repeated = proxies[proxies.duplicated(["measure_ref", "edition"])]
    for row in repeated.to_dict("records"):
        yield _at("toms.second_price", row, "measure_ref", edition=row["edition"])
    for row in proxies.to_dict("records"):
        yield from _proxy(row, measures.get(row["measure_ref"]))


def _proxy(row: Row, measure: Measure | None) -> Iterator[Finding]:
    """Whether a price fits its measure."""
    if measure is None:
        yield _at("toms.price_of_nothing", row, "measure_ref")
        return
    ref = measure.ref
    if row["unit"] != measure.unit:
        yield _at("toms.other_unit", row, "unit", ref=ref, unit=measure.unit)
    if _is_blank(row["proxy"]):
        return
    if measure.method == "money invested" and row["proxy"] != 1:
        yield _at("toms.price_of_money", row, "proxy", ref=ref)
    if measure.method == "recorded only":
        yield _at("toms.price_not_used", row, "proxy", ref=ref)


def _measure_set(measures: Measures, council: Council, day: date) -> Iterator[Finding]:
    """Whether the council's set, its deadweights and the measures themselves still hold."""
    chosen = council.measure_set
    if chosen.valid_to and chosen.valid_to < day:
        slots: dict[str, Any] = {"day": chosen.valid_to, "name": chosen.name}
        yield finding("toms.set_has_ended", COUNCIL, None, "measure_set", **slots)
    for ref in council.methods.deadweight:
        if ref not in measures:
            yield finding(
                "toms.deadweight_of_nothing", COUNCIL, None, "methods.deadweight", ref=ref
            )
    for ref in chosen.measures:
        if ref not in measures:
            yield finding("toms.set_of_nothing", COUNCIL, None, "measures", ref=ref)
        elif measures[ref].review_on < day:
            review_on = measures[ref].review_on
            yield finding("toms.review_due", file_of(ref), None, "review_on", day=review_on)


def _examples(measures: Measures) -> Iterator[Finding]:
    """Worked examples that do not come out: a council's own are tested here and nowhere else."""
    for measure in measures.values():
        for example in measure.examples:
            fault = example_fault(measure, example)
            if fault:
                slots: dict[str, Any] = {"title": example.title, "fault": fault}
                yield finding("toms.example", file_of(measure.ref), None, "examples", **slots)
