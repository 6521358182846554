"""Checks of claims, commitments, prices and measures against the method, as findings.

Their words are in ``sv_lib/intake/findings.yaml``, under ids that begin with ``toms.``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from inspect import signature
from typing import Any

import pandas as pd

from sv_lib.intake.findings import Finding, Record, finding, findings_by_row
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Council, Edition
from sv_lib.toms import people
from sv_lib.toms.contract_changes import contradictions, read_changes
from sv_lib.toms.corrected import PEOPLE
from sv_lib.toms.counting import RULES
from sv_lib.toms.measures import Example, Measure, editions, file_of, first_year_only
from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.valuation import NO_DEADWEIGHT, plain, price, worked
from sv_lib.toms.worded import is_blank

Frames = Mapping[str, pd.DataFrame]
Measures = Mapping[str, Measure]

NUMBERS_OF_PEOPLE = ("people_started", "people_in_post", "headcount")
STATE_DATES = {"evidenced": "evidenced_on", "validated": "validated_on", "rejected": "rejected_on"}


def findings(frames: Frames, measures: Measures, council: Council, day: date) -> list[Finding]:
    """Run all checks of the method; ``day`` is ``data_as_at``.

    ``frames`` are the tables returns, commitments, contracts, contract_changes, milestones and
    proxies as intake gives them.
    """
    claims = _by_id(frames["returns"], "claim_id")
    contracts = _by_id(frames["contracts"], "contract_id")
    promises = _by_id(frames["commitments"], "commitment_id")
    proxies = _whole(frames, "proxies")
    returns = _whole(frames, "returns")
    priced = set(zip(proxies["measure_ref"], proxies["edition"], strict=True))
    known = editions(council.editions)
    found = [
        *_proxies(proxies, measures, known),
        *_measure_set(measures, council, day),
        *_examples(measures),
    ]
    for contract in contracts.values():
        found += _tendered(contract, known)
    for row in (*rows_of(returns), *rows_of(_whole(frames, "commitments"))):
        contract = contracts.get(row.contract_id)
        found += _measure(row, contract, measures, priced)
        found += _in_the_set(row, contract, measures, council)
    for row in rows_of(returns):
        found += _claim(row, measures)
        found += _correction(row, claims, measures)
        found += _promise(row, promises)
    found += _taken_off(returns, claims, measures)
    found += _changes(frames)
    found += _milestones(_whole(frames, "milestones"), promises)
    found += _first_year(returns, measures)
    return found


def example_fault(measure: Measure, example: Example) -> str:
    """Say how a worked example fails; blank when its method gives what it says."""
    rule = RULES[measure.counting]
    needed = signature(rule)
    try:
        needed.bind(**example.inputs)
    except TypeError:
        return f"{measure.counting} counts with {', '.join(needed.parameters)}"
    quantity = rule(**example.inputs)
    if quantity != example.quantity:
        return f"the quantity comes to {plain(quantity)}"
    edition = measure.editions[-1]
    priced = price(measure.ref, edition, measure, {(measure.ref, edition): example.price})
    if priced.proxy != example.price:
        wanted = priced.proxy or "left out"
        return f"the price of {measure.method} is {wanted}"
    value, words = worked(
        quantity, measure.unit, priced, example.attribution, deadweight_pct=NO_DEADWEIGHT
    )
    if value != example.value_pence:
        return f"the value comes to {value} pence"
    return "" if words == example.working else f"the working is '{words}'"


def _whole(frames: Frames, table: str) -> pd.DataFrame:
    """The rows that hold all that a row must; what the others lack was told when it was read."""
    needed = [column.frame_name for column in TABLES[table].columns if column.filled]
    return frames[table].dropna(subset=needed)


def _by_id(rows: pd.DataFrame, column: str) -> dict[str, Row]:
    return dict(zip(rows[column], rows_of(rows), strict=True))


def _at(finding_id: str, row: Row, column: str, found: object = None, **slots: Any) -> Finding:
    """A finding about one cell. ``found`` words the content of the cell; None takes it as it is."""
    value = getattr(row, column) if found is None else found
    return finding(finding_id, row.source_file, row.source_row, column, value=value, **slots)


def _is_blank(value: object) -> bool:
    # NA first: comparing it with a text gives NA, which is neither true nor false.
    return bool(pd.isna(value)) or value == ""  # type: ignore[call-overload]  # of a scalar: a bool


def _measure(
    row: Row, contract: Row | None, measures: Measures, priced: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Check that a claim or commitment has a measure with a price in its contract's edition."""
    ref = row.measure_ref
    edition = contract.edition if contract else ""
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


def _in_the_set(
    row: Row, contract: Row | None, measures: Measures, council: Council
) -> Iterator[Finding]:
    """Check that the council's set on the day of the award holds the measure."""
    chosen = council.measure_set
    if contract and not _is_blank(contract.awarded_on):
        chosen = council.measure_set_on(contract.awarded_on.date())
    ref = row.measure_ref
    if ref in measures and ref not in chosen.measures:
        yield _at("toms.not_in_set", row, "measure_ref", name=chosen.name)


