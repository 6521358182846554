"""What may be published of a calculation.

Small numbers of people are hidden, and beside them what would give them away.

docs/small-numbers.md gives the rules, the ways in which a reader could try, and what trying came
to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.operations import LESS
from sv_lib.figures.protection.decision import Decision, decide
from sv_lib.figures.protection.published import Published
from sv_lib.figures.protection.release import release_figures, release_tables
from sv_lib.figures.saved import Calculation, Secrets
from sv_lib.figures.topic import having
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import CLAIM, Workings
from sv_lib.toms import people
from sv_lib.toms.worded import is_blank


def protect(
    whole: Calculation, workings: Workings, earlier: Sequence[Published] = ()
) -> Calculation:
    """The part of a calculation that may be published, with its ``secrets``.

    ``earlier``: what readers have already; what that printed or hid stays so. Raises ValueError
    where people stand behind a figure unseen, or where something hidden is left in what is to be
    published.
    """
    _require_people_seen(whole.trail, workings)
    rules = workings.disclosure
    decision = decide(rules, whole.trail, earlier)
    to_few = dict.fromkeys(_paid_to_few_sole_traders(whole.trail, workings))
    trail = release_figures(whole.trail, {**to_few, **decision.hidden}, rules, decision.unsaid)
    tables = release_tables(whole.tables, trail, _people_measures(workings))
    public = Calculation(trail, tables)
    secrets = _secrets(whole, public, decision, workings, earlier)
    require_nothing_hidden(public, secrets)
    return replace(public, secrets=secrets)


def require_nothing_hidden(public: Calculation, secrets: Secrets) -> None:
    """Raise ValueError where a public calculation holds a hidden value or a row about people.

    It looks at ids and rows, never at values: a permitted 7 beside a hidden 7 is no leak.
    """
    for figure in public.trail:
        if figure.kind != "hidden":
            continue
        if figure.value is not None:
            raise ValueError(f"{figure.id} is hidden and has a value")
        if public.trail.own_rows(figure.id) is not None:
            raise ValueError(f"{figure.id} is hidden and has rows")
    rows = pd.DataFrame(sorted(secrets.rows), columns=CLAIM)
    for figure_id in _figures_on(public.trail, rows):
        raise ValueError(f"{figure_id} lists rows about people one by one")
    keys = public.trail.keys(rows)
    for name, table in public.tables.items():
        has_rows = set(CLAIM) <= set(table)
        if has_rows and np.isin(public.trail.keys(table), keys).any():
            raise ValueError(f"the table {name} lists rows about people one by one")


def _figures_on(trail: Trail, rows: pd.DataFrame) -> list[str]:
    """Ids of the figures made from some of the input rows."""
    table = trail.long_table()
    is_one = table.split(np.isin(table.keys, trail.keys(rows)))
    pairs = zip(table.figure_ids, is_one, strict=True)
    return [figure_id for figure_id, mask in pairs if mask.any()]


def _require_people_seen(trail: Trail, workings: Workings) -> None:
    """Raise ValueError where a figure stands on claims on people and nothing says so.

    Nothing would hide such a figure.
    """
    for figure_id in _figures_on(trail, people.on_people(workings.known)):
        if not trail.people_measures(figure_id):
            raise ValueError(
                f"{figure_id} stands on claims on people; the columns that say so were lost on "
                f"the way"
            )


def _people_measures(workings: Workings) -> frozenset[str]:
    """References of the measures that count people."""
    return frozenset(ref for ref, measure in workings.measures.items() if measure.counts_people)


def _secrets(
    whole: Calculation,
    public: Calculation,
    decision: Decision,
    workings: Workings,
    earlier: Sequence[Published],
) -> Secrets:
    """What no published file may hold, for the checks and for the council's own words."""
    withheld = {}
    printed = {_place_and_value(figure) for figure in public.trail if figure.kind == "total"}
    for figure in whole.trail:
        if public.trail[figure.id].value == figure.value:
            continue
        # A change with one cause is no secret: the linear program has judged what the printed
        # cause tells.
        if figure.operation != LESS or _place_and_value(figure) not in printed:
            withheld[figure.id] = figure
    claims = whole.tables["claims"]
    is_public = claims["claim_id"].isin(public.tables["claims"]["claim_id"])
    withheld_claims = claims[~is_public]
    rows = withheld_claims[CLAIM].itertuples(index=False, name=None)
    return Secrets(
        whole=whole,
        figures=withheld,
        words=_sole_traders(workings) | frozenset(withheld_claims["claim_id"]),
        rows=frozenset(rows),
        cells=decision.cells,
        printed=decision.printed,
        leaks=decision.leaks,
        decided_anew=tuple(one.name for one in earlier if one.is_decided_anew),
        people_measures=_people_measures(workings),
        on_many=_on_many(workings),
    )


