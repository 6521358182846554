"""Local projects in each ward: the largest, what they promise and what was claimed, whole and here.

A project is a contract that the register gives a project's name.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import lenses
from sv_lib.figures.figure import NO_PROMISE
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.topics.measures import BOTH, PROMISED
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, priced
from sv_lib.toms.states import last_day

PROJECTS = 3
"""Projects that a ward report shows, the largest that run in its period or later."""


def add_projects(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add what the shown projects promise and claim, whole and in each ward.

    Returns tables ``projects`` (the latest first), ``ward_projects`` (those shown of each ward, the
    largest first) and ``milestones`` (the days on which promises of contracts fall due).
    """
    topic = Topic(trail, workings, workings.publication.sv)
    projects = _all_projects(workings)
    shown = _largest_of_wards(projects, workings)
    committed = priced(workings.committed(topic.period))
    stages = {
        "promised": (committed, PROMISED),
        "reported": (priced(workings.to_date(topic.period)), BOTH),
    }
    has_promise = set(committed["contract_id"])
    places = workings.frame("contract_places")
    for stage, (rows, needs) in stages.items():
        mine = having(rows, "contract_id", *shown["contract_id"])[COLUMNS["contracts_value"]]
        own = topic.about(stage=stage).needing(*needs)
        _of_contracts(own, shown, mine, has_promise)
        here = own.needing(*needs, "contract_places")
        _of_wards(here, shown, lenses.works(mine, places), has_promise)
    suppliers = projects["supplier_id"].map(workings.supplier_names)
    return {
        "projects": projects[COLUMNS["projects"]].assign(supplier=suppliers),
        "ward_projects": shown[COLUMNS["ward_projects"]],
        "milestones": _milestones(workings),
    }


def _all_projects(workings: Workings) -> pd.DataFrame:
    """Every local project of the register, the latest first, with its last day."""
    contracts = workings.contracts
    local = contracts[contracts["project"].notna()]
    day = workings.publication.file.data_as_at
    local = local.assign(last_on=last_day(local, day))
    return local.sort_values("starts_on", ascending=False, kind="stable")


def _largest_of_wards(projects: pd.DataFrame, workings: Workings) -> pd.DataFrame:
    """The projects shown of each ward, by the value of the ward's share of the work."""
    first_day = pd.Timestamp(workings.publication.sv.start)
    running = projects[projects["last_on"] >= first_day]
    in_wards = having(workings.frame("contract_places"), "place", *workings.wards)
    columns = ["contract_id", "value_pence"]
    shares = running[columns].merge(in_wards, on="contract_id", validate="1:m")
    # Exact: a share is a decimal, and two projects of one size keep the register's order.
    sizes = [
        value * share
        for value, share in zip(shares["value_pence"].tolist(), shares["share"], strict=True)
    ]
    order = shares.assign(size=pd.Series(sizes, shares.index, dtype="object"))
    order = order.sort_values("size", ascending=False, kind="stable")
    largest = order.groupby("place", sort=True).head(PROJECTS)
    return largest.rename(columns={"place": "ward_code"})


def _of_contracts(
    topic: Topic, shown: pd.DataFrame, rows: pd.DataFrame, has_promise: set[str]
) -> None:
    """A stage of the whole of each contract."""
    of_contracts = Groups(rows, "contract_id")
    for contract in sorted(set(shown["contract_id"])):
        own = topic.about(contract=slug(contract))
        none = "" if contract in has_promise else NO_PROMISE
        own.total("contract.{contract}.{stage}", of_contracts[contract], missing=none)


def _of_wards(topic: Topic, shown: pd.DataFrame, rows: pd.DataFrame, has_promise: set[str]) -> None:
    """A ward's share of a stage, by its share of the work, of each contract that it shows."""
    of_contracts = Groups(rows, "contract_id")
    for line in shown.itertuples():
        contract, ward = str(line.contract_id), str(line.ward_code)
        name = topic.workings.name_of(ward)
        own = topic.about(contract=slug(contract), code=ward, name=name)
        none = "" if contract in has_promise else NO_PROMISE
        mine = having(of_contracts[contract], "place", ward)
        own.total("contract.{contract}.{stage}.{code}", mine, missing=none)


def _milestones(workings: Workings) -> pd.DataFrame:
    """The days on which promises of a contract fall due by its milestones, each once."""
    promised = workings.committed(workings.publication.sv)[["commitment_id", "contract_id"]]
    steps = workings.frame("milestones")[["commitment_id", "due_on"]]
    dated = steps.merge(promised, on="commitment_id", validate="m:1")
    days = dated[["contract_id", "due_on"]].drop_duplicates()
    return days.sort_values(["contract_id", "due_on"], ignore_index=True)