def _tendered(row: Row, known: Mapping[str, Edition]) -> Iterator[Finding]:
    """Check that the contract was not awarded before its edition came into force."""
    edition = known.get(row.edition)
    if edition and row.awarded_on < pd.Timestamp(edition.valid_from):
        day = f"{row.awarded_on:%Y-%m-%d}"
        yield _at("toms.awarded_early", row, "edition", day=day, first_day=edition.valid_from)


def _claim(row: Row, measures: Measures) -> Iterator[Finding]:
    """Check that a claim gives the date of its state, its reasons and its people."""
    column = STATE_DATES.get(row.state, "reported_on")
    if _is_blank(getattr(row, column)):
        finding_id = "toms.state_without_date"
        if row.state == "rejected":
            finding_id = "toms.rejected_without_date"
        yield _at(finding_id, row, column, "blank", state=row.state)
    if row.attribution < 1 and _is_blank(row.attribution_reason):
        yield _at("toms.no_reason", row, "attribution_reason", "blank")
    measure = measures.get(row.measure_ref)
    says_how_many = not all(_is_blank(getattr(row, name)) for name in NUMBERS_OF_PEOPLE)
    if measure and measure.counts_people and not says_how_many and row.quantity > 0:
        yield _at("toms.no_headcount", row, "people_in_post", "blank", ref=measure.ref)


def _correction(row: Row, claims: Mapping[str, Row], measures: Measures) -> Iterator[Finding]:
    """Check that what is below 0 corrects a claim, unless its measure may be."""
    first = claims.get(row.corrects_claim_id)
    if _is_blank(row.corrects_claim_id):
        measure = measures.get(row.measure_ref)
        may_be_negative = measure is not None and measure.may_be_negative
        if row.quantity < 0 and not may_be_negative:
            yield _at("toms.negative", row, "quantity", plain(row.quantity))
    elif first is None:
        yield _at("toms.no_such_claim", row, "corrects_claim_id")
    elif not _is_of_the_same(first, row):
        yield _at("toms.other_claim", row, "corrects_claim_id")
    elif not _is_blank(first.corrects_claim_id):
        yield _at(
            "toms.corrects_correction", row, "corrects_claim_id", claim=first.corrects_claim_id
        )


def _taken_off(
    returns: pd.DataFrame, claims: Mapping[str, Row], measures: Measures
) -> Iterator[Finding]:
    """Check that all corrections of a claim together leave it, and its people, at 0 or more."""
    is_counted = ~is_blank(returns["corrects_claim_id"]) & (returns["state"] != "rejected")
    corrections = returns[is_counted].sort_values("reported_on", kind="stable")
    left: dict[tuple[str, str], Any] = {}
    for row in rows_of(corrections):
        first = claims.get(row.corrects_claim_id)
        measure = measures.get(row.measure_ref)
        if first is None or _is_blank(first.quantity):
            continue
        may_be_negative = measure is None or measure.may_be_negative
        for column in PEOPLE if may_be_negative else ["quantity", *PEOPLE]:
            taken = getattr(row, column)
            if _is_blank(taken):
                continue
            key = (row.corrects_claim_id, column)
            held = left.get(key, getattr(first, column))
            before: Any = 0 if _is_blank(held) else held
            left[key] = before + taken
            if left[key] < 0:
                slots = {"most": plain(before), "claim": row.corrects_claim_id}
                yield _at("toms.takes_off_too_much", row, column, plain(taken), **slots)


def _changes(frames: Frames) -> Iterator[Finding]:
    """Check that changes of contracts can be read, follow each other, and date every extension."""
    changes, unread = read_changes(frames["contract_changes"])
    for row in unread:
        said = f"{row.before} to {row.after}"
        yield _at("toms.change_unread", row, "what", said, what=row.what)
    tables = (frames[name] for name in ("contracts", "commitments", "milestones"))
    for change in contradictions(changes, *tables):
        row = change.row
        yield _at("toms.change_contradicts", row, "to", row.after, what=row.what)
    contracts = frames["contracts"]
    dated = [change.contract_id for change in changes if change.what == "last day"]
    was_extended = (contracts["was_extended"] == "yes") & ~contracts["contract_id"].isin(dated)
    yield from findings_by_row(
        "toms.extended_without_day", contracts[was_extended], "was_extended", _contract
    )


def _contract(row: Record) -> dict[str, object]:
    ends = f"{row['ends_on']:%Y-%m-%d}"
    return {"value": row["was_extended"], "contract": row["contract_id"], "ends": ends}


