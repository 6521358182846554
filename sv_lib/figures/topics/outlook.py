"""Figures that look ahead: contracts coming to an end, and where to ask for social value."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import pipeline
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.topics.measures import BOTH, PROMISED
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, priced

ENDING = "contracts that end within twelve months"
WITHOUT_COMMITMENTS = "contracts in scope without commitments"
PROJECTS = 3
"""Projects that a ward report lists, the latest of its ward."""


def add_outlook(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add early warning and opportunities.

    Returns tables ``projects``, ``ending``, ``without_commitments`` and ``typical``.
    """
    day = workings.publication.file.data_as_at
    topic = Topic(trail, workings, workings.publication.sv)
    promised = workings.due(topic.period)
    ending = pipeline.ending(workings.contracts, promised, workings.counted, day)
    commitments = workings.frame("commitments")
    bare = pipeline.without_commitments(workings.contracts, commitments, workings.council, day)
    delivered = _delivered_of_promises(workings)
    # A contract promises nothing only where the promises were supplied.
    if topic.needing("commitments").missing:
        bare = bare.iloc[:0]
    _lists(topic, ending, bare, delivered)
    either = pd.concat([ending, bare])
    for contract, one in Groups(either, "contract_id").items():
        own = topic.about(contract=slug(contract))
        own.total("contract.{contract}.value", one)
    for contract, one in Groups(ending, "contract_id").items():
        own = topic.about(contract=slug(contract))
        _undelivered(own, "contract.{contract}.undelivered", one, delivered)
    listed = ending[COLUMNS["ending"]]
    suppliers = ending["supplier_id"].map(workings.supplier_names)
    return {
        "projects": _projects(topic),
        "ending": listed.assign(supplier=suppliers),
        "without_commitments": bare[COLUMNS["without_commitments"]],
        "typical": _typical(topic),
    }


def _lists(topic: Topic, ending: pd.DataFrame, bare: pd.DataFrame, delivered: pd.DataFrame) -> None:
    """Contracts that end soon, in all and in each ward, and those without commitments."""
    workings = topic.workings
    listed = topic.needing("contracts")
    _listed(listed, "pipeline.ending", ENDING, ending)
    promised = topic.needing("contracts", "commitments")
    _listed(promised, "pipeline.without_commitments", WITHOUT_COMMITMENTS, bare)
    _undelivered(topic, "pipeline.ending.undelivered", ending, delivered)
    places = Groups(workings.frame("contract_places"), "place")
    placed = topic.needing("contracts", "contract_places")
    for code in workings.wards:
        here = places[code]["contract_id"]
        mine = having(ending, "contract_id", *here)
        words = f"{ENDING}: {workings.name_of(code)}"
        _listed(placed, f"pipeline.{code}.ending", words, mine)
        own = topic.about(code=code)
        name = "pipeline.{code}.ending.undelivered"
        _undelivered(own, name, mine, delivered, "contract_places")


def _listed(topic: Topic, name: str, words: str, rows: pd.DataFrame) -> None:
    """How many contracts a list holds, and their value."""
    own = topic.about(list=name, contracts=words, Contracts=words.capitalize())
    own.count("{list}.count", rows)
    own.total("{list}.value", rows)


def _delivered_of_promises(workings: Workings) -> pd.DataFrame:
    """Counted claims under the measures that their contract promised."""
    keys = ["contract_id", "measure_ref"]
    committed = priced(workings.committed(workings.publication.sv))
    promised = committed[keys].drop_duplicates()
    counted = workings.with_people(priced(workings.counted))
    return counted.merge(promised, on=keys, validate="m:1")


def _undelivered(
    topic: Topic, name: str, contracts: pd.DataFrame, delivered: pd.DataFrame, *needs: str
) -> None:
    """What is promised under some contracts and not yet delivered."""
    promised = topic.needing(*BOTH, *needs)
    figure = promised.total(name, contracts)
    # Promises are public, so what is left of them tells of the people behind what was delivered.
    people = having(delivered, "contract_id", *contracts["contract_id"])
    topic.trail.hand_over(figure, people)


def _projects(topic: Topic) -> pd.DataFrame:
    """Local projects, the latest first; promised and reported of those that ward reports list."""
    workings = topic.workings
    contracts = workings.contracts
    local = contracts[contracts["project"].notna()]
    local = local.sort_values("starts_on", ascending=False, kind="stable")
    places = workings.frame("contract_places")
    in_wards = having(places, "place", *workings.wards)
    of_wards = local[["contract_id"]].merge(in_wards, on="contract_id", validate="1:m")
    latest = of_wards.groupby("place").head(PROJECTS)
    shown = sorted(set(latest["contract_id"]))
    stages = {
        "promised": (workings.committed(topic.period), PROMISED),
        "reported": (workings.to_date(topic.period), BOTH),
    }
    for stage, (rows, needs) in stages.items():
        of_contracts = Groups(priced(rows), "contract_id")
        for contract in shown:
            own = topic.about(contract=slug(contract)).needing(*needs)
            own.total("contract.{contract}." + stage, of_contracts[contract])
    suppliers = local["supplier_id"].map(workings.supplier_names)
    is_shown = local["contract_id"].isin(shown)
    projects = local[COLUMNS["projects"]]
    return projects.assign(supplier=suppliers, is_shown=is_shown)


def _typical(topic: Topic) -> pd.DataFrame:
    """What contracts of each category promise for their value.

    Returns the categories, with their part of an id.
    """
    workings = topic.workings
    committed = workings.committed(topic.period)
    priced_promises = priced(committed)
    promised_by_then = workings.due(topic.period)
    lines = pipeline.typical(workings.contracts, promised_by_then)
    for line in lines.itertuples():
        category = str(line.category)
        contract = str(line.contract_id)
        ranked = topic.about(rank=line.rank, of=line.of)
        own = ranked.about(category=category, part=slug(category))
        promised = having(priced_promises, "contract_id", contract)
        registered = having(workings.contracts, "contract_id", contract)
        own.total("typical.{part}.{rank}.committed", promised)
        own.total("typical.{part}.{rank}.value", registered)
        own.share("typical.{part}.{rank}")
    categories = lines.drop_duplicates("category", ignore_index=True)
    table = categories[["category", "of"]]
    slugs = table["category"].map(slug)
    return table.assign(slug=slugs)
