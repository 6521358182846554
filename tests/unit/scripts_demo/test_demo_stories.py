"""What the demonstration is there to show: two stories in exact pounds, the published scale, every
state of a claim.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from scripts.demo.files import Row
from scripts.demo.places import BOSTON_CASTLE, MALTBY_EAST
from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load
from sv_lib.toms import states, valuation
from sv_lib.toms.measures import catalogue

Rows = dict[str, list[Row]]
PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")
SECTIONS = {
    "Headlines",
    "Progress on this year's priorities",
    "From promise to delivery",
    "Where the money goes",
    "Every ward on one page",
    "Suppliers",
    "Fair chances and compliance",
    "Jobs and skills",
    "Stories",
    "Action plan",
    "You asked",
    "Looking to year end",
    "How sure we are",
    "Ward reports",
    "Who gained, and where",
    "Why it changed",
    "Where to ask for more",
    "Events",
    "Priorities recommended for next year",
}
HEADLINES = {
    "headline.residents_into_work.this",
    "headline.training_weeks.this",
    "headline.delivered_value.this",
    "headline.delivery_rate.this",
    "headline.local_share.this",
}
ANSWERING = {
    "reach.jobs.10",
    "suppliers.ownership.response_rate",
    "compliance.quotes.local_share",
    "pipeline.without_commitments.count",
}
OTHER_EVIDENCE = {
    "suppliers.first_time.count",
    "compliance.quotes.local_share",
    "delivery.coverage.share.this",
    "spend.geography.south-yorkshire.this",
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def paid(rows: Rows, contract: str, first: date, last: date) -> int:
    """Whole pounds paid under a contract."""
    amounts = [
        int(str(row["amount"]))
        for row in rows["payments"]
        if row["contract_id"] == contract
        and isinstance(row["paid_on"], date)
        and first <= row["paid_on"] <= last
    ]
    return sum(amounts) // 100


def test_maltby_east_adds_up_by_hand(rows: Rows) -> None:
    held = {
        str(row["contract_id"]): row["share"]
        for row in rows["contract_places"]
        if row["place"] == MALTBY_EAST
    }
    assert held == {"C0002": 1, "C0003": 1, "C0004": 1}
    before, after = (date(2020, 4, 1), date(2021, 3, 31)), (date(2021, 4, 1), date(2022, 3, 31))
    change = {
        contract: paid(rows, contract, *after) - paid(rows, contract, *before) for contract in held
    }
    assert sum(paid(rows, contract, *before) for contract in held) == 1_720_000
    assert change == {"C0002": -900_000, "C0003": 210_000, "C0004": 250_000}
    ended = next(row for row in rows["contracts"] if row["contract_id"] == "C0002")
    assert (ended["ends_on"], ended["stopped_on"]) == (date(2021, 3, 31), None), "it ran to plan"


def test_boston_castle_has_much_work_and_few_hires(rows: Rows) -> None:
    assert paid(rows, "C0001", date(2021, 10, 1), date(2022, 3, 31)) == 5_400_000
    holder = next(row["supplier_id"] for row in rows["contracts"] if row["contract_id"] == "C0001")
    postcode = next(
        str(row["postcode"]) for row in rows["suppliers"] if row["supplier_id"] == holder
    )
    assert postcode.startswith("XE"), "the holder is from elsewhere"
    hired = {row["claim_id"] for row in rows["returns"] if row["measure_ref"] == "NT1"}
    homes = Counter[str]()
    for row in rows["beneficiaries"]:
        if row["claim_id"] in hired and row["home_lsoa_code"]:
            homes[str(row["home_lsoa_code"]).split("-")[1]] += int(str(row["headcount"]))
    assert 0 < homes[BOSTON_CASTLE] < homes.total() * 0.03, "5.5% of residents, fewer of the hires"


@pytest.mark.parametrize(
    ("publication", "committed", "validated"),
    [
        ("2022-annual", (13_300_000, 13_700_000), (3_800_000, 4_300_000)),
        ("2023-annual", (27_500_000, 28_100_000), (7_700_000, 8_300_000)),
    ],
)
def test_promises_and_delivery_are_of_the_published_scale(
    params: Path, publication: str, committed: tuple[int, int], validated: tuple[int, int]
) -> None:
    found = load(params / f"{publication}.yaml")
    frames = read_inputs(found).frames
    method = (
        frames["contracts"],
        catalogue(),
        frames["proxies"],
        found.council.methods.deadweight_pct,
    )
    promises = valuation.value_claims(frames["commitments"], *method)
    made = promises[promises["committed_on"] <= pd.Timestamp(found.sv.end)]
    claims = states.as_at(valuation.value_claims(frames["returns"], *method), found.file.data_as_at)
    held = claims[
        (claims["state"] == "validated") & (claims["period_end"] <= pd.Timestamp(found.sv.end))
    ]
    assert committed[0] < made["value_pence"].sum() / 100 < committed[1]
    assert validated[0] < held["value_pence"].sum() / 100 < validated[1]
    assert not (promises["pricing"] == "not priced").any()


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_a_publication_reads_clean_and_holds_every_state(params: Path, publication: str) -> None:
    found = load(params / f"{publication}.yaml")
    inputs = read_inputs(found)
    assert [finding for finding in inputs.findings if finding.severity != "note"] == []
    claims = states.in_period(
        states.as_at(inputs.frames["returns"], found.file.data_as_at), found.sv
    )
    assert set(claims["state"]) == {"reported", "evidenced", "validated", "rejected"}
    events = inputs.frames["events"]["on"]
    day = pd.Timestamp(found.file.data_as_at)
    assert ((events > day).sum() >= 12) and (
        events.between(*map(pd.Timestamp, (found.sv.start, day))).sum() >= 18
    )


def test_returns_hold_what_reality_holds(rows: Rows) -> None:
    returns = rows["returns"]
    assert sum(row["corrects_claim_id"] is not None for row in returns) == 7
    assert all(
        (Decimal(str(row["quantity"])) < 0) == (row["corrects_claim_id"] is not None)
        for row in returns
    )
    assert sum(row["commitment_id"] is None for row in returns) == 10
    assert all((row["attribution"] == 1) == (row["attribution_reason"] is None) for row in returns)
    assert 20 < sum(row["attribution"] != 1 for row in returns) < len(returns) * 0.15


def test_milestones_add_up_to_their_promise(rows: Rows) -> None:
    promised = {row["commitment_id"]: row["quantity"] for row in rows["commitments"]}
    parts = Counter[object]()
    for row in rows["milestones"]:
        parts[row["commitment_id"]] += int(str(row["quantity"]))
    assert parts
    assert {key: promised[key] for key in parts} == dict(parts)


def test_a_story_tells_of_a_validated_benefit_with_consent(params: Path) -> None:
    stories, returns = (
        read(params / "inputs" / "stories.csv"),
        read(params / "inputs" / "returns.csv"),
    )
    places = {
        (row["contract_id"], row["place"])
        for row in read(params / "inputs" / "contract_places.csv")
    }
    assert len(stories) == 12
    for story in stories:
        behind = [
            row
            for row in returns
            if (row["contract_id"], row["measure_ref"])
            == (story["contract_id"], story["measure_ref"])
            and row["quantity"] == story["quantity"]
            and "" < row["validated_on"] <= story["on"]
        ]
        assert behind, story["story_id"]
        people = [row["people_started"] or row["headcount"] for row in behind]
        assert all(not number or int(number) >= 5 for number in people), "it could name a person"
        assert story["consent_on"] <= story["on"]
        assert (story["contract_id"], story["ward_code"]) in places
        assert 2 <= len(re.findall(r"[.?!]\*?(?:\s|$)", story["story"])) <= 5
        assert not re.search(r"\d", story["title"] + story["story"])


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_what_the_board_asked_is_answered_in_words(params: Path, publication: str) -> None:
    folder, day = (
        params / "inputs" / publication,
        str(load(params / f"{publication}.yaml").file.data_as_at),
    )
    asked = read(folder / "scrutiny.csv")
    assert len(asked) == (8 if publication == "2022-mid-year" else 26)
    assert {row["asked_on"][:4] for row in asked} == {"2022"}
    for row in asked:
        assert row["section"] in SECTIONS
        assert row["figure_id"] in HEADLINES | ANSWERING | {""}
        assert row["asked_on"] <= day
        assert not re.search(r"\d", row["answer"])
    priorities = read(folder / "priorities.csv")
    assert {row["figure_id"] for row in priorities} <= HEADLINES | OTHER_EVIDENCE
    assert {
        row["status"] == "recommended"
        for row in priorities
        if int(row["year"]) > int(publication[:4])
    } == {True}
    actions = read(folder / "actions.csv")
    assert len({row["status"] for row in actions}) == 5
    open_ones = [row for row in actions if row["status"] not in ("complete", "late")]
    assert [row["action_id"] for row in open_ones if row["due_on"] < day] == []
