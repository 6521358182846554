"""Who stands behind claims, and how people are counted over a period: each of them once.

A return says how many people *started* in its quarter, and how many were *in post* on its last day.
Starts add up. A stock never does: of each contract and measure the quarter with most people counts,
which is the least number of people that there can have been. A person with a key counts once, in
the first row that names them.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.toms.worded import is_blank

GROUP = ["contract_id", "measure_ref"]
QUARTER = [*GROUP, "period_end"]
BENEFICIARY = ["claim_id", "home_lsoa_code", "person_key", "headcount", "people_started"]
"""What counting needs to know of beneficiaries: every column more is copied dozens of times."""


def in_post(claims: pd.DataFrame) -> pd.Series:
    """People at work or learning on the last day of each claim's quarter, NA where not known.

    Files of earlier years say ``headcount``. Nobody stands behind a claim of nil; and nobody beside
    a quantity is not known, since somebody did it.
    """
    stock = claims["people_in_post"].fillna(claims["headcount"])
    return _somebody(claims, stock.fillna(claims["people_started"]))


def at_work(claims: pd.DataFrame) -> pd.Series:
    """The most people that each claim tells of, in post or started; NA where not known."""
    return _somebody(claims, said(claims))


def behind(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """Everybody behind each claim's quantity, as it and its beneficiaries tell; NA not known.

    At least those who started, together with those of the beneficiaries who went on.
    """
    went_on = _who_began(beneficiaries).groupby("claim_id")["went_on"].sum()
    going_on = claims["claim_id"].map(went_on).astype("Int64").fillna(0)
    both = claims["people_started"].fillna(0) + going_on
    most = at_work(claims)
    return most.mask(most.gt(0).fillna(False) & (both > most), both)


def said(claims: pd.DataFrame) -> pd.Series:
    """The larger of the numbers that each claim gives, nought too; NA where it gives none."""
    stock = claims["people_in_post"].fillna(claims["headcount"])
    return pd.DataFrame({"stock": stock, "started": claims["people_started"]}).max(axis=1)


def _somebody(claims: pd.DataFrame, number: pd.Series) -> pd.Series:
    """People as a claim says, 0 under a quantity of nil, NA where it says 0 beside a quantity."""
    is_somebody = number.gt(0).fillna(False).astype("bool")
    return number.where(is_somebody).mask(_is_nil(claims), 0).astype("Int64")


def _is_nil(claims: pd.DataFrame) -> pd.Series:
    return claims["quantity"].eq(0).astype("bool")


def starts(claims: pd.DataFrame) -> pd.Series:
    """How many people started under each claim, where it is these who count; else NA."""
    return _starts(claims, say_started(claims))


def _starts(claims: pd.DataFrame, starts_count: pd.Series) -> pd.Series:
    started = claims["people_started"].fillna(0).mask(_is_nil(claims), 0)
    return started.where(starts_count).astype("Int64")


def say_started(claims: pd.DataFrame) -> pd.Series:
    """Of which claims the starts count: where every claim of its contract and measure says them."""
    says = claims["people_started"].notna() | _is_nil(claims) | _corrects(claims)
    keys = [claims[name] for name in GROUP]
    return says.groupby(keys, dropna=False).transform("all").astype("bool")


def counted(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """How many people each claim adds to those of all these claims; NA where it is not known.

    A claim whose people are counted under another one, or another quarter, adds none.
    """
    facts = _facts(claims)
    sums = _count(facts, beneficiaries).groupby("claim_id")["headcount"].sum()
    added = claims["claim_id"].map(sums).astype("Int64")
    is_nobody = facts["told"].eq(0).fillna(False).astype("bool")
    return added.mask(is_nobody | facts["corrects"], 0)


def by_home(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """The people of claims by the home area that was told: a row a claim and area, NA not known.

    ``headcount``: those who count among all these claims. ``started``: those who began, where it is
    these who count. ``persons``: the keys of those that have one, else NA; ``starters``: of them,
    the keys of those who count. A claim without beneficiaries that tells of nobody has no row.
    """
    rows = _count(_facts(claims), beneficiaries)
    rows["started"] = rows["people"].where(rows["starts_count"]).astype("Int64")
    area = ["claim_id", "home_lsoa_code"]
    sums = rows.groupby(area, dropna=False)[["headcount", "started"]].sum(min_count=1)
    keyed = rows[rows["person_key"].notna()]
    persons, starters = (
        some.groupby(area, dropna=False)["person_key"].agg(tuple)
        for some in (keyed, keyed[keyed["people"] > 0])
    )
    return sums.assign(persons=persons, starters=starters).reset_index()


def _facts(claims: pd.DataFrame) -> pd.DataFrame:
    """What counting needs of each claim: whose people are the same, and how many it tells of.

    ``group`` and ``quarter`` number its contract and measure, and those in its quarter. ``told``:
    the people of the claim that may count, who started or else who is in post; NA not known.
    """
    starts_count = say_started(claims)
    return claims[["claim_id", "period_end"]].assign(
        group=claims.groupby(GROUP, dropna=False).ngroup(),
        quarter=claims.groupby(QUARTER, dropna=False).ngroup(),
        starts_count=starts_count,
        told=_starts(claims, starts_count).fillna(in_post(claims)),
        corrects=_corrects(claims),
    )


def _count(facts: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``_parts`` with ``headcount``: how many of each count among all these claims."""
    parts = _parts(facts, beneficiaries)
    may_count = parts["people"] > 0
    return pd.concat([_counted_once(parts[may_count]), parts[~may_count].assign(headcount=0)])


