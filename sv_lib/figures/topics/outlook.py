"""Figures that look ahead: contracts coming to an end, where to ask, and delivery by the year's
end.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import forecast, pipeline
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, priced
from sv_lib.periods import years_after

PROJECTION = (
    "a projection, not a count: what was delivered plus what is still due × the usual "
    "share delivered"
)
ENDING, BARE = "contracts that end within twelve months", "contracts in scope without commitments"
UNDELIVERED = "commitments less delivery, measure by measure, never below nil"
NEEDS = ("contracts", "commitments", "returns", "proxies")
PROJECTS = 3
"""Projects that a ward report lists, the latest of its ward."""
SHOWN = [
    "contract_id",
    "title",
    "category",
    "supplier_id",
    "last_on",
    "successor_id",
    "successor_title",
]


def add_outlook(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """Early warning, opportunities and forecast. Returns tables ``ending``,
    ``without_commitments``,
    ``typical``.
    """
    _forecast(trail, w)
    day, period = w.publication.file.data_as_at, w.publication.sv
    ending = pipeline.ending(w.contracts, w.due(period), w.counted, day)
    keys = ["contract_id", "measure_ref"]
    promised = priced(w.committed(period))[keys].drop_duplicates()
    came = priced(w.counted).merge(promised, on=keys, validate="m:1")
    bare = pipeline.without_commitments(w.contracts, w.frame("commitments"), w.council, day)
    for stem, words, rows in (("ending", ENDING, ending), ("without_commitments", BARE, bare)):
        _listed(trail, w, f"pipeline.{stem}", words, rows)
    _undelivered(
        trail,
        w,
        "pipeline.ending",
        "Promised, not yet delivered, under contracts that end soon",
        ending,
        came,
    )
    places = w.frame("contract_places")
    for code in w.wards:
        here = places.loc[places["place"] == code, "contract_id"]
        mine = ending[ending["contract_id"].isin(here)]
        stem = f"pipeline.{code}.ending"
        _listed(trail, w, stem, f"{ENDING}: {w.council.ward_name(code)}", mine)
        _undelivered(trail, w, stem, "Promised under them, not yet delivered", mine, came)
    for contract, one in pd.concat([ending, bare]).groupby("contract_id", observed=True):
        trail.total(
            f"contract.{slug(str(contract))}.value",
            "Value of one contract",
            one,
            "value_pence",
            "pence",
            period,
            "the register's value",
        )
    for contract, one in ending.groupby("contract_id", observed=True):
        _undelivered(
            trail, w, f"contract.{slug(str(contract))}", "Promised, not yet delivered", one, came
        )
    return {
        "projects": _projects(trail, w),
        "ending": ending[SHOWN].assign(supplier=ending["supplier_id"].map(w.supplier_names)),
        "without_commitments": bare[["contract_id", "title", "directorate", "category"]],
        "typical": _typical(trail, w),
    }


def _listed(trail: Trail, w: Workings, stem: str, words: str, rows: pd.DataFrame) -> None:
    """How many contracts a list holds, and their value."""
    label, missing, period = words.capitalize(), w.missing("contracts"), w.publication.sv
    trail.count(
        f"{stem}.count", label, rows, "contracts", period, f"number of {words}", missing=missing
    )
    trail.total(
        f"{stem}.value",
        f"{label}: value",
        rows,
        "value_pence",
        "pence",
        period,
        "their values over their whole lives",
        missing=missing,
    )


def _undelivered(
    trail: Trail, w: Workings, stem: str, label: str, rows: pd.DataFrame, came: pd.DataFrame
) -> None:
    """What is promised and not yet delivered. Promises are public, so this tells of those behind
    what
    ``came``.
    """
    figure = trail.total(
        f"{stem}.undelivered",
        label,
        rows,
        "undelivered_pence",
        "pence",
        w.publication.sv,
        UNDELIVERED,
        missing=w.missing(*NEEDS),
    )
    trail.hand_over(figure, came[came["contract_id"].isin(rows["contract_id"])])


def _projects(trail: Trail, w: Workings) -> pd.DataFrame:
    """Local projects, the latest first; for the first of each ward, what was promised and what has
    come of it.
    """
    mine = w.contracts[w.contracts["project"].notna()].sort_values(
        "starts_on", ascending=False, kind="stable"
    )
    places = w.frame("contract_places")
    of_wards = mine[["contract_id"]].merge(
        places[places["place"].isin(w.wards)], on="contract_id", validate="1:m"
    )
    shown = sorted(set(of_wards.groupby("place").head(PROJECTS)["contract_id"]))
    for part, rows in (
        ("promised", w.committed(w.publication.sv)),
        ("reported", w.to_date(w.publication.sv)),
    ):
        groups = dict(iter(priced(rows).groupby("contract_id", observed=True)))
        for contract in shown:
            trail.total(
                f"contract.{slug(contract)}.{part}",
                f"{part.capitalize()} to date under one contract",
                groups.get(contract, priced(rows).iloc[:0]),
                "value_pence",
                "pence",
                w.publication.sv,
                f"value {part} to date, against commitments",
            )
    kept = ["contract_id", "title", "supplier_id", "project", "project_status", "starts_on"]
    suppliers, is_shown = mine["supplier_id"].map(w.supplier_names), mine["contract_id"].isin(shown)
    return mine[kept].assign(supplier=suppliers, is_shown=is_shown)


def _typical(trail: Trail, w: Workings) -> pd.DataFrame:
    """What contracts of each category promise for their value. Returns the categories, with their
    part
    of an id.
    """
    period = w.publication.sv
    made = priced(w.committed(period))
    lines = pipeline.typical(w.contracts, w.due(period))
    for line in lines.itertuples():
        stem = f"typical.{slug(str(line.category))}.{line.rank}"
        words = f"{line.category}, {line.rank} of {line.of} contracts"
        trail.total(
            f"{stem}.committed",
            f"Promised: {words}",
            made[made["contract_id"] == line.contract_id],
            "value_pence",
            "pence",
            period,
            "the contract's commitments",
        )
        trail.total(
            f"{stem}.value",
            f"Contract value: {words}",
            w.contracts[w.contracts["contract_id"] == line.contract_id],
            "value_pence",
            "pence",
            period,
            "the register's value",
        )
        trail.ratio(
            stem,
            f"Promised for the value of the contract: {words}",
            f"{stem}.committed",
            f"{stem}.value",
            "commitments ÷ contract value",
        )
    table = lines.drop_duplicates("category")[["category", "of"]]
    return table.assign(slug=table["category"].map(lambda name: slug(str(name)))).reset_index(
        drop=True
    )


def _forecast(trail: Trail, w: Workings) -> None:
    """Delivery to the year's end by a stated rule, with its interval, and how wrong it would have
    been
    a year ago.
    """
    pub = w.publication
    missing = w.missing("contracts", "commitments", "returns")
    given = (w.known, w.promises, w.frame("contracts"), w.frame("milestones"))
    made = None if missing else forecast.year_end(*given, pub.sv, pub.sv_year, pub.file.data_as_at)
    missing = missing or ("" if made else "there is no earlier quarter to learn from")
    rest = priced(w.committed(pub.sv_year), "due_value_pence")
    trail.total(
        "forecast.due_by_year_end",
        "Due by the year's end",
        rest,
        "due_value_pence",
        "pence",
        pub.sv_year,
        "what of every commitment falls due by the year's end",
        missing=missing,
    )
    for part in ("central", "low", "high"):
        value, label = getattr(made, f"{part}_pence", None), f"Year-end forecast, {part}"
        if value is None:
            trail.unknown(
                f"forecast.year_end.{part}",
                label,
                "pence",
                pub.sv_year,
                missing or "under four quarters of history, so no interval can be given",
            )
        else:
            trail.estimate(
                f"forecast.year_end.{part}",
                label,
                value,
                "headline.delivered_value.this",
                "forecast.due_by_year_end",
                f"delivered so far + still due × the {part} share delivered in earlier quarters",
                PROJECTION,
            )
    _back_test(trail, w, missing, given)


def _back_test(
    trail: Trail,
    w: Workings,
    missing: str,
    given: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> None:
    """The same rule a year earlier, on what was known then, beside what came."""
    pub, year = w.publication, w.publication.sv_year.years_later(-1)
    then = pub.sv.years_later(-1), year, years_after(pub.file.data_as_at, -1)
    made = None if missing else forecast.year_end(*given, *then)
    missing = missing or ("" if made else "there is no earlier year to test on")
    trail.total(
        "forecast.back_test.actual",
        "Delivered last year",
        priced(w.claims(year)),
        "value_pence",
        "pence",
        year,
        "value of last year's claims",
        missing=missing,
    )
    if made is None:
        trail.unknown(
            "forecast.back_test.central",
            "What the rule would have forecast",
            "pence",
            year,
            missing,
        )
    else:
        trail.estimate(
            "forecast.back_test.central",
            "What the rule would have forecast",
            made.central_pence,
            "forecast.back_test.actual",
            "forecast.due_by_year_end",
            "the same rule, a year earlier, on what was known then",
            PROJECTION,
        )
    trail.difference(
        "forecast.back_test.error",
        "Error of last year's forecast",
        "forecast.back_test.central",
        "forecast.back_test.actual",
        "forecast less what was delivered",
    )
