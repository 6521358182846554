"""Figures on people: jobs, training, target groups, and how many homes are known."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import lenses
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import NOT_KNOWN, Span, Workings, change, spans
from sv_lib.periods import Period


def add_people(trail: Trail, w: Workings) -> None:
    """Headlines on jobs, training and hours, headcounts of groups and learners, and home areas
    known.
    """
    pub, reason = w.publication, w.missing("contracts", "returns")
    # Target groups hold the people into work again, so they never add to that headline.
    counted = (*w.in_group("target_group"), *w.in_group("training"))
    for span in spans(pub.sv, pub.sv_before):
        _headcount(
            trail,
            w,
            "headline.residents_into_work",
            "Local people into work",
            w.in_group("into_work"),
            span,
            reason,
        )
        for stem, label, refs, unit in (
            (
                "headline.training_weeks",
                "Training and apprenticeship weeks",
                w.in_group("training"),
                "weeks",
            ),
            ("people.hours", "Hours given", hours_measures(w), "hours"),
        ):
            trail.total(
                f"{stem}.{span.suffix}",
                label,
                claims_of(w, span.period, refs),
                "quantity",
                unit,
                span.period,
                f"{unit} claimed in the period under {', '.join(refs)}",
                missing=reason,
            )
        for ref in counted:
            _headcount(trail, w, f"people.{ref}", w.measures[ref].title, (ref,), span, reason)
    for stem in (
        "headline.residents_into_work",
        "headline.training_weeks",
        *(f"people.{ref}" for ref in counted),
    ):
        change(trail, stem, trail[f"{stem}.this"].label)
    _homes(trail, w, reason)


def hours_measures(w: Workings) -> tuple[str, ...]:
    """The measures of the council's set that are counted in hours."""
    return tuple(ref for ref in w.in_group("hours") if ref in w.council.measure_set.measures)


def claims_of(w: Workings, period: Period, refs: tuple[str, ...]) -> pd.DataFrame:
    """Counted claims of a period under some measures."""
    claims = w.claims(period)
    return claims[claims["measure_ref"].isin(refs)]


def by_home(w: Workings, claims: pd.DataFrame) -> pd.DataFrame:
    """Claims by home area (the beneficiary lens)."""
    return lenses.beneficiary(claims, w.frame("beneficiaries"), w.frame("deprivation"))


def _headcount(
    trail: Trail,
    w: Workings,
    stem: str,
    label: str,
    refs: tuple[str, ...],
    span: Span,
    missing: str,
) -> None:
    """People behind the claims of some measures; a claim that gives no headcount is named in the
    caution.
    """
    claims = claims_of(w, span.period, refs)
    silent = int(claims["headcount"].isna().sum())
    caution = f"{silent} claims give no headcount and are not in it" if silent else ""
    trail.total(
        f"{stem}.{span.suffix}",
        label,
        claims[claims["headcount"].notna()],
        "headcount",
        "people",
        span.period,
        f"people behind the claims of the period under {', '.join(refs)}",
        caution=caution,
        missing=missing,
    )


def _homes(trail: Trail, w: Workings, missing: str) -> None:
    """Of the people into work, how many have a known home area."""
    period = w.publication.sv
    rows = by_home(w, claims_of(w, period, w.in_group("into_work")))
    known = rows[(rows["place"] != NOT_KNOWN) & rows["headcount"].notna()]
    trail.total(
        "people.home_known.this",
        "People whose home area is known",
        known,
        "headcount",
        "people",
        period,
        "people into work whose home area came with the return",
        missing=missing or w.missing("beneficiaries"),
    )
    trail.difference(
        "people.home_unknown.this",
        "People whose home area is not known",
        "headline.residents_into_work.this",
        "people.home_known.this",
        "people into work less those whose home area is known",
    )
    trail.ratio(
        "people.home_known_share.this",
        "Home areas known",
        "people.home_known.this",
        "headline.residents_into_work.this",
        "people whose home area is known ÷ people into work",
    )
