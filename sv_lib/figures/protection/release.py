"""The figures and tables that may be published once it is decided what is hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import Band
from sv_lib.figures.figure import ROUNDED, Figure
from sv_lib.figures.protection.units import rule_of
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.trail_rows import Bools, Rows
from sv_lib.params import Disclosure
from sv_lib.toms.worded import rank_words

TOGETHER = "rows about people, taken together"
"""Stands in the trail for the rows about people, which are never listed one by one."""
LINE = pd.DataFrame({"source_file": [TOGETHER], "source_row": [0]})
NOT_PUBLIC = "[c]"
WHY_HIDDEN = "hidden to protect people: few stand behind it, or behind what it would give away"
WHY_UNSAID = f"{WHY_HIDDEN}; whether there are any is not told"


def release_figures(
    whole: Trail, hidden: Mapping[str, Band | None], rules: Disclosure, unsaid: Collection[str] = ()
) -> Trail:
    """The figures that may be shown, in their order.

    ``hidden``: the figures that are not printed, each with the band that may be, if any.
    ``unsaid``: those of them of which it is not even told that they are not nought. A figure
    worked out of others is worked out again from what is shown of them, so a ratio with a hidden
    part is hidden too.
    """
    public = Trail(like=whole)
    for figure in whole:
        if figure.id in hidden:
            why = WHY_UNSAID if figure.id in unsaid else WHY_HIDDEN
            public.admit(_as_hidden(figure, hidden[figure.id], why), None)
        elif figure.kind == "worked":
            made = (figure.id, figure.label, figure.operation, figure.parts, figure.formula)
            public.work(*made, unit=figure.unit, caution=figure.caution)
        else:
            public.admit(*_as_shown(whole, figure, rules))
    return public


def _as_hidden(figure: Figure, band: Band | None, why: str) -> Figure:
    """A figure without its value; a count of people with the band that may be printed of it."""
    low, high = None, None
    if band and figure.unit == "people" and figure.value is not None:
        # Readers may have a band of the group by another number, which does not hold this one.
        low, high = band if band.low <= figure.value <= band.high else (None, None)
    return replace(figure, kind="hidden", value=None, caution=why, low=low, high=high)


def _as_shown(whole: Trail, figure: Figure, rules: Disclosure) -> tuple[Figure, Rows | None]:
    """A figure and its rows, with those about people as one line.

    Where these are of one protected group alone, the line is rounded as ``units.yaml`` says, and
    the figure with it.
    """
    rows = whole.own_rows(figure.id)
    measures = whole.people_measures(figure.id)
    if not measures or rows is None:
        return figure, rows
    is_about_people = whole.is_about_people(figure.id)
    others = Rows(rows.keys[~is_about_people], rows.amounts[~is_about_people])
    amounts = rows.amounts[is_about_people]
    together = sum(amounts.tolist())
    rule = rule_of(figure.unit)
    nearest = rule.nearest(rules)
    is_protected = len(measures) == 1 and measures.issubset(rules.protected_groups)
    if nearest and is_protected:
        together = rule.rounded(together, rules)
        value = sum(others.amounts.tolist(), together)
        cautions = filter(None, [figure.caution, f"{ROUNDED}{nearest}"])
        figure = replace(figure, value=value, caution="; ".join(cautions))
    line = Rows(whole.keys(LINE), np.array([together], dtype=amounts.dtype))
    return figure, others + line


def release_tables(
    tables: Mapping[str, pd.DataFrame], public: Trail, people_measures: Collection[str]
) -> dict[str, pd.DataFrame]:
    """The tables that may be published.

    ``people_measures``: references of the measures that count people. Their claims are not listed
    one by one, nor pairs of them.
    """
    claims = tables["claims"]
    pairs = tables["overlaps"]
    is_of_people = claims["measure_ref"].isin(people_measures)
    refs = pairs[["measure_ref", "other_ref"]]
    is_pair_of_people = refs.isin(people_measures).any(axis=1)
    released = {
        **tables,
        "claims": _claims_without(claims, is_of_people),
        "overlaps": pairs[~is_pair_of_people],
        "series": _known_series(tables["series"], public),
        "top_contracts": _hidden_last(tables["top_contracts"], public),
    }
    if "bridge" in tables:
        contracts_of_people = claims[is_of_people]["contract_id"]
        released["bridge"] = _bridge_without(tables["bridge"], contracts_of_people)
        released["largest_changes"] = _known_largest(tables["largest_changes"], public)
    return released


def _claims_without(claims: pd.DataFrame, is_of_people: pd.Series) -> pd.DataFrame:
    """The claims that count no people, without names of those that do and words of suppliers."""
    of_people = claims["claim_id"][is_of_people]
    open_claims = claims[~is_of_people].drop(columns="attribution_reason", errors="ignore")
    named = open_claims["shares_with"]
    return open_claims.assign(shares_with=named.mask(named.isin(of_people), NOT_PUBLIC))


def _known_series(series: pd.DataFrame, public: Trail) -> pd.DataFrame:
    """The rows of the series whose change is printed exactly: they are exact themselves."""
    changes = (public[f"measure.{ref}.delivered.change"] for ref in series["measure_ref"])
    is_exact = np.array([one.is_known and not one.mark for one in changes], dtype=bool)
    exact: pd.DataFrame = series[is_exact]
    return exact


def _hidden_last(top: pd.DataFrame, public: Trail) -> pd.DataFrame:
    """The largest contracts, those with a hidden value last: a rank would tell of the value.

    They are numbered on, so that no number is missing.
    """
    parts = top["contract_id"].map(slug)
    is_known = _are_known(public, "contract.{}.delivered", parts)
    order = np.argsort(~is_known, kind="stable")
    values = [public[f"contract.{parts.iloc[row]}.delivered"].value for row in order]
    ranks = rank_words(values)
    numbers = [rank or str(number) for number, rank in enumerate(ranks, start=1)]
    return top.iloc[order].assign(rank=numbers)


def _are_known(public: Trail, figure_id: str, parts: Iterable[str]) -> Bools:
    """Which figures have a value; each part stands for the braces of the id."""
    figures = (public[figure_id.format(part)] for part in parts)
    return np.array([figure.is_known for figure in figures], dtype=bool)


def _bridge_without(causes: pd.DataFrame, contracts: pd.Series) -> pd.DataFrame:
    """Causes of change by contract, without the social value of contracts with claims on people.

    A line of contracts that were let again goes where one of them has such claims.
    """
    of_people = set(contracts)
    named = causes["contract_id"].fillna("") + ", " + causes["successor_id"].fillna("")
    is_of_people = [not of_people.isdisjoint(ids.split(", ")) for ids in named]
    is_hidden = causes["family"].ne("spend") & np.array(is_of_people, dtype=bool)
    return causes[~is_hidden]


def _known_largest(largest: pd.DataFrame, public: Trail) -> pd.DataFrame:
    """The lines that moved each place most, of the places whose figure of it is printed."""
    stems = largest["family"] + "." + largest["place"]
    return largest[_are_known(public, "bridge.{}.largest", stems)]
