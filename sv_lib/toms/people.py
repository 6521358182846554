"""Who stands behind claims, and how people are counted over a period: each of them once.

A return says how many people *started* in its quarter, and how many were *in post* on its last day.
Starts add up. A stock never does: of each contract and measure the quarter with most people counts,
which is the least number of people that there can have been. A person with a key counts once, in
the first row that names them.

Counting works on whole numbers in arrays: it is asked for hundreds of times, mostly of a few
claims, and each step on a column of a frame takes longer than all of those claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from sv_lib.toms.worded import is_blank

GROUP = ["contract_id", "measure_ref"]
NOT_TOLD = -1
"""Stands for a number of people, a home area or a key that is not told."""

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class _OfClaims(NamedTuple):
    """What counting needs of each claim.

    ``group`` and ``quarter`` number its contract and measure, and those in its quarter; ``rank``
    orders claims by time. ``people``: how many may count, who started or else who is in post.
    """

    group: Ints
    quarter: Ints
    rank: Ints
    corrects: Bools
    starts_count: Bools
    people: Ints


class _Parts(NamedTuple):
    """The people of claims, a row for each row of beneficiaries and one for the rest of a claim.

    ``claim`` and ``row``: which of the claims and of the beneficiaries; ``person`` numbers the
    keys. ``people``: how many may count; none of those who went on where starts count.
    """

    claim: Ints
    row: Ints
    person: Ints
    people: Ints


def on_people(claims: pd.DataFrame) -> pd.DataFrame:
    """Those of some claims that count people."""
    return claims[claims["counts_people"].astype(bool)]


def at_work(claims: pd.DataFrame) -> pd.Series:
    """The most people that each claim tells of, in post or started; NA where not known.

    Nobody stands behind a claim of nil; and nobody beside a quantity is not known, since somebody
    did it.
    """
    number = said(claims)
    is_somebody = number.gt(0).fillna(False).astype("bool")
    return number.where(is_somebody).mask(_is_nil(claims), 0).astype("Int64")


def behind(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """Everybody behind each claim's quantity, as it and its beneficiaries tell; NA not known.

    At least those who started, together with those of the beneficiaries who went on.
    """
    claim, row = _of_claims(beneficiaries, claims)
    rows = beneficiaries.iloc[row]
    going_on = _sums(_numbers(rows["headcount"]) - _began(rows), claim, len(claims))
    both = claims["people_started"].fillna(0) + going_on
    most = at_work(claims)
    return most.mask(most.gt(0).fillna(False) & (both > most), both)


def said(claims: pd.DataFrame) -> pd.Series:
    """The larger of the numbers that each claim gives, nought too; NA where it gives none."""
    return pd.DataFrame({"stock": _stock(claims), "started": claims["people_started"]}).max(axis=1)


def starts(claims: pd.DataFrame) -> pd.Series:
    """How many people started under each claim, where it is these who count; else NA."""
    told = _told(claims)
    return pd.Series(told.people, claims.index, dtype="Int64").where(told.starts_count)


def starts_by_id(together: Iterable[pd.DataFrame]) -> pd.Series:
    """How many started under each claim, by its id, where among some of its claims these count."""
    told = [starts(claims).set_axis(claims["claim_id"]) for claims in together]
    first: pd.Series = pd.concat(told).dropna().groupby(level=0).first()
    return first


def say_started(claims: pd.DataFrame) -> pd.Series:
    """Of which claims the starts count: where every claim of its contract and measure says them."""
    return pd.Series(_told(claims).starts_count, index=claims.index)


def counted(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """How many people each claim adds to those of all these claims; NA where it is not known.

    A claim whose people are counted under another one, or another quarter, adds none.
    """
    told = _told(claims)
    parts = _parts(told, claims, beneficiaries)
    adds = _sums(_counted_once(told, parts), parts.claim, len(claims))
    is_known = (told.people != NOT_TOLD) | told.corrects
    is_known[parts.claim] = True
    return pd.Series(adds, index=claims.index, dtype="Int64").where(is_known)


def by_home(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """The people of claims by the home area that was told: a row a claim and area, NA not known.

    ``headcount``: those who count among all these claims. ``started``: those who began, where it is
    these who count. ``persons``: the keys of those that have one, else NA; ``starters``: of them,
    the keys of those who count. A claim without beneficiaries that tells of nobody has no row.
    """
    told = _told(claims)
    parts = _parts(told, claims, beneficiaries)
    home, key = (
        beneficiaries[name].array.take(parts.row, allow_fill=True)
        for name in ("home_lsoa_code", "person_key")
    )
    area = _numbered(parts.claim, pd.factorize(home, sort=True, use_na_sentinel=False)[0])
    first = np.unique(area, return_index=True)[1]
    claim = parts.claim[first]
    counts = parts.people > 0
    started = pd.Series(_sums(parts.people, area), dtype="Int64")
    return pd.DataFrame(
        {
            "claim_id": claims["claim_id"].array.take(claim),
            "home_lsoa_code": home.take(first).astype("string"),
            "headcount": _sums(_counted_once(told, parts), area),
            "started": started.where(told.starts_count[claim]),
            "persons": keys_of(key, area),
            "starters": keys_of(key[counts], area[counts]),
        }
    )


def keys_of(keys: ExtensionArray, by: Ints | pd.Series) -> pd.Series:
    """The keys of persons of each of ``by``, a tuple each; who has no key is left out."""
    # As objects: text that Arrow holds would come back as its lists, which are no tuples.
    named = pd.Series(keys, by, dtype="object").dropna()
    return named.groupby(level=0).agg(tuple)


def _is_nil(claims: pd.DataFrame) -> pd.Series:
    return claims["quantity"].eq(0).astype("bool")


def _stock(claims: pd.DataFrame) -> pd.Series:
    """People in post on the last day of each quarter; files of earlier years say headcount."""
    return claims["people_in_post"].fillna(claims["headcount"])


def _told(claims: pd.DataFrame) -> _OfClaims:
    """What claims tell. A correction adds nobody: its people are those of the claim."""
    contract, measure = (_codes(claims[name]) for name in GROUP)
    group = _numbered(contract, measure)
    day = _codes(claims["period_end"])
    corrects = (~is_blank(claims["corrects_claim_id"])).to_numpy()
    is_nil = _is_nil(claims).to_numpy()
    started = _numbers(claims["people_started"])
    says = (started != NOT_TOLD) | is_nil | corrects
    starts_count = _sums(~says, group)[group] == 0
    # Nobody beside a quantity is not known: somebody did it.
    stock = _numbers(_stock(claims).fillna(claims["people_started"]))
    in_post = np.where(stock > 0, stock, NOT_TOLD)
    people = np.where(starts_count, np.maximum(started, 0), in_post)
    people[is_nil] = 0
    rank = _numbered(day, _codes(claims["claim_id"]))
    return _OfClaims(group, _numbered(group, day), rank, corrects, starts_count, people)


def _parts(told: _OfClaims, claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> _Parts:
    """The people of claims in order of time and area, those who may not count after the others."""
    claim, row = _of_claims(beneficiaries, claims)
    is_own = ~told.corrects[claim]
    claim, row = claim[is_own], row[is_own]
    rows = beneficiaries.iloc[row]
    placed = _may_count(told, rows, claim)
    rest = told.people - _sums(placed, claim, len(claims))
    unplaced = np.flatnonzero((rest > 0) & ~told.corrects)
    not_told = np.full(len(unplaced), NOT_TOLD)
    home = np.r_[_codes(rows["home_lsoa_code"]), not_told]
    person = np.r_[_codes(rows["person_key"]), not_told]
    people = np.r_[placed, rest[unplaced]]
    claim = np.r_[claim, unplaced]
    order = np.lexsort((home, home == NOT_TOLD, told.rank[claim], people == 0))
    columns = (claim, np.r_[row, not_told], person, people)
    return _Parts(*(column[order] for column in columns))


def _may_count(told: _OfClaims, rows: pd.DataFrame, claim: Ints) -> Ints:
    """How many of each row of beneficiaries may count.

    Where starts count, those who began. Else all of them; but where rows say who began, no more
    than the claim tells of, and first those who went on: who began may not be in post any more.
    """
    people = told.people[claim]
    everybody = _numbers(rows["headcount"])
    began = _began(rows)
    went_on = everybody - began
    left = people - _sums(went_on, claim)[claim]
    earlier = _running(began, claim) - began
    still = np.minimum(began, np.maximum(left - earlier, 0))
    tells = _sums(rows["people_started"].notna(), claim)[claim] > 0
    stock = np.where(tells & (people != NOT_TOLD), went_on + still, everybody)
    may_count = np.where(told.starts_count[claim], began, stock)
    return np.where(people == 0, 0, may_count)


def _counted_once(told: _OfClaims, parts: _Parts) -> Ints:
    """How many of ``people`` count.

    A person with a key counts in the first row. Of the others of a contract and measure those of
    the quarter with most people count, less those who may be persons with a key of other quarters.
    """
    group = told.group[parts.claim]
    quarter = told.quarter[parts.claim]
    keyed = np.where(parts.person == NOT_TOLD, 0, parts.people)
    free = parts.people - keyed
    in_group = np.where(_is_first(_numbered(group, parts.person)), keyed, 0)
    in_quarter = np.where(_is_first(_numbered(quarter, parts.person)), keyed, 0) + free
    together = _sums(in_quarter, quarter)[quarter]
    more = np.maximum(together - _sums(in_group, group)[group], 0)
    most = np.zeros_like(told.group)
    np.maximum.at(most, group, more)
    is_most = more == most[group]
    of_most = quarter[is_most][_is_first(group[is_most])]
    left = np.maximum(more - _running(free, quarter) + free, 0)
    of_stock = np.where(np.isin(quarter, of_most), np.minimum(free, left), 0)
    once = np.where(_is_first(parts.person), keyed, 0)
    return once + np.where(told.starts_count[parts.claim], free, of_stock)


def _of_claims(beneficiaries: pd.DataFrame, claims: pd.DataFrame) -> tuple[Ints, Ints]:
    """The rows of beneficiaries that are people of the claims: which claim, and which row."""
    claim = pd.Index(claims["claim_id"]).get_indexer(beneficiaries["claim_id"])
    is_theirs = (claim >= 0) & (_numbers(beneficiaries["headcount"]) > 0)
    row = np.flatnonzero(is_theirs)
    return claim[row], row


def _began(beneficiaries: pd.DataFrame) -> Ints:
    """How many of each row began in the quarter: all of them where it does not say."""
    return _numbers(beneficiaries["people_started"].fillna(beneficiaries["headcount"]))


def _numbers(column: pd.Series) -> Ints:
    return column.to_numpy(dtype=np.int64, na_value=NOT_TOLD)


def _codes(column: pd.Series) -> Ints:
    """Number what a column holds in its order; NOT_TOLD where it holds nothing."""
    return pd.factorize(column, sort=True)[0]


def _numbered(first: Ints, second: Ints) -> Ints:
    """Number the pairs of two numbers in their order."""
    width = second.max(initial=0) + 2
    return np.unique(first * width + second, return_inverse=True)[1]


def _is_first(numbers: Ints) -> Bools:
    """Which rows are the first to hold their number."""
    is_first = np.zeros(len(numbers), dtype=bool)
    is_first[np.unique(numbers, return_index=True)[1]] = True
    return is_first


def _sums(numbers: npt.ArrayLike, by: Ints, size: int = 0) -> Ints:
    """The sum of the numbers of each of ``by``, which number ``size`` at least."""
    return np.bincount(by, numbers, size).astype(np.int64)


def _running(numbers: Ints, by: Ints) -> Ints:
    """The sum so far of the numbers of each of ``by``."""
    return pd.Series(numbers).groupby(by).cumsum().to_numpy()
