"""Checks that a person would make of claims: what is most likely a slip, though it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from sv_lib.intake.findings import Finding, Record, finding, findings_by_row
from sv_lib.toms import people
from sv_lib.toms.measures import Measure, first_year_only
from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.valuation import plain
from sv_lib.toms.worded import is_blank

Frames = Mapping[str, pd.DataFrame]
SAME = ["contract_id", "measure_ref", "period_start", "period_end", "quantity"]
"""Two claims that agree in all of these were most likely typed twice."""
EARLY = pd.Timedelta(days=31)
"""So long before its quarter ends a return may come; earlier, one of the two dates is wrong."""
FAR = 2
"""So many times its promise, a delivery is more likely a slip than a success."""
OF_A_YEAR = {"FTE": Decimal(1), "weeks": Decimal(52)}
"""Unit -> how much of it one person can do in a year, full time."""
DAYS_OF_A_MONTH = 30.4


def findings(frames: Frames, measures: Mapping[str, Measure]) -> list[Finding]:
    """All of them, on returns, commitments, contracts and beneficiaries as intake gives them."""
    returns = frames["returns"]
    needed = ["claim_id", *SAME, "attribution", "state", "reported_on"]
    claims = returns.dropna(subset=needed)
    is_correction = ~is_blank(claims["corrects_claim_id"])
    claims = claims[(claims["state"] != "rejected") & ~is_correction]
    return [
        *_people(claims, measures),
        *findings_by_row("claims.early", _early(claims), "period_end", _quarter),
        *_twice(claims),
        *_far_above(claims, frames["commitments"]),
        *_never_promised(claims, frames["commitments"]),
        *_beneficiaries(frames["beneficiaries"], returns),
        *_past_first_year(frames["beneficiaries"], claims, measures),
        *_outside_contract(claims, frames["contracts"], measures),
    ]


def _people(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> Iterator[Finding]:
    """Quantities that so many people cannot have done, and people without a quantity."""
    counting = [ref for ref, measure in measures.items() if measure.counts_people]
    claims = claims.assign(people=people.said(claims))
    of_people = claims[claims["measure_ref"].isin(counting) & claims["people"].notna()]
    is_nought = of_people["quantity"] == 0
    has_people = of_people["people"] > 0
    yield from findings_by_row("claims.no_quantity", of_people[is_nought & has_people], "quantity")
    nobody = of_people[(of_people["quantity"] > 0) & ~has_people]
    yield from findings_by_row("claims.nobody", nobody, "people_in_post", _said)
    working = of_people[has_people]
    units = working["measure_ref"].map({ref: measures[ref].unit for ref in counting})
    working = working.assign(unit=units)[units.isin(list(OF_A_YEAR))]
    most = [_most(row) for row in rows_of(working)]
    working = working.assign(most=pd.Series(most, index=working.index, dtype="object"))
    yield from findings_by_row(
        "claims.over_people", working[working["quantity"] > working["most"]], "quantity", _over
    )


def _most(row: Row) -> Decimal:
    """What so many people can do in the months of a claim, full time."""
    months: int = round((row.period_end - row.period_start).days / DAYS_OF_A_MONTH)
    return int(row.people) * OF_A_YEAR[row.unit] * months / 12


def _said(row: Record) -> dict[str, object]:
    return {"value": row["people"]}


def _over(row: Record) -> dict[str, object]:
    quantity, most = plain(row["quantity"]), plain(row["most"])
    return {"quantity": quantity, "most": most, "unit": row["unit"], "people": row["people"]}


def _early(claims: pd.DataFrame) -> pd.DataFrame:
    return claims[claims["reported_on"] < claims["period_end"] - EARLY]


def _quarter(row: Record) -> dict[str, object]:
    return {"end": row["period_end"], "reported": row["reported_on"]}


def _twice(claims: pd.DataFrame) -> Iterator[Finding]:
    """Claims that agree in contract, measure, quarter and quantity, each with the first of them."""
    firsts: dict[tuple[object, ...], Row] = {}
    for row in rows_of(claims):
        agreed = tuple(getattr(row, name) for name in SAME)
        if agreed not in firsts:
            firsts[agreed] = row
            continue
        first: Row = firsts[agreed]
        keys = {row.activity_key, first.activity_key}
        has_one_key = len(keys) == 1 and isinstance(row.activity_key, str)
        yield finding(
            "claims.twice_by_key" if has_one_key else "claims.twice",
            row.source_file,
            row.source_row,
            "quantity",
            claim=row.claim_id,
            first=first.claim_id,
            first_row=first.source_row,
            first_file=first.source_file,
        )


def _far_above(claims: pd.DataFrame, promises: pd.DataFrame) -> Iterator[Finding]:
    """Promises of which far more was claimed in all, each at its largest claim."""
    promised = promises.dropna(subset=["commitment_id", "quantity"])
    quantities = dict(zip(promised["commitment_id"], promised["quantity"], strict=True))
    of_promises = claims[claims["commitment_id"].isin(list(quantities))]
    for ref, rows in of_promises.groupby("commitment_id"):
        claimed = sum(rows["quantity"], Decimal(0))
        if claimed > FAR * quantities[ref]:
            largest = max(rows_of(rows), key=lambda row: row.quantity)
            yield finding(
                "claims.far_above",
                largest.source_file,
                largest.source_row,
                "quantity",
                promise=ref,
                claimed=plain(claimed),
                promised=plain(quantities[ref]),
            )


def _never_promised(claims: pd.DataFrame, promises: pd.DataFrame) -> Iterator[Finding]:
    """Claims under a contract that promised other measures, and not this one."""
    pairs = set(zip(promises["contract_id"], promises["measure_ref"], strict=True))
    has_promises = claims["contract_id"].isin(promises["contract_id"])
    own = pd.Series(list(zip(claims["contract_id"], claims["measure_ref"], strict=True)))
    is_promised = own.isin(list(pairs)).set_axis(claims.index)
    rows = claims[has_promises & ~is_promised]
    yield from findings_by_row("claims.never_promised", rows, "measure_ref", _contract)


def _contract(row: Record) -> dict[str, Any]:
    return {"value": row["measure_ref"], "contract": row["contract_id"]}


def _beneficiaries(homes: pd.DataFrame, returns: pd.DataFrame) -> Iterator[Finding]:
    """Rows of which more began than there are, and claims of which more homes are told than people.

    Where no row of a claim says who began, all of them did, if the return says who started. Where
    one does, those who did not begin in the quarter are in post on its last day.
    """
    is_over = homes["people_started"].gt(homes["headcount"]).fillna(False).astype("bool")
    yield from findings_by_row("claims.more_began", homes[is_over], "people_started", _of_them)
    rows = _homes_by_claim(homes, returns)
    began = rows["began"]
    started = rows["people_started"]
    stock = rows["people_in_post"].fillna(rows["headcount_of_return"])
    says_who = rows["rows_that_say"] > 0
    for column, who, told, most, is_asked in (
        ("headcount", "people", rows["headcount"], started.fillna(stock), ~says_who),
        ("people_started", "people who began", began, started, says_who),
        ("headcount", "people who went on", rows["headcount"] - began, stock, says_who),
    ):
        is_over = is_asked & told.gt(most).fillna(False).astype("bool")
        for row in rows_of(rows.assign(told=told, most=most)[is_over]):
            slots = {"told": row.told, "who": who, "claim": row.claim_id, "people": row.most}
            yield finding("claims.too_many_homes", row.source_file, row.source_row, column, **slots)


def _homes_by_claim(homes: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """The people of each claim with beneficiaries as these tell them, beside what its return says.

    ``headcount`` and ``began`` are sums; ``rows_that_say``: how many rows say who began; file and
    row are those of the last one. The others are of its return.
    """
    began = homes["people_started"].fillna(homes["headcount"])
    told = homes.assign(began=began).groupby("claim_id", as_index=False)
    sums = told.agg(
        headcount=("headcount", "sum"),
        began=("began", "sum"),
        rows_that_say=("people_started", "count"),
        source_file=("source_file", "last"),
        source_row=("source_row", "last"),
    )
    said = returns[["claim_id", "people_started", "people_in_post", "headcount"]]
    said = said.drop_duplicates("claim_id", keep="last")
    return sums.merge(said, on="claim_id", validate="1:1", suffixes=("", "_of_return"))


def _of_them(row: Record) -> dict[str, object]:
    return {"value": row["people_started"], "people": row["headcount"]}


def _past_first_year(
    homes: pd.DataFrame, claims: pd.DataFrame, measures: Mapping[str, Measure]
) -> Iterator[Finding]:
    """Persons with a key, told of over a year after they first were, where one year counts."""
    limited = first_year_only(measures)
    quarters = claims.loc[claims["measure_ref"].isin(limited), ["claim_id", *SAME[1:4]]]
    keyed = homes[homes["person_key"].notna()].merge(quarters, on="claim_id", validate="m:m")
    person = keyed.groupby(["person_key", "measure_ref"])
    first = person["period_start"].transform("min")
    late = keyed.assign(first=first)[keyed["period_end"] >= first + pd.DateOffset(years=1)]

    def slots(row: Record) -> dict[str, object]:
        return {"ref": row["measure_ref"], "first": row["first"], "end": row["period_end"]}

    yield from findings_by_row("claims.past_first_year", late, "person_key", slots)


def _outside_contract(
    claims: pd.DataFrame, contracts: pd.DataFrame, measures: Mapping[str, Measure]
) -> Iterator[Finding]:
    """Claims of quarters in which their contract had not begun, or had ended."""
    register = contracts.drop_duplicates("contract_id")
    last_on = register["stopped_on"].fillna(register["ends_on"])
    lives = register[["contract_id", "starts_on"]].assign(last_on=last_on)
    dated = claims.merge(lives, on="contract_id", validate="m:1")
    is_before = dated["period_end"] < dated["starts_on"]
    is_after = dated["period_start"] > dated["last_on"]
    may_go_on = [ref for ref, measure in measures.items() if measure.counts_after_contract]
    is_allowed = is_after & dated["measure_ref"].isin(may_go_on)

    def slots(row: Record) -> dict[str, object]:
        life = {"begins": row["starts_on"], "ends": row["last_on"], "ref": row["measure_ref"]}
        return life | {"value": row["contract_id"]}

    forbidden = dated[(is_before | is_after) & ~is_allowed]
    yield from findings_by_row("claims.outside_contract", forbidden, "period_end", slots)
    yield from findings_by_row("claims.after_contract", dated[is_allowed], "period_end", slots)
