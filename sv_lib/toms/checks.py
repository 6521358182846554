"""What the method finds wrong with the claims, the promises and the prices, in spreadsheet
words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from sv_lib.intake.findings import Finding, Severity
from sv_lib.params import Council, Edition
from sv_lib.toms.measures import Measure, editions
from sv_lib.toms.valuation import plain

Frames = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]

STATE_DATES = {"evidenced": "evidenced_on", "validated": "validated_on", "rejected": "rejected_on"}


def findings(
    frames: Frames, measures: Mapping[str, Measure], council: Council, day: date
) -> list[Finding]:
    """Every finding of the method, on all rows at once; ``day`` is the day the data stand at."""
    returns = frames["returns"].to_dict("records")
    claims = {row["claim_id"]: row for row in returns}
    promises = {row["commitment_id"]: row for row in frames["commitments"].to_dict("records")}
    contracts = {row["contract_id"]: row for row in frames["contracts"].to_dict("records")}
    priced = {(row["measure_ref"], row["edition"]) for row in frames["proxies"].to_dict("records")}
    known = editions(council.editions)
    found: list[Finding] = [
        *_proxies(frames["proxies"], measures, known),
        *_catalogue(measures, council, day),
    ]
    found += [finding for row in contracts.values() for finding in _tendered(row, known)]
    for row in (*returns, *promises.values()):
        found += _measure(row, contracts, measures, priced, council)
    for row in returns:
        found += _claim(row, measures)
        found += _correction(row, claims)
        found += _promise(row, promises)
    return (
        found
        + list(_milestones(frames["milestones"], promises))
        + list(_first_year(frames["returns"], measures))
    )


def _say(
    severity: Severity, row: Row, column: str, found: object, problem: str, remedy: str
) -> Finding:
    return Finding(
        severity, row["source_file"], int(row["source_row"]), column, str(found), problem, remedy
    )


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value == "" or value != value


def _measure(
    row: Row,
    contracts: Mapping[str, Row],
    measures: Mapping[str, Measure],
    priced: set[tuple[str, str]],
    council: Council,
) -> Iterator[Finding]:
    """Whether a claim or promise has a measure, and a price for it in its contract's edition."""
    ref, contract = row["measure_ref"], contracts.get(row["contract_id"], {})
    edition, measure = contract.get("edition"), measures.get(ref)
    if measure is None:
        yield _say(
            "stop",
            row,
            "measure_ref",
            ref,
            "it is not a measure of the catalogue, so it cannot be valued",
            "correct the reference; `svreport measures` lists them all",
        )
    elif _blank(edition):
        yield _say(
            "warn",
            row,
            "contract_id",
            row["contract_id"],
            "its contract names no edition: no price",
            "give the contract the edition fixed at its tender",
        )
    elif edition not in measure.editions and (ref, edition) not in priced:
        yield _say(
            "warn",
            row,
            "measure_ref",
            ref,
            f"{ref} is not in {edition}, its contract's edition: no price",
            "check the measure, or the contract's edition",
        )
    elif measure.method == "proxy" and (ref, edition) not in priced:
        yield _say(
            "warn",
            row,
            "measure_ref",
            ref,
            f"there is no proxy for {ref} in {edition}: left without a price",
            "add the proxy with its source and checker",
        )
    awarded_on: Any = contract.get("awarded_on")
    chosen = (
        council.measure_set if _blank(awarded_on) else council.measure_set_on(awarded_on.date())
    )
    if measure is not None and ref not in chosen.measures:
        yield _say(
            "warn",
            row,
            "measure_ref",
            ref,
            f"{ref} is not in the council's set '{chosen.name}'",
            "check the measure; it is counted as its edition says",
        )


def _tendered(row: Row, known: Mapping[str, Edition]) -> Iterator[Finding]:
    """Whether a contract can have been let under its edition: a tender comes before its award,
    never
    after.
    """
    edition = known.get(row["edition"])
    if edition and row["awarded_on"] < pd.Timestamp(edition.valid_from):
        problem = (
            f"awarded on {row['awarded_on']:%Y-%m-%d}, before the edition's first day, "
            f"{edition.valid_from}"
        )
        yield _say("warn", row, "edition", edition.id, problem, "give the edition of its tender")


def _claim(row: Row, measures: Mapping[str, Measure]) -> Iterator[Finding]:
    """What a claim leaves out: the date of its state, why only a part is claimed, the number of
    people.
    """
    column, measure = STATE_DATES.get(row["state"], "reported_on"), measures.get(row["measure_ref"])
    if _blank(row[column]):
        yield _say(
            "stop" if row["state"] == "rejected" else "warn",
            row,
            column,
            "blank",
            f"the claim is marked {row['state']} without a date, and states are taken "
            f"from their dates",
            "give the date",
        )
    if row["attribution"] < 1 and _blank(row["attribution_reason"]):
        yield _say(
            "warn",
            row,
            "attribution_reason",
            "blank",
            "an attribution below 1 is given without a reason",
            "ask the supplier why only a part is claimed",
        )
    if measure and measure.counts_people and _blank(row["headcount"]) and row["quantity"] > 0:
        yield _say(
            "warn",
            row,
            "headcount",
            "blank",
            f"{measure.ref} counts people, and no number of people is given",
            "ask for the number of people; they stand as not known",
        )


