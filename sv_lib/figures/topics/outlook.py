"""Figures that look ahead: contracts coming to an end, and where to ask for social value."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sv_lib.analysis import pipeline
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, priced

ENDING = "contracts that end within twelve months"
WITHOUT_COMMITMENTS = "contracts in scope without commitments"
UNDELIVERED = "commitments less delivery, measure by measure, never below nil"
NEEDS = ("contracts", "commitments", "returns", "proxies")
PROJECTS = 3
"""Projects that a ward report lists, the latest of its ward."""
CONTRACT = ["contract_id", "title", "category", "supplier_id"]
SUCCESSOR = ["last_on", "successor_id", "successor_title"]
PROJECT = ["contract_id", "title", "supplier_id", "project", "project_status", "starts_on"]


def add_outlook(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add early warning and opportunities.

    Returns tables ``projects``, ``ending``, ``without_commitments`` and ``typical``.
    """
    day = workings.publication.file.data_as_at
    topic = Topic(trail, workings, workings.publication.sv, column="value_pence")
    promised = workings.due(topic.period)
    ending = pipeline.ending(workings.contracts, promised, workings.counted, day)
    commitments = workings.frame("commitments")
    bare = pipeline.without_commitments(workings.contracts, commitments, workings.council, day)
    _lists(topic, ending, bare)
    for contract, one in pd.concat([ending, bare]).groupby("contract_id", observed=True):
        name = f"contract.{slug(str(contract))}.value"
        topic.total(name, "Value of one contract", one, "the register's value")
    delivered = _delivered_of_promises(workings)
    for contract, one in ending.groupby("contract_id", observed=True):
        stem = f"contract.{slug(str(contract))}"
        _undelivered(topic, stem, "Promised, not yet delivered", one, delivered)
    suppliers = ending["supplier_id"].map(workings.supplier_names)
    return {
        "projects": _projects(topic),
        "ending": ending[[*CONTRACT, *SUCCESSOR]].assign(supplier=suppliers),
        "without_commitments": bare[["contract_id", "title", "directorate", "category"]],
        "typical": _typical(topic),
    }


def _lists(topic: Topic, ending: pd.DataFrame, bare: pd.DataFrame) -> None:
    """Contracts that end soon, in all and in each ward, and those without commitments."""
    workings = topic.workings
    delivered = _delivered_of_promises(workings)
    _listed(topic, "pipeline.ending", ENDING, ending)
    _listed(topic, "pipeline.without_commitments", WITHOUT_COMMITMENTS, bare)
    label = "Promised, not yet delivered, under contracts that end soon"
    _undelivered(topic, "pipeline.ending", label, ending, delivered)
    places = Groups(workings.frame("contract_places"), "place")
    for code in workings.wards:
        stem = f"pipeline.{code}.ending"
        mine = having(ending, "contract_id", *places[code]["contract_id"])
        _listed(topic, stem, f"{ENDING}: {workings.name_of(code)}", mine)
        _undelivered(topic, stem, "Promised under them, not yet delivered", mine, delivered)


def _listed(topic: Topic, stem: str, words: str, rows: pd.DataFrame) -> None:
    """How many contracts a list holds, and their value."""
    label = words.capitalize()
    missing = topic.workings.missing("contracts")
    of_list = replace(topic, missing=missing)
    of_list.count(f"{stem}.count", label, rows, "contracts", f"number of {words}")
    formula = "their values over their whole lives"
    of_list.total(f"{stem}.value", f"{label}: value", rows, formula)


def _delivered_of_promises(workings: Workings) -> pd.DataFrame:
    """Counted claims under the measures that their contract promised."""
    keys = ["contract_id", "measure_ref"]
    committed = priced(workings.committed(workings.publication.sv))
    promised = committed[keys].drop_duplicates()
    return priced(workings.counted).merge(promised, on=keys, validate="m:1")


def _undelivered(
    topic: Topic, stem: str, label: str, contracts: pd.DataFrame, delivered: pd.DataFrame
) -> None:
    """What is promised under some contracts and not yet delivered."""
    figure = topic.total(
        f"{stem}.undelivered",
        label,
        contracts,
        UNDELIVERED,
        column="undelivered_pence",
        missing=topic.workings.missing(*NEEDS),
    )
    # Promises are public, so what is left of them tells of the people behind what was delivered.
    topic.trail.hand_over(figure, having(delivered, "contract_id", *contracts["contract_id"]))


def _projects(topic: Topic) -> pd.DataFrame:
    """Local projects, the latest first; promised and reported of those that ward reports list."""
    workings = topic.workings
    contracts = workings.contracts
    local = contracts[contracts["project"].notna()]
    local = local.sort_values("starts_on", ascending=False, kind="stable")
    in_wards = having(workings.frame("contract_places"), "place", *workings.wards)
    of_wards = local[["contract_id"]].merge(in_wards, on="contract_id", validate="1:m")
    latest = of_wards.groupby("place").head(PROJECTS)
    shown = sorted(set(latest["contract_id"]))
    sources = {
        "promised": workings.committed(topic.period),
        "reported": workings.to_date(topic.period),
    }
    for part, rows in sources.items():
        groups = Groups(priced(rows), "contract_id")
        for contract in shown:
            topic.total(
                f"contract.{slug(contract)}.{part}",
                f"{part.capitalize()} to date under one contract",
                groups[contract],
                f"value {part} to date, against commitments",
            )
    suppliers = local["supplier_id"].map(workings.supplier_names)
    is_shown = local["contract_id"].isin(shown)
    return local[PROJECT].assign(supplier=suppliers, is_shown=is_shown)


def _typical(topic: Topic) -> pd.DataFrame:
    """What contracts of each category promise for their value.

    Returns the categories, with their part of an id.
    """
    workings = topic.workings
    committed = priced(workings.committed(topic.period))
    lines = pipeline.typical(workings.contracts, workings.due(topic.period))
    for line in lines.itertuples():
        stem = f"typical.{slug(str(line.category))}.{line.rank}"
        words = f"{line.category}, {line.rank} of {line.of} contracts"
        contract = str(line.contract_id)
        topic.total(
            f"{stem}.committed",
            f"Promised: {words}",
            having(committed, "contract_id", contract),
            "the contract's commitments",
        )
        topic.total(
            f"{stem}.value",
            f"Contract value: {words}",
            having(workings.contracts, "contract_id", contract),
            "the register's value",
        )
        topic.share(
            stem,
            f"Promised for the value of the contract: {words}",
            f"{stem}.committed",
            f"{stem}.value",
            "commitments ÷ contract value",
        )
    table = lines.drop_duplicates("category")[["category", "of"]].reset_index(drop=True)
    return table.assign(slug=[slug(str(category)) for category in table["category"]])
