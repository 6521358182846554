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
    ledger: Ledger, w: Workings, stem: str, label: str, refs: tuple[str, ...], span: Span, reason: str
) -> None:
    """People behind the claims of some measures; a claim that gives no headcount is named in the caution."""
    if reason:
        ledger.unknown(f"{stem}.{span.suffix}", label, "people", span.period, reason)
        return
    claims = w.claims(span.period)
    claims = claims[claims["measure_ref"].isin(refs)]
    silent = int(claims["headcount"].isna().sum())
    caution = f"{silent} claims give no headcount and are not in it" if silent else ""
    ledger.total(f"{stem}.{span.suffix}", label, claims[claims["headcount"].notna()], "headcount", "people",
                 span.period, f"people behind the claims of the period under {', '.join(refs)}", caution)  # fmt: skip
    _protect(ledger, f"{stem}.{span.suffix}", w.council.disclosure.people_below)


def _weeks(ledger: Ledger, w: Workings, span: Span, reason: str) -> None:
    figure_id, label = f"headline.training_weeks.{span.suffix}", "Training and apprenticeship weeks"
    if reason:
        ledger.unknown(figure_id, label, "weeks", span.period, reason)
        return
    claims = w.claims(span.period)
    ledger.total(figure_id, label, claims[claims["measure_ref"].isin(TRAINING)], "quantity", "weeks", span.period,
                 f"weeks claimed in the period under {' and '.join(TRAINING)}")  # fmt: skip


def _homes(ledger: Ledger, w: Workings, reason: str) -> None:
    """Of the people into work, how many have a known home area."""
    span = Span("this", w.publication.sv)
    reason = reason or w.missing("beneficiaries")
    if reason:
        ledger.unknown("people.home_known.this", "People whose home area is known", "people", span.period, reason)
    else:
        rows = into_work(w, span)
        known = rows[(rows["place"] != NOT_KNOWN) & rows["headcount"].notna()]
        ledger.total("people.home_known.this", "People whose home area is known", known, "headcount", "people",
                     span.period, "people into work whose home area came with the return")  # fmt: skip
    ledger.difference("people.home_unknown.this", "People whose home area is not known",
                      "headline.residents_into_work.this", "people.home_known.this",
                      "people into work less those whose home area is known")  # fmt: skip
    ledger.ratio("people.home_known_share.this", "Home areas known", "people.home_known.this",
                 "headline.residents_into_work.this", "people whose home area is known ÷ people into work")  # fmt: skip


def _population(ledger: Ledger, w: Workings) -> None:
    """Residents of the borough, and of its most deprived areas."""
    period, areas = w.publication.sv, w.frame("deprivation")
    reason = w.missing("deprivation")
    if not reason and areas["residents"].isna().any():
        reason = "the deprivation source gives no number of residents"
    cuts = {
        "all": areas,
        **{f"most_deprived_{name}": areas[areas["imd_decile"] <= top] for name, top in DECILES.items()},
    }
    for name, rows in cuts.items():
        label = f"Residents, {name.replace('_', ' ')}{'%' if name != 'all' else ''}"
        if reason:
            ledger.unknown(f"population.{name}", label, "people", period, reason)
        else:
            ledger.total(f"population.{name}", label, rows, "residents", "people", period, "residents of these LSOAs")
        if w.missing("deprivation"):
            ledger.unknown(f"deprivation.lsoas.{name}", label, "LSOAs", period, w.missing("deprivation"))
        else:
            ledger.count(
                f"deprivation.lsoas.{name}",
                label.replace("Residents", "LSOAs"),
                rows,
                "LSOAs",
                period,
                "number of LSOAs",
            )
    for name in DECILES:
        ledger.ratio(
            f"population.share_{name}",
            f"Residents in the most deprived {name}%",
            f"population.most_deprived_{name}",
            "population.all",
            "residents there ÷ all residents",
        )
        ledger.ratio(
            f"deprivation.share_{name}",
            f"LSOAs in the most deprived {name}%",
            f"deprivation.lsoas.most_deprived_{name}",
            "deprivation.lsoas.all",
            "LSOAs there ÷ all LSOAs",
        )


def _reach(ledger: Ledger, w: Workings, reason: str) -> None:
    """Share of jobs that reached residents of the most deprived areas, against their share of residents."""
    span = Span("this", w.publication.sv)
    reason = reason or w.missing("beneficiaries", "deprivation")
    for name, top in DECILES.items():
        stem = f"reach.jobs.{name}"
        if reason:
            ledger.unknown(f"{stem}.people", "People reached", "people", span.period, reason)
            ledger.unknown(f"{stem}.known", "People with a home in the borough", "people", span.period, reason)
        else:
            rows = reach.classify(into_work(w, span), top)
            rows = rows[rows["headcount"].notna()]
            inside = rows[rows["group"].isin(["most deprived", "elsewhere in the borough"])]
            ledger.total(f"{stem}.people", f"People into work from the most deprived {name}%",
                         inside[inside["group"] == "most deprived"], "headcount", "people", span.period,
                         f"people into work who live in LSOAs of England's most deprived {name}%")  # fmt: skip
            ledger.total(f"{stem}.known", "People into work with a known home in the borough", inside, "headcount",
                         "people", span.period, "people into work whose known home is in the borough")  # fmt: skip
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