def _promise(row: Row, promises: Mapping[str, Row]) -> Iterator[Finding]:
    """Check that a claim names a commitment of its own contract and measure."""
    if _is_blank(row.commitment_id):
        return
    promise = promises.get(row.commitment_id)
    if promise is None:
        yield _at("toms.no_such_commitment", row, "commitment_id")
    elif not _is_of_the_same(promise, row):
        yield _at("toms.other_commitment", row, "commitment_id")


def _is_of_the_same(one: Row, other: Row) -> bool:
    """Whether two rows are of one contract and measure."""
    is_same_contract: bool = one.contract_id == other.contract_id
    return is_same_contract and bool(one.measure_ref == other.measure_ref)


def _milestones(milestones: pd.DataFrame, promises: Mapping[str, Row]) -> Iterator[Finding]:
    """Check that the milestones of a commitment sum to its quantity."""
    for ref, steps in milestones.groupby("commitment_id"):
        promise = promises.get(str(ref))
        total = sum(steps["quantity"], Decimal(0))
        if promise and not _is_blank(promise.quantity) and promise.quantity != total:
            promised = plain(promise.quantity)
            first = next(rows_of(steps))
            sums = {"ref": ref, "promised": promised}
            yield _at("toms.milestones", first, "quantity", plain(total), **sums)


def _first_year(returns: pd.DataFrame, measures: Measures) -> Iterator[Finding]:
    """Check that no person counts for over one FTE-year under a first-year measure."""
    limited = first_year_only(measures)
    is_limited = returns["measure_ref"].isin(limited) & (returns["state"] != "rejected")
    is_one_person = (people.at_work(returns) == 1).fillna(False)
    is_keyed = ~is_blank(returns["activity_key"])
    rows = returns[is_limited & is_one_person & is_keyed]
    for (_, ref), claims in rows.groupby(["activity_key", "measure_ref"]):
        total = sum(claims["quantity"], Decimal(0))
        if total > 1:
            last = next(rows_of(claims.tail(1)))
            yield _at("toms.past_first_year", last, "quantity", plain(total), ref=ref)


def _proxies(
    proxies: pd.DataFrame, measures: Measures, known: Mapping[str, Edition]
) -> Iterator[Finding]:
    """Check the price list: declared editions, one price a measure and edition, fitting units."""
    first_rows = proxies.drop_duplicates("edition")
    undeclared = first_rows[~first_rows["edition"].isin(list(known))]
    for row in rows_of(undeclared):
        yield _at("toms.undeclared_edition", row, "edition", known=", ".join(known))
    repeated = proxies[proxies.duplicated(["measure_ref", "edition"])]
    for row in rows_of(repeated):
        yield _at("toms.second_price", row, "measure_ref", edition=row.edition)
    for row in rows_of(proxies):
        yield from _proxy(row, measures)


def _proxy(row: Row, measures: Measures) -> Iterator[Finding]:
    """Check that a price fits its measure."""
    measure = measures.get(row.measure_ref)
    if measure is None:
        yield _at("toms.price_of_nothing", row, "measure_ref")
        return
    ref = measure.ref
    if row.unit != measure.unit:
        yield _at("toms.other_unit", row, "unit", ref=ref, unit=measure.unit)
    if _is_blank(row.proxy):
        return
    if measure.method == "money invested" and row.proxy != 1:
        yield _at("toms.price_of_money", row, "proxy", ref=ref)
    if measure.method == "recorded only":
        yield _at("toms.price_not_used", row, "proxy", ref=ref)


def _measure_set(measures: Measures, council: Council, day: date) -> Iterator[Finding]:
    """Check that the council's measure set and deadweights are up to date."""
    chosen = council.measure_set
    last = chosen.valid_to
    if last and last < day:
        yield _of_settings("toms.set_has_ended", "measure_set", day=last, name=chosen.name)
    for ref in council.methods.deadweight:
        if ref not in measures:
            yield _of_settings("toms.deadweight_of_nothing", "methods.deadweight", ref=ref)
    for ref in chosen.measures:
        measure = measures.get(ref)
        if measure is None:
            yield _of_settings("toms.set_of_nothing", "measures", ref=ref)
        elif measure.review_on < day:
            yield _of_measure("toms.review_due", ref, "review_on", day=measure.review_on)


def _of_settings(finding_id: str, column: str, **slots: Any) -> Finding:
    return finding(finding_id, "council.yaml", None, column, **slots)


def _of_measure(finding_id: str, ref: str, column: str, **slots: Any) -> Finding:
    return finding(finding_id, file_of(ref), None, column, **slots)


def _examples(measures: Measures) -> Iterator[Finding]:
    """Check the worked examples: those of a council's own measures have no other test."""
    for measure in measures.values():
        for example in measure.examples:
            fault = example_fault(measure, example)
            if fault:
                slots = {"title": example.title, "fault": fault}
                yield _of_measure("toms.example", measure.ref, "examples", **slots)