def _corrects(claims: pd.DataFrame) -> pd.Series:
    """Which rows correct a claim: their people are those of the claim."""
    return ~is_blank(claims["corrects_claim_id"])


def _parts(facts: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """The people of claims, a row for each row of beneficiaries and one for the rest of a claim.

    ``people``: how many of them may count; none of those who went on where it is starts that count.
    """
    facts = facts[~facts["corrects"]]
    homes = _homes(beneficiaries, facts)
    placed = facts["claim_id"].map(homes.groupby("claim_id")["people"].sum())
    rest = facts["told"].fillna(0) - placed.fillna(0).astype("Int64")
    unplaced = facts[["claim_id"]].assign(people=rest)[rest > 0]
    parts = pd.concat([homes, unplaced.reindex(columns=homes.columns)], ignore_index=True)
    parts = parts.astype({"people": "int64", **dict.fromkeys(homes.columns[1:3], "string")})
    return parts.merge(facts.drop(columns="told"), on="claim_id", validate="m:1")


def _homes(beneficiaries: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The beneficiaries of claims, with ``people``: how many of each row may count.

    Where starts count, those who began. Else all of them; but where rows say who began, no more
    than the claim tells of, and first those who went on: who began may not be in post any more.
    """
    rows = _who_began(beneficiaries)
    rows = rows[rows["headcount"] > 0].merge(facts, on="claim_id", validate="m:1")
    claim = rows.groupby("claim_id")
    left = rows["told"] - claim["went_on"].transform("sum")
    earlier = claim["began"].cumsum() - rows["began"]
    still = (left - earlier).clip(lower=0)
    in_post = rows["went_on"] + rows["began"].where(rows["began"] <= still, still)
    tells = rows["people_started"].notna().groupby(rows["claim_id"]).transform("any")
    stock = rows["headcount"].mask(tells & rows["told"].notna(), in_post)
    is_nobody = rows["told"].eq(0).fillna(False).astype("bool")
    people = stock.mask(rows["starts_count"], rows["began"]).mask(is_nobody, 0)
    return rows[["claim_id", "home_lsoa_code", "person_key"]].assign(people=people)


def _who_began(beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """Beneficiaries with how many of each row ``began`` in the quarter, and who ``went_on``."""
    began = beneficiaries["people_started"].fillna(beneficiaries["headcount"])
    went_on = beneficiaries["headcount"] - began
    return beneficiaries[BENEFICIARY].assign(began=began, went_on=went_on)


def _counted_once(parts: pd.DataFrame) -> pd.DataFrame:
    """Those rows in order of time, with ``headcount``: how many of ``people`` count.

    A person with a key counts in the first row. Of the others of a contract and measure those of
    the quarter with most people count, less those who may be persons with a key of other quarters.
    """
    order = ["period_end", "claim_id", "home_lsoa_code"]
    rows = parts.sort_values(order, kind="stable", ignore_index=True)
    is_keyed = rows["person_key"].notna()
    keyed = rows["people"].where(is_keyed, 0)
    free = rows["people"] - keyed
    in_group = keyed.mask(rows.duplicated(["group", "person_key"]), 0)
    in_quarter = keyed.mask(rows.duplicated(["quarter", "person_key"]), 0) + free
    named = in_group.groupby(rows["group"]).transform("sum")
    together = in_quarter.groupby(rows["quarter"]).transform("sum")
    more = (together - named).clip(lower=0)
    is_most = more == more.groupby(rows["group"]).transform("max")
    first = rows["period_end"].where(is_most).groupby(rows["group"]).transform("min")
    earlier = free.groupby(rows["quarter"]).cumsum() - free
    left = (more - earlier).clip(lower=0)
    of_stock = free.clip(upper=left).where(rows["period_end"] == first, 0)
    once = keyed.mask(rows.duplicated("person_key"), 0)
    rows["headcount"] = once + of_stock.mask(rows["starts_count"], free)
    return rows
