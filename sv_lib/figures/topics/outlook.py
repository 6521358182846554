"""Figures that look ahead: contracts coming to an end, and where to ask for social value."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import delivery, lenses, pipeline
from sv_lib.figures import people_behind
from sv_lib.figures.figure import NO_PROMISE
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.topics.measures import BOTH
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, priced
from sv_lib.toms import people

ENDING = "contracts that end within twelve months"
UNDATED = "it is known of no contract when it ends"
WITHOUT_COMMITMENTS = "contracts in scope without commitments"


def add_outlook(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add early warning and opportunities.

    Returns tables ``ending``, ``without_commitments`` and ``typical``.
    """
    day = workings.publication.file.data_as_at
    topic = Topic(trail, workings, workings.publication.sv)
    promised = workings.due(topic.period)
    owed = delivery.still_owed(promised, workings.counted)
    ending = pipeline.ending(workings.contracts, owed, day)
    commitments = workings.frame("commitments")
    bare = pipeline.without_commitments(workings.contracts, commitments, workings.council, day)
    claimed = _claims_on_promises(workings)
    # A contract promises nothing only where the promises were supplied.
    if topic.needing("commitments").missing:
        bare = bare.iloc[:0]
    soon = ending[COLUMNS["ending_soon"]]
    _lists(topic, soon, bare, claimed)
    either = pd.concat([soon, bare[COLUMNS["contracts_value"]]])
    for contract, one in Groups(either, "contract_id").items():
        own = topic.about(contract=slug(contract))
        own.total("contract.{contract}.value", one)
    for contract, one in Groups(soon, "contract_id").items():
        own = topic.about(contract=slug(contract))
        _owed(own, "contract.{contract}.undelivered", one, claimed)
    listed = ending[COLUMNS["ending"]]
    suppliers = ending["supplier_id"].map(workings.supplier_names)
    return {
        "ending": listed.assign(supplier=suppliers),
        "without_commitments": bare[COLUMNS["without_commitments"]],
        "typical": _typical(topic),
    }


def _lists(topic: Topic, ending: pd.DataFrame, bare: pd.DataFrame, claimed: Groups) -> None:
    """Contracts that end soon, in all and in each ward, and those without commitments."""
    workings = topic.workings
    day = workings.publication.file.data_as_at
    undated = UNDATED if pipeline.is_undated(workings.contracts, day) else ""
    listed = topic.needing("contracts")
    _listed(listed, "pipeline.ending", ENDING, ending, missing=undated)
    promised = topic.needing("contracts", "commitments")
    _listed(promised, "pipeline.without_commitments", WITHOUT_COMMITMENTS, bare)
    _owed(topic, "pipeline.ending.undelivered", ending, claimed, missing=undated)
    placed = topic.needing("contracts", "contract_places")
    # A ward has its share of a contract's value and of what is owed under it, never the whole.
    shares = Groups(lenses.works(ending, workings.frame("contract_places")), "place")
    for code in workings.wards:
        mine = shares[code]
        name = workings.name_of(code)
        missing = undated or workings.unnamed(code)
        words = f"{ENDING}: {name}"
        _listed(placed, f"pipeline.{code}.ending", words, mine, missing=missing)
        own = topic.about(code=code, name=name)
        ending_here = "pipeline.{code}.ending.undelivered"
        _owed(own, ending_here, mine, claimed, "contract_places", missing=missing)
        for contract, one in Groups(mine, "contract_id").items():
            here = own.about(contract=slug(contract))
            name = "contract.{contract}.undelivered.{code}"
            _owed(here, name, one, claimed, "contract_places")


def _listed(topic: Topic, name: str, words: str, rows: pd.DataFrame, *, missing: str = "") -> None:
    """How many contracts a list holds, and their value."""
    # A ward's name keeps its capitals.
    begins = words[:1].upper() + words[1:]
    own = topic.about(list=name, contracts=words, Contracts=begins)
    own.count("{list}.count", rows, missing=missing)
    own.total("{list}.value", rows, missing=missing)


def _claims_on_promises(workings: Workings) -> Groups:
    """Counted claims on people and on commitments that have a price, by contract."""
    committed = priced(workings.committed(workings.publication.sv))
    counted = workings.with_people(priced(workings.counted))
    on_promises = having(people.on_people(counted), "commitment_id", *committed["commitment_id"])
    handed_over = on_promises.filter(items=["counts_people", *people_behind.COLUMNS])
    return Groups(handed_over, "contract_id")


def _owed(
    topic: Topic,
    name: str,
    contracts: pd.DataFrame,
    claimed: Groups,
    *needs: str,
    missing: str = "",
) -> None:
    """What is promised under some contracts and not yet claimed: "no promise" where none has one.

    Where there is no contract at all, nothing is owed.
    """
    promised = topic.needing(*BOTH, *needs)
    figure = promised.total_known(name, contracts, missing=missing, silent=NO_PROMISE)
    # Promises are public, so what is left of them tells of the people behind what was claimed.
    # A contract that owes nothing adds nothing, so its people hide nobody behind the others.
    owing = contracts[contracts["owed_pence"].fillna(0) != 0]
    behind = contracts if owing.empty else owing
    topic.trail.hand_over(figure, claimed.having(behind["contract_id"]))


def _typical(topic: Topic) -> pd.DataFrame:
    """What contracts of each category promise for their value.

    Returns the categories, with their part of an id.
    """
    workings = topic.workings
    committed = workings.committed(topic.period)
    priced_promises = priced(committed)
    promised_by_then = workings.due(topic.period)
    lines = pipeline.typical(workings.contracts, promised_by_then)
    register = workings.contracts[COLUMNS["contracts_value"]]
    for line in lines.itertuples():
        category = str(line.category)
        contract = str(line.contract_id)
        ranked = topic.about(rank=line.rank, of=line.of)
        own = ranked.about(category=category, part=slug(category))
        promised = having(priced_promises, "contract_id", contract)
        registered = having(register, "contract_id", contract)
        own.total("typical.{part}.{rank}.committed", promised)
        own.total("typical.{part}.{rank}.value", registered)
        own.share("typical.{part}.{rank}")
    categories = lines.drop_duplicates("category", ignore_index=True)
    table = categories[["category", "of"]]
    slugs = table["category"].map(slug)
    return table.assign(slug=slugs)
