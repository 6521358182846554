"""Figures on people: jobs, training, and who was reached."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import lenses, reach
from sv_lib.figures.ledger import Ledger
from sv_lib.figures.workings import NOT_KNOWN, Span, Workings, change, spans

INTO_WORK = ("NT1",)  # the disadvantage measures hold the same people again, so they never add to this
TRAINING = ("NT9", "NT10")
TARGET_GROUPS = ("NT3", "NT4", "NT5", "NT6")
NEEDS = ("contracts", "returns")
DECILES = {"10": 1, "20": 2}


def add_people(ledger: Ledger, w: Workings) -> None:
    """Headlines on jobs and training, headcounts by target group, home areas known, and reach."""
    pub, reason = w.publication, w.missing(*NEEDS)
    for span in spans(pub.sv, pub.sv_before):
        _headcount(ledger, w, "headline.residents_into_work", "Local people into work", INTO_WORK, span, reason)
        _weeks(ledger, w, span, reason)
        for ref in TARGET_GROUPS:
            _headcount(ledger, w, f"people.{ref}", w.measures[ref].title, (ref,), span, reason)
    for stem in (
        "headline.residents_into_work",
        "headline.training_weeks",
        *(f"people.{ref}" for ref in TARGET_GROUPS),
    ):
        change(ledger, stem, ledger[f"{stem}.this"].label)
    _homes(ledger, w, reason)
    _population(ledger, w)
    _reach(ledger, w, reason)


def into_work(w: Workings, span: Span) -> pd.DataFrame:
    """Claims of people into work in a period, by home area (the beneficiary lens)."""
    return _by_home(w, span, INTO_WORK)


def in_training(w: Workings, span: Span) -> pd.DataFrame:
    """Claims of training and apprenticeship weeks in a period, by home area."""
    return _by_home(w, span, TRAINING)


def _by_home(w: Workings, span: Span, refs: tuple[str, ...]) -> pd.DataFrame:
    claims = w.claims(span.period)
    mine = claims[claims["measure_ref"].isin(refs)]
    return lenses.beneficiary(mine, w.frame("beneficiaries"), w.frame("deprivation"))


def _headcount(
    ledger: Ledger, w: Workings, stem: str, label: str, refs: tuple[str, ...], span: Span, missing: str
) -> None:
    """People behind the claims of some measures; a claim that gives no headcount is named in the caution."""
    claims = w.claims(span.period)
    claims = claims[claims["measure_ref"].isin(refs)]
    silent = int(claims["headcount"].isna().sum())
    caution = f"{silent} claims give no headcount and are not in it" if silent else ""
    ledger.total(f"{stem}.{span.suffix}", label, claims[claims["headcount"].notna()], "headcount", "people",
                 span.period, f"people behind the claims of the period under {', '.join(refs)}", caution=caution,
                 missing=missing)  # fmt: skip
    _protect(ledger, f"{stem}.{span.suffix}", w.council.disclosure.people_below)


def _weeks(ledger: Ledger, w: Workings, span: Span, missing: str) -> None:
    claims = w.claims(span.period)
    ledger.total(f"headline.training_weeks.{span.suffix}", "Training and apprenticeship weeks",
                 claims[claims["measure_ref"].isin(TRAINING)], "quantity", "weeks", span.period,
                 f"weeks claimed in the period under {' and '.join(TRAINING)}", missing=missing)  # fmt: skip


def _homes(ledger: Ledger, w: Workings, missing: str) -> None:
    """Of the people into work, how many have a known home area."""
    span = Span("this", w.publication.sv)
    rows = into_work(w, span)
    known = rows[(rows["place"] != NOT_KNOWN) & rows["headcount"].notna()]
    ledger.total("people.home_known.this", "People whose home area is known", known, "headcount", "people", span.period,
                 "people into work whose home area came with the return",
                 missing=missing or w.missing("beneficiaries"))  # fmt: skip
    ledger.difference("people.home_unknown.this", "People whose home area is not known",
                      "headline.residents_into_work.this", "people.home_known.this",
                      "people into work less those whose home area is known")  # fmt: skip
    ledger.ratio("people.home_known_share.this", "Home areas known", "people.home_known.this",
                 "headline.residents_into_work.this", "people whose home area is known ÷ people into work")  # fmt: skip


def _population(ledger: Ledger, w: Workings) -> None:
    """Residents and LSOAs of the borough, and of its most deprived areas."""
    period, areas = w.publication.sv, w.frame("deprivation")
    cuts = {"all": ("in all", areas)}
    cuts |= {
        f"most_deprived_{n}": (f"in the most deprived {n}%", areas[areas["imd_decile"] <= top])
        for n, top in DECILES.items()
    }
    for name, (where, rows) in cuts.items():
        ledger.total(f"population.{name}", f"Residents {where}", rows, "residents", "people", period,
                     "residents of these LSOAs", missing=w.residents_missing)  # fmt: skip
        ledger.count(f"deprivation.lsoas.{name}", f"LSOAs {where}", rows, "LSOAs", period, "number of LSOAs",
                     missing=w.missing("deprivation"))  # fmt: skip
    for n in DECILES:
        ledger.ratio(f"population.share_{n}", f"Share of residents in the most deprived {n}%",
                     f"population.most_deprived_{n}", "population.all", "residents there ÷ all residents")  # fmt: skip
        ledger.ratio(
            f"deprivation.share_{n}",
            f"Share of LSOAs in the most deprived {n}%",
            f"deprivation.lsoas.most_deprived_{n}",
            "deprivation.lsoas.all",
            "LSOAs there ÷ all LSOAs",
        )


def _reach(ledger: Ledger, w: Workings, missing: str) -> None:
    """Share of jobs that reached residents of the most deprived areas, against their share of residents."""
    span = Span("this", w.publication.sv)
    missing = missing or w.missing("beneficiaries", "deprivation")
    for name, top in DECILES.items():
        stem = f"reach.jobs.{name}"
        rows = reach.classify(into_work(w, span), top)
        inside = rows[rows["headcount"].notna() & rows["group"].isin(["most deprived", "elsewhere in the borough"])]
        ledger.total(
            f"{stem}.people",
            f"People into work from the most deprived {name}%",
            inside[inside["group"] == "most deprived"],
            "headcount",
            "people",
            span.period,
            f"people into work who live in LSOAs of England's most deprived {name}%",
            missing=missing,
        )
        ledger.total(
            f"{stem}.known",
            "People into work with a known home in the borough",
            inside,
            "headcount",
            "people",
            span.period,
            "people into work whose known home is in the borough",
            missing=missing,
        )
        _protect(ledger, f"{stem}.people", w.council.disclosure.people_below)
        ledger.ratio(f"{stem}.share", f"Share of jobs that went to the most deprived {name}%", f"{stem}.people",
                     f"{stem}.known", "people from there ÷ people with a known home in the borough")  # fmt: skip
        ledger.ratio(stem, f"Reach ratio, most deprived {name}%", f"{stem}.share", f"population.share_{name}",
                     "their share of jobs ÷ their share of residents; 1 is parity", unit="ratio")  # fmt: skip


def _protect(ledger: Ledger, figure_id: str, below: int) -> None:
    """Hide a count of people that is small but not nil."""
    value = ledger[figure_id].value
    if value is not None and 0 < value < below:
        ledger.hide(figure_id, f"hidden to protect people: fewer than {below} stand behind it")
