"""Councils drawn by chance: nothing printed gives few people away, and a number is hidden under all
its names or none.

The people of each ward are counted a second time here, from the drawings alone.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random

import pytest
from small_council import inputs, publication

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import Way
from sv_lib.figures.calculation import calculate, published
from sv_lib.figures.saved import Calculation, Secrets

UNIT = {"NT1": "FTE", "NT10": "weeks", "NT3": "FTE", "NT12": "weeks"}
QUARTERS = [
    ("2020-12-01", "2021-02-28"),
    ("2021-03-01", "2021-05-31"),
    ("2021-12-01", "2022-02-28"),
    ("2022-03-01", "2022-05-31"),
    ("2022-06-01", "2022-08-31"),
]
INSIDE = {"mid-year": QUARTERS[2:4], "annual": QUARTERS[2:]}
SEEDS = [*((seed, "mid-year") for seed in range(6)), *((seed, "annual") for seed in range(4))]
TELLING = 6
"""Digits of a number that hardly stands twice by chance."""
PAID = ("spend.", "suppliers.")
"""Hidden for who was paid, not for who gained."""

CLAIM = "claim_id contract_id measure_ref period_start period_end quantity headcount reported_on"
Homes = list[tuple[str, str, int]]
Claims = list[tuple[str, str, str, str, str, str, int, str]]


@cache
def drawn(
    seed: int, kind: str, wards_in_all: int = 0, claims_in_all: int = 0
) -> tuple[Calculation, Claims, Homes]:
    """The public run of a council of 2 to 12 wards, six contracts and 15 to 50 claims, or of as
    many as are asked for; its claims, and their homes.
    """
    chance = Random(seed)  # noqa: S311 no secret hangs on it
    codes = [
        f"E0509{number:04}" for number in range(1, 1 + (wards_in_all or chance.randint(2, 12)))
    ]
    contracts = [f"C{number}" for number in range(1, 7)]
    claims, homes = [], Counter[tuple[str, str]]()
    for number in range(1, 1 + (claims_in_all or chance.randint(15, 50))):
        quarter, count = chance.choice(QUARTERS), chance.choice([1, 1, 2, 3, 4, 6, 9, 14])
        claims.append(
            (
                f"R{number:02}",
                chance.choice(contracts),
                chance.choice(list(UNIT)),
                *quarter,
                f"{chance.randint(1, 99)}.{chance.randint(1, 9)}7",
                count,
                quarter[1],
            )
        )
        for _ in range(chance.choice([count, count, count // 2])):
            homes[claims[-1][0], f"L{chance.choice([*codes, 'outside'])}"] += 1
    held = [(one, chance.sample(codes, chance.randint(1, 2))) for one in contracts]
    prices = [
        (ref, "illustrative-2020", unit, f"{chance.randint(100, 999)}.37")
        for ref, unit in UNIT.items()
    ]
    areas = [
        (f"L{code}", code, chance.randint(1, 10), chance.randint(1000, 2000)) for code in codes
    ]
    lived = [(claim, home, count) for (claim, home), count in homes.items()]
    made = inputs(
        contracts=table("contract_id starts_on", [(one, "2020-12-01") for one in contracts]),
        contract_places=table(
            "contract_id place share", [(c, w, 1 / len(at)) for c, at in held for w in at]
        ),
        returns=table(CLAIM, claims),
        beneficiaries=table("claim_id home_lsoa_code headcount", lived),
        deprivation=table("lsoa_code ward_code imd_decile residents", areas),
        proxies=table("measure_ref edition unit proxy", prices),
        **dict.fromkeys(
            ("commitments", "milestones", "stories", "ward_deprivation", "return_log", "events")
        ),
    )
    wards = [{"code": code, "name": f"Ward {code[-2:]}", "councillors": 2} for code in codes]
    known = []
    if kind == "annual":
        half, _, _ = drawn(seed, "mid-year", wards_in_all, claims_in_all)
        known.append(published(half, publication("public", "mid-year", wards=wards)))
    return calculate(publication("public", kind, wards=wards), made, known), claims, lived


def table(headings: str, rows: list[tuple[object, ...]]) -> str:
    return "\n".join([headings.replace(" ", " | "), *(" | ".join(map(str, row)) for row in rows)])


def secrets_of(made: Calculation) -> Secrets:
    assert made.secrets is not None
    return made.secrets


@pytest.mark.parametrize(("seed", "kind"), SEEDS)
def test_no_few_people_of_a_ward_are_printed(seed: int, kind: str) -> None:
    """Jobs and weeks by home: no figure on 1 to 4 people is printed, whoever counts them."""
    made, claims, homes = drawn(seed, kind)
    measure = {row[0]: row[2] for row in claims if row[3:5] in INSIDE[kind]}
    of = {"jobs": "NT1", "weeks": "NT10"}
    people = Counter(
        (home[1:], measure.get(claim, "")) for claim, home, count in homes for _ in range(count)
    )
    wards = [
        figure.id.split(".")[2] for figure in made.trail if figure.id.startswith("lens.jobs.E")
    ]
    few = [
        (family, ward)
        for family, ref in of.items()
        for ward in set(wards)
        if 0 < people[ward, ref] < 5
    ]
    assert few
    assert {made.trail[f"lens.{family}.{ward}.beneficiary"].kind for family, ward in few} == {
        "hidden"
    }


@pytest.mark.parametrize(("seed", "kind"), SEEDS)
def test_what_is_printed_gives_no_few_people_away(seed: int, kind: str) -> None:
    """An annual report is laid beside its mid-year one."""
    made, _, _ = drawn(seed, kind)
    secrets = secrets_of(made)
    cells = secrets.cells
    printed = {figure.id for figure in made.trail if figure.is_known}
    if kind == "annual":
        half, _, _ = drawn(seed, "mid-year")
        suffix = f" of {publication('public', 'mid-year').id}"
        printed |= {figure.id + suffix for figure in half.trail if figure.is_known}
        assert any(suffix in name for names in cells.names for name in names)
    exact = [Way(size, size) for size in (cells.members @ cells.people).tolist()]
    ways = [
        decided if printed.isdisjoint(names) else size
        for names, size, decided in zip(cells.names, exact, secrets.printed, strict=True)
    ]
    assert cells.is_small.any()
    assert disclosure.leaks(cells, ways) == []


@pytest.mark.parametrize(("seed", "kind"), SEEDS)
def test_one_number_has_one_fate_under_all_its_names(seed: int, kind: str) -> None:
    """No hidden number of many digits is printed as another figure."""
    made, _, _ = drawn(seed, kind)
    printed = {(figure.unit, figure.exact) for figure in made.trail if figure.is_known}
    figures = [
        figure for figure in secrets_of(made).figures.values() if not figure.id.startswith(PAID)
    ]
    hidden = [
        figure for figure in figures if len(figure.exact.replace(".", "").strip("-0")) >= TELLING
    ]
    assert hidden
    assert [figure.id for figure in hidden if (figure.unit, figure.exact) in printed] == []


@pytest.mark.parametrize(("kind", "wards", "claims"), [("annual", 3, 5), ("mid-year", 200, 100)])
def test_a_council_of_any_size_can_publish(kind: str, wards: int, claims: int) -> None:
    """Where nearly everybody is one of a few, more is hidden, and nothing is refused."""
    made, _, _ = drawn(2, kind, wards, claims)
    secrets = secrets_of(made)
    assert secrets.cells.is_small.any()
    assert disclosure.leaks(secrets.cells, secrets.printed) == []