def _place_and_value(figure: Figure) -> tuple[str, Value | None]:
    """What a figure is of, all but the last part of its id, and what it comes to."""
    return figure.id.rpartition(".")[0], figure.value


def _sole_traders(workings: Workings) -> frozenset[str]:
    """The names of people who trade alone, except names that a firm has too."""
    suppliers = workings.frame("suppliers")
    is_alone = suppliers["is_sole_trader"] == "yes"
    people = set(suppliers[is_alone]["supplier_name"].dropna())
    firms = set(suppliers[~is_alone]["supplier_name"])
    return frozenset(people - firms)


def _on_many(workings: Workings) -> frozenset[tuple[str, str]]:
    """Contract and measure of the claims with enough people behind them for a story."""
    rules = workings.disclosure
    claims = workings.counted
    of_measures = [
        people.counted(of_measure, workings.frame("beneficiaries"))
        for _, of_measure in claims.groupby("measure_ref")
    ]
    # Of a claim that does not say how many stand behind it nothing is known.
    headcount = pd.concat([pd.Series(dtype="Int64"), *of_measures]).fillna(0)
    keys = [claims["contract_id"], claims["measure_ref"]]
    counted = headcount.groupby(keys, dropna=False).sum()
    refs = counted.index.get_level_values("measure_ref")
    is_protected = refs.isin(rules.protected_groups)
    least = np.where(is_protected, rules.protected_below, rules.people_below)
    is_enough = counted >= least
    return frozenset(counted.index[is_enough])


def _paid_to_few_sole_traders(whole: Trail, workings: Workings) -> set[str]:
    """Totals in pounds that a few people who trade alone were paid, and no firm."""
    payments = workings.frame("payments")
    alone = may_trade_alone(workings.frame("suppliers"))
    paid = having(payments, "supplier_id", *alone["supplier_id"])
    payment_of_key = pd.Index(whole.keys(paid))
    supplier_ids = paid["supplier_id"].to_numpy()
    found = set()
    for figure in whole:
        rows = whole.own_rows(figure.id)
        if rows is None or figure.kind != "total" or figure.unit != "pence":
            continue
        if not 0 < len(rows) <= len(paid):
            continue
        keys = pd.Index(rows.keys)
        if not keys.isin(payment_of_key).all():  # somebody else was paid too
            continue
        payment = payment_of_key.get_indexer(keys)
        suppliers = set(supplier_ids[payment])
        if len(suppliers) < workings.disclosure.people_below:
            found.add(figure.id)
    return found


def may_trade_alone(suppliers: pd.DataFrame) -> pd.DataFrame:
    """Suppliers who trade alone, and those of whom nothing says that they are a firm."""
    numbers = suppliers[["company_number", "charity_number"]]
    has_number = ~numbers.apply(is_blank).all(axis=1)
    is_firm = suppliers["is_sole_trader"].mask(has_number, "no") == "no"
    is_alone = suppliers["is_sole_trader"] == "yes"
    return suppliers[is_alone | ~is_firm]