def _correction(row: Row, claims: Mapping[str, Row]) -> Iterator[Finding]:
    ref, quantity = row["corrects_claim_id"], row["quantity"]
    if _blank(ref):
        if quantity < 0:
            yield _say(
                "stop",
                row,
                "quantity",
                plain(quantity),
                "a negative quantity that corrects no claim",
                "name the claim that it corrects",
            )
        return
    first = claims.get(ref)
    if first is None:
        yield _say(
            "stop",
            row,
            "corrects_claim_id",
            ref,
            "there is no such claim",
            "name the claim that it corrects",
        )
    elif (first["contract_id"], first["measure_ref"]) != (row["contract_id"], row["measure_ref"]):
        yield _say(
            "stop",
            row,
            "corrects_claim_id",
            ref,
            "that claim is of another contract or measure",
            "name a claim of the same contract and measure",
        )
    elif quantity + first["quantity"] < 0:
        yield _say(
            "stop",
            row,
            "quantity",
            plain(quantity),
            "it takes off more than the claim it corrects",
            f"take off {plain(first['quantity'])} at most",
        )


def _promise(row: Row, promises: Mapping[str, Row]) -> Iterator[Finding]:
    ref = row["commitment_id"]
    if _blank(ref):
        return
    promise = promises.get(ref)
    if promise is None:
        yield _say(
            "warn",
            row,
            "commitment_id",
            ref,
            "there is no such commitment",
            "correct it, or leave it blank",
        )
    elif (promise["contract_id"], promise["measure_ref"]) != (
        row["contract_id"],
        row["measure_ref"],
    ):
        yield _say(
            "warn",
            row,
            "commitment_id",
            ref,
            "that commitment is of another contract or measure",
            "name the commitment that this claim delivers",
        )


def _milestones(milestones: pd.DataFrame, promises: Mapping[str, Row]) -> Iterator[Finding]:
    for ref, steps in milestones.groupby("commitment_id"):
        promise, total = promises.get(str(ref)), sum(steps["quantity"], Decimal(0))
        if promise is not None and promise["quantity"] != total:
            yield _say(
                "warn",
                steps.iloc[0].to_dict(),
                "quantity",
                plain(total),
                f"the milestones of {ref} do not add up to its promise of "
                f"{plain(promise['quantity'])}",
                "correct the milestones; what is due follows them",
            )


def _first_year(returns: pd.DataFrame, measures: Mapping[str, Measure]) -> Iterator[Finding]:
    """A person may count for one FTE-year at most under a first-year-only measure."""
    limited = [ref for ref, measure in measures.items() if measure.is_first_year_only]
    rows = returns[returns["measure_ref"].isin(limited) & returns["activity_key"].fillna("").ne("")]
    rows = rows[(rows["headcount"] == 1).fillna(False) & ~rows["state"].isin(["rejected"])]
    for (key, ref), claims in rows.groupby(["activity_key", "measure_ref"]):
        total = sum(claims["quantity"], Decimal(0))
        if total > 1:
            yield _say(
                "warn",
                claims.iloc[-1].to_dict(),
                "quantity",
                plain(total),
                f"the person of key {key} counts for more than a first year under {ref}",
                "take off what lies after the first year",
            )


def _proxies(
    proxies: pd.DataFrame, measures: Mapping[str, Measure], known: Mapping[str, Edition]
) -> Iterator[Finding]:
    first_rows = proxies.drop_duplicates("edition")
    for row in first_rows[~first_rows["edition"].isin(list(known))].to_dict("records"):
        problem = "council.yaml declares no such edition, so its dates and source are not known"
        remedy = f"declare it under 'editions', or use one of {', '.join(known)}"
        yield _say("stop", row, "edition", row["edition"], problem, remedy)
    for row in proxies[proxies.duplicated(["measure_ref", "edition"])].to_dict("records"):
        yield _say(
            "stop",
            row,
            "measure_ref",
            row["measure_ref"],
            f"it has a second price in {row['edition']}",
            "keep one price a measure and edition",
        )
    for row in proxies.to_dict("records"):
        measure = measures.get(row["measure_ref"])
        if measure is None:
            yield _say(
                "warn",
                row,
                "measure_ref",
                row["measure_ref"],
                "it is not a measure of the catalogue: not used",
                "correct the reference, or take the row out",
            )
            continue
        if row["unit"] != measure.unit:
            yield _say(
                "stop",
                row,
                "unit",
                row["unit"],
                f"{measure.ref} is counted in {measure.unit}",
                "give the price of that unit",
            )
        if measure.method == "money invested" and not _blank(row["proxy"]) and row["proxy"] != 1:
            yield _say(
                "stop",
                row,
                "proxy",
                row["proxy"],
                f"{measure.ref} counts a pound for a pound",
                "leave the price out, or write 1",
            )
        if measure.method == "recorded only" and not _blank(row["proxy"]):
            yield _say(
                "warn",
                row,
                "proxy",
                row["proxy"],
                f"{measure.ref} is recorded only: the price is not used",
                "leave the price blank",
            )


def _catalogue(measures: Mapping[str, Measure], council: Council, day: date) -> Iterator[Finding]:
    chosen, ends = council.measure_set, council.measure_set.valid_to
    if ends is not None and ends < day:
        yield Finding(
            "warn",
            "council.yaml",
            None,
            "measure_set",
            str(ends),
            f"'{chosen.name}' no longer holds",
            "declare the set that holds now, and this one under 'earlier_measure_sets'",
        )
    for ref in council.methods.deadweight:
        if ref not in measures:
            yield Finding(
                "stop",
                "council.yaml",
                None,
                "methods.deadweight",
                ref,
                "it is not a measure of the catalogue",
                "correct the reference",
            )
    for ref in chosen.measures:
        if ref not in measures:
            yield Finding(
                "stop",
                "council.yaml",
                None,
                "measures",
                ref,
                "it is not a measure of the catalogue",
                "correct the council's measure set",
            )
        elif measures[ref].review_on < day:
            yield Finding(
                "note",
                f"catalogue/{ref}.yaml",
                None,
                "review_on",
                str(measures[ref].review_on),
                "the measure is past its review date",
                "review its rule and move the date on",
            )
