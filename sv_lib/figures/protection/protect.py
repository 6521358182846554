"""What may be published of a calculation: small numbers of people hidden, and beside them what
would
give them away.

docs/small-numbers.md tells the rules, the ways in which a reader could try, and what trying came
to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pandas as pd

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import Bools, Cells
from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.protection.people_cells import HALF, cells_of
from sv_lib.figures.saved import PHOTOS, Calculation, Secrets
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.trail_rows import Rows
from sv_lib.figures.workings import Workings
from sv_lib.params import Disclosure, Publication
from sv_lib.periods import months_after

TOGETHER = "rows about people, taken together"
HIDDEN_CELL = "[c]"
OF_PEOPLE = ("returns", "beneficiaries")
COUNTED_IN = ("people", "suppliers")
LINE = pd.DataFrame({"source_file": [TOGETHER], "source_row": [0]})


def half_of(publication: Publication) -> Publication | None:
    """The mid-year report that readers of an annual one know already, as six months before.

    It is taken to be on the first half of the social value year, and on the last half of the year
    of spend.
    """
    if publication.file.kind != "annual":
        return None
    social, spend, day = publication.file.social_value, publication.file.spend, timedelta(days=1)
    first = {
        name: span.model_copy(update={"end": months_after(span.start, 6) - day})
        for name, span in (("this", social.this), ("before", social.before))
    }
    last = {
        name: span.model_copy(update={"start": months_after(span.end + day, -6)})
        for name, span in (("this", spend.this), ("before", spend.before))
    }
    early = {
        "kind": "mid-year",
        "social_value": social.model_copy(update=first),
        "spend": spend.model_copy(update=last),
        "data_as_at": max(months_after(publication.file.data_as_at, -6), first["this"].end),
    }
    return publication.model_copy(update={"file": publication.file.model_copy(update=early)})


def protect(whole: Calculation, w: Workings, half: Trail | None = None) -> Calculation:
    """What of a calculation may be published, with its ``secrets`` for the check of the finished
    files.

    ``half``: the trail of the mid-year report that an annual one follows. What that printed or hid
    is settled.
    """
    _require_told(whole.trail, w)
    rules = w.disclosure
    cells, is_hidden = _decided(rules, whole.trail, half)
    hidden = _names(cells, is_hidden)
    trail = _released(whole.trail, hidden | _of_sole_traders(whole.trail, w), rules)
    public = Calculation(trail, _tables(whole.tables, trail, _about_people(w)))
    return replace(public, secrets=_secrets(whole, public, cells, is_hidden, w))


def _require_told(trail: Trail, w: Workings) -> None:
    """Raise ValueError where a figure stands on claims on people and its rows do not say so:
    nothing
    would hide it.
    """
    of_people = trail.keys(w.known[w.known["counts_people"].astype(bool)])
    for figure in trail:
        rows = trail.own_rows(figure.id)
        if (
            rows is not None
            and trail.people(figure.id) is None
            and np.isin(rows.keys, of_people).any()
        ):
            raise ValueError(
                f"{figure.id} stands on claims on people; the columns that say so were "
                f"lost on the way"
            )


def _decided(rules: Disclosure, trail: Trail, half: Trail | None = None) -> tuple[Cells, Bools]:
    """The cells of a trail, and which are hidden: those of a half-year as its own report decided
    it,
    then the rest.
    """
    cells = cells_of(trail, rules, half)
    known = {name + HALF for name in _names(*_decided(rules, half))} if half else set()
    figures = {figure.id: figure for figure in trail} | {
        figure.id + HALF: figure for figure in half or ()
    }
    is_known = np.array([not known.isdisjoint(names) for names in cells.names], dtype=bool)
    is_low = np.array(
        [any(_is_low(figures[name], rules) for name in names) for names in cells.names], dtype=bool
    )
    return cells, disclosure.protect(cells, is_known | is_low, is_low)


def _names(cells: Cells, chosen: Bools) -> set[str]:
    """The figures that show some cells."""
    return {name for cell in np.flatnonzero(chosen).tolist() for name in cells.names[cell]}


def _is_low(figure: Figure, rules: Disclosure) -> bool:
    """Whether it prints a low number of people, though a part of more: people hired, by the places
    of
    the work.
    """
    return figure.unit in COUNTED_IN and 0 < (figure.value or 0) < rules.people_below


def _released(whole: Trail, hidden: set[str], rules: Disclosure) -> Trail:
    """The figures that may be shown. What is worked out of others is worked out again, of what is
    shown of them.
    """
    public = Trail(like=whole)
    for figure in whole:
        above, below = figure.numerator_id, figure.denominator_id
        if figure.id in hidden:
            why = "hidden to protect people: few stand behind it, or behind what it would give away"
            public.admit(replace(figure, kind="hidden", value=None, caution=why), None)
        elif figure.kind == "ratio":
            public.ratio(figure.id, figure.label, above, below, figure.formula, figure.unit)
        elif figure.kind == "difference":
            public.difference(figure.id, figure.label, above, below, figure.formula)
        elif figure.kind == "estimate" and figure.value is not None:
            public.estimate(
                figure.id, figure.label, figure.value, above, below, figure.formula, figure.caution
            )
        else:
            public.admit(*_shown(whole, figure, rules))
    return public


def _shown(whole: Trail, figure: Figure, rules: Disclosure) -> tuple[Figure, Rows | None]:
    """A figure and its rows, those about people in one line; rounded where it counts one protected
    group.
    """
    rows, about = whole.own_rows(figure.id), whole.people(figure.id)
    if about is None or rows is None:
        return figure, rows
    groups, withheld = set(about["measure_ref"]), whole.is_about_people(figure.id)
    together = sum(rows.amounts[withheld].tolist())
    if figure.unit in COUNTED_IN and len(groups) == 1 and groups <= set(rules.protected_groups):
        to = rules.protected_round_to
        together = (together + to // 2) // to * to
        cautions = filter(None, (figure.caution, f"rounded to the nearest {to}"))
        figure = replace(figure, value=together, caution="; ".join(cautions))
    line = Rows(whole.keys(LINE), np.array([together], dtype=rows.amounts.dtype))
    return figure, Rows(rows.keys[~withheld], rows.amounts[~withheld]) + line


def _tables(
    tables: Mapping[str, pd.DataFrame], public: Trail, about: Collection[str]
) -> dict[str, pd.DataFrame]:
    """The tables that may be published; ``about``: the measures that count people.

    Claims on people are not listed one by one, nor pairs of them; contracts whose value is hidden
    stand after those that are ranked.
    """
    claims, pairs, causes, top = (
        tables["claims"],
        tables["overlaps"],
        tables.get("bridge"),
        tables["top_contracts"],
    )
    shown = [
        public[f"contract.{slug(contract)}.delivered"].is_known for contract in top["contract_id"]
    ]
    order = np.argsort(~np.array(shown, dtype=bool), kind="stable")
    if (
        causes is not None
    ):  # pounds of one contract, by cause: those of people are not told contract by contract
        of_few = claims[claims["measure_ref"].isin(about)]["contract_id"]
        tables = {
            **tables,
            "bridge": causes[causes["family"].eq("spend") | ~causes["contract_id"].isin(of_few)],
        }
    series = tables["series"]
    constant = [public[f"measure.{ref}.delivered.change"].is_known for ref in series["measure_ref"]]
    return {
        **tables,
        "series": series[np.array(constant, dtype=bool)],
        "claims": claims[~claims["measure_ref"].isin(about)],
        "overlaps": pairs[~pairs["measure_ref"].isin(about) & ~pairs["other_ref"].isin(about)],
        "top_contracts": top.iloc[order].assign(rank=top["rank"].to_numpy()),
    }


def suppress(public: Calculation, tables: Mapping[str, pd.DataFrame], w: Workings) -> Calculation:
    """The numbers of a public run, with tables of words beside them that give none away.

    A story on few people is not told; findings and corrections of returns do not repeat a cell.
    Raises ValueError for numbers that nothing was hidden of.
    """
    secrets = public.secrets
    if secrets is None:
        raise ValueError("these numbers are those of an exempt run")
    stories, photos, findings = tables["stories"], tables[PHOTOS], tables["findings"]
    about = _about_people(w)
    pairs = zip(stories["contract_id"], stories["measure_ref"], strict=True)
    may_tell = [ref not in about or (contract, ref) in secrets.many for contract, ref in pairs]
    told = stories[np.array(may_tell, dtype=bool)]
    gone = {word for name in ("story_id", "title") for word in set(stories[name]) - set(told[name])}
    words = frozenset(map(str, gone | _people_alone(w) | _claims_of(secrets, w)))
    of_people = {file.name for file in w.inputs.files if file.table in OF_PEOPLE}
    safe = {
        "stories": told,
        PHOTOS: photos[photos["story_id"].isin(told["story_id"])],
        "findings": _masked(
            findings, findings["file"].isin(of_people) & findings["row"].notna(), ("found",)
        ),
        "corrections": without_people(tables["corrections"]),
    }
    return Calculation(
        public.trail, {**public.tables, **tables, **safe}, replace(secrets, words=words)
    )


def without_people(made: pd.DataFrame) -> pd.DataFrame:
    """Corrections as they may be published: of the returns, that one was made, and by whom."""
    return _masked(made, made["table"].isin(OF_PEOPLE), ("key", "expected", "value", "why", "row"))


def _masked(frame: pd.DataFrame, rows: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    texts = {name: frame[name].astype("object").mask(rows, HIDDEN_CELL) for name in columns}
    return frame.assign(**texts) if rows.any() else frame


def _about_people(w: Workings) -> frozenset[str]:
    """The measures that count people."""
    return frozenset(ref for ref, measure in w.measures.items() if measure.counts_people)


def _people_alone(w: Workings) -> set[str]:
    """The names of people who trade alone, but for those that a firm has too."""
    suppliers = w.frame("suppliers")
    alone = suppliers["is_sole_trader"] == "yes"
    return set(suppliers[alone]["supplier_name"].dropna()) - set(suppliers[~alone]["supplier_name"])


def _claims_of(secrets: Secrets, w: Workings) -> set[str]:
    """The numbers of the claims on people."""
    claims = w.frame("returns")
    places = zip(claims["source_file"], claims["source_row"], strict=True)
    is_secret = [place in secrets.rows for place in places]
    return set(claims[np.array(is_secret, dtype=bool)]["claim_id"])


def _many(w: Workings) -> frozenset[tuple[str, str]]:
    """The contracts and measures whose claims have enough people behind them for a story to be
    told.
    """
    rules, claims = w.disclosure, w.counted
    least = dict.fromkeys(rules.protected_groups, rules.protected_below)
    behind = Counter[tuple[str, str]]()
    for contract, ref, people in claims[["contract_id", "measure_ref", "headcount"]].itertuples(
        index=False
    ):
        behind[contract, ref] += 1 if pd.isna(people) else int(people)
    return frozenset(
        pair for pair, people in behind.items() if people >= least.get(pair[1], rules.people_below)
    )


def _secrets(
    whole: Calculation, public: Calculation, cells: Cells, is_hidden: Bools, w: Workings
) -> Secrets:
    """What stands in no published file: figures as they were, and claims; the words come with what
    is
    told.
    """
    said = {_of_place(f) for f in public.trail if f.kind == "total" and f.is_known}
    kept = {
        f.id: f
        for f in whole.trail
        if public.trail[f.id].value != f.value
        # a change with one cause: what the printed cause tells of people, the linear program has
        # judged
        and not (f.kind == "difference" and _of_place(f) in said)
    }
    claims = whole.tables["claims"]
    about = claims[~claims["claim_id"].isin(public.tables["claims"]["claim_id"])]
    rows = zip(about["source_file"].tolist(), about["source_row"].tolist(), strict=True)
    open_pounds = _open_pounds(whole, public.trail, kept, w.frame("proxies"))
    return Secrets(kept, frozenset(), frozenset(rows), cells, is_hidden, open_pounds, _many(w))


def _open_pounds(
    whole: Calculation, public: Trail, kept: Mapping[str, Figure], proxies: pd.DataFrame
) -> frozenset[str]:
    """Amounts that may stand anywhere, though a hidden figure happens to equal one.

    Proxies, and what was promised under each commitment and contract: they tell of no delivery. And
    what is printed of rows about nobody where a hidden figure of the same place comes to as much:
    all work in a ward, say, is under one contract, and its people live there.
    """
    promised = whole.tables["commitments"]
    by_contract = (
        promised[promised["stage"].eq("committed")].groupby("contract_id")["value_pence"].sum()
    )
    of_nobody = {
        _of_place(f) for f in public if f.kind == "total" and whole.trail.people(f.id) is None
    }
    twins = [f.value for f in kept.values() if f.unit == "pence" and _of_place(f) in of_nobody]
    pence = pd.concat([promised["value_pence"], promised["due_value_pence"], by_contract]).dropna()
    prices = [Decimal(str(price)) for price in proxies["proxy"].dropna()]
    return frozenset(
        f"{pounds:.2f}"
        for pounds in (*prices, *(Decimal(int(each)) / 100 for each in (*pence, *twins)))
    )


def _of_place(figure: Figure) -> tuple[str, Value | None]:
    """What a figure is of, all but the last part of its id, and what it comes to."""
    return figure.id.rpartition(".")[0], figure.value


def _of_sole_traders(whole: Trail, w: Workings) -> set[str]:
    """Figures in pounds that a few people who trade alone were paid, and no firm."""
    suppliers, payments = w.frame("suppliers"), w.frame("payments")
    alone = payments[
        payments["supplier_id"].isin(suppliers[suppliers["is_sole_trader"] == "yes"]["supplier_id"])
    ]
    by_key, who = pd.Index(whole.keys(alone)), alone["supplier_id"].to_numpy()
    found = set()
    for figure in whole:
        rows = whole.own_rows(figure.id)
        if rows and figure.kind == "total" and figure.unit == "pence" and len(rows) <= len(who):
            payment = by_key.get_indexer(pd.Index(rows.keys))
            if (payment >= 0).all() and len(set(who[payment])) < w.council.disclosure.people_below:
                found.add(figure.id)
    return found
