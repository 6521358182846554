"""Three cases of how people are counted, worked by hand, from claims to what the public reads.

Two people full time all year: 0.25 FTE a quarter each, so 4 x 2 x 0.25 = 2 FTE-years
and 2 people, not 8. Fewer than five stand behind everything, so the public build hides it all.

One person works half for C1 and half for C2: 0.125 + 0.125 = 0.25 FTE in the quarter, one person.

Two apprentices under C2 learn 10 weeks each, 20 in all. One started in the quarter and lives in L1;
one goes on from the quarter before and lives in L3. So one started, and the weeks of both have a
home: 20 x 1/2 = 10 in L1 and 10 in L3. Without the home of the second, 10 of the 20 have none.
"""

from __future__ import annotations

from decimal import Decimal

from made_once import calculate
from small_council import inputs, publication

from sv_lib.figures.trail import Trail

HEAD = "claim_id | contract_id | measure_ref | period_start | period_end | quantity | "
YEAR = [
    ("2021-12-01", "2022-02-28"),
    ("2022-03-01", "2022-05-31"),
    ("2022-06-01", "2022-08-31"),
    ("2022-09-01", "2022-11-30"),
]


def trail(returns: str, profile: str, beneficiaries: str | None, kind: str = "annual") -> Trail:
    drawn = inputs(returns=returns, beneficiaries=beneficiaries, stories=None)
    return calculate(publication(profile, kind), drawn).trail


def all_year(column: str, told: tuple[int, ...]) -> str:
    lines = [
        f"R{n} | C2 | NT1 | {start} | {end} | 0.5 | {many} | {end}"
        for n, ((start, end), many) in enumerate(zip(YEAR, told, strict=True), start=1)
    ]
    return f"{HEAD}{column} | reported_on\n" + "\n".join(lines)


HOMES = "claim_id | home_lsoa_code | headcount\n" + "\n".join(f"R{n} | L1 | 2" for n in range(1, 5))


def test_two_people_all_year_are_two() -> None:
    figures = trail(all_year("headcount", (2, 2, 2, 2)), "exempt", HOMES)
    headline = figures["headline.residents_into_work.this"]
    assert (headline.value, headline.label) == (2, "Local people into work: in post, at least")
    assert figures["people.in_post.this"].value == 2
    assert figures["people.in_post.this"].label == "Local people in post on 30 November 2022"
    assert figures["measure.NT1.delivered.this"].value == Decimal(2)
    assert figures["reach.jobs.10.people"].value == 2
    assert figures["lens.jobs.E05013010.beneficiary"].value == 2


def test_two_people_all_year_are_hidden() -> None:
    figures = trail(all_year("headcount", (2, 2, 2, 2)), "public", HOMES)
    hidden = (
        "headline.residents_into_work.this",
        "people.in_post.this",
        "measure.NT1.delivered.this",
        "reach.jobs.10.people",
        "lens.jobs.E05013010.beneficiary",
    )
    assert {name: figures[name].kind for name in hidden} == dict.fromkeys(hidden, "hidden")


def test_those_who_started_add_up() -> None:
    figures = trail(all_year("people_started", (2, 0, 1, 0)), "exempt", None)
    headline = figures["headline.residents_into_work.this"]
    words = "Local people into work: started in the period"
    assert (headline.value, headline.label, headline.caution) == (3, words, "")


def test_one_person_under_two_contracts_is_one() -> None:
    returns = (
        f"{HEAD}headcount | reported_on\n"
        "R1 | C2 | NT1 | 2022-03-01 | 2022-05-31 | 0.125 | 1 | 2022-06-10\n"
        "R2 | C6 | NT1 | 2022-03-01 | 2022-05-31 | 0.125 | 1 | 2022-06-10"
    )
    homes = "claim_id | home_lsoa_code | headcount | person_key\nR1 | L1 | 1 | a\nR2 | L1 | 1 | a"
    figures = trail(returns, "exempt", homes, "mid-year")
    assert figures["headline.residents_into_work.this"].value == 1
    assert figures["people.in_post.this"].value == 1
    assert figures["measure.NT1.delivered.this"].value == Decimal("0.25")
    assert figures["reach.jobs.10.people"].value == 1


LEARNERS = f"{HEAD}people_started | people_in_post | reported_on\n"
LEARNERS += "R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 20 | 1 | 2 | 2022-06-10"
HOME_OF_BOTH = (
    "claim_id | home_lsoa_code | headcount | people_started\nR1 | L1 | 1 | 1\nR1 | L3 | 1 | 0"
)
HOME_OF_ONE = "claim_id | home_lsoa_code | headcount\nR1 | L1 | 1"


def weeks_by_place(figures: Trail) -> dict[str, object]:
    ends = ("E05013010", "E05013011", "unknown")
    return {end: figures[f"lens.weeks.{end}.beneficiary"].value for end in ends}


def test_weeks_of_who_started_and_of_who_goes_on_have_a_home() -> None:
    figures = trail(LEARNERS, "exempt", HOME_OF_BOTH, "mid-year")
    assert weeks_by_place(figures) == {"E05013010": 10, "E05013011": 10, "unknown": 0}
    assert figures["people.NT10.this"].value == 1
    assert figures["people.NT10.in_post.this"].value == 2
    assert figures["headline.training_weeks.this"].value == 20


def test_weeks_of_who_goes_on_have_no_home_where_it_is_not_told() -> None:
    figures = trail(LEARNERS, "exempt", HOME_OF_ONE, "mid-year")
    assert weeks_by_place(figures) == {"E05013010": 10, "E05013011": 0, "unknown": 10}
    assert figures["people.NT10.this"].value == 1


ONE_OF_SIX = (
    f"{HEAD}people_started | people_in_post | reported_on\n"
    "R1 | C2 | NT1 | 2022-03-01 | 2022-05-31 | 1.5 | 1 | 6 | 2022-06-10"
)
SIX_HOMES = "claim_id | home_lsoa_code | headcount | people_started | person_key\n" + "\n".join(
    f"R1 | L1 | 1 | {began} | {key}"
    for began, key in zip((1, 0, 0, 0, 0, 0), "abcdef", strict=True)
)


def test_who_started_is_hidden_though_many_went_on_in_the_same_place() -> None:
    """Six stand behind 1.5 FTE, which may be shown; one of them started, which may not."""
    whole = trail(ONE_OF_SIX, "exempt", SIX_HOMES, "mid-year")
    assert whole["lens.jobs.E05013010.beneficiary"].value == 1
    figures = trail(ONE_OF_SIX, "public", SIX_HOMES, "mid-year")
    started = ("headline.residents_into_work.this", "lens.jobs.E05013010.beneficiary")
    assert {name: figures[name].kind for name in started} == dict.fromkeys(started, "hidden")


def test_a_place_counts_nobody_who_went_on() -> None:
    figures = trail(LEARNERS.replace("NT10", "NT1"), "exempt", HOME_OF_BOTH, "mid-year")
    ends = ("E05013010", "E05013011", "unknown")
    jobs = [figures[f"lens.jobs.{end}.beneficiary"].value for end in ends]
    assert jobs == [1, 0, 0]
    assert figures["people.home_known.this"].value == 1


def test_who_started_and_left_is_not_in_post() -> None:
    """Two took a course of four weeks each, and none was still on it on the last day."""
    returns = LEARNERS.replace("NT10", "NT9").replace("20 | 1 | 2", "8 | 2 | 0")
    figures = trail(returns, "exempt", HOME_OF_BOTH.replace("1 | 0", "1 | 1"), "mid-year")
    assert figures["people.NT9.this"].value == 2
    assert figures["people.NT9.in_post.this"].value == 0


def both_years(then: str, now: str) -> tuple[str, str]:
    """Claims of a quarter of each half-year, whose people (one a letter) all live in L1."""
    people = {"R1": then, "R2": now}
    days = {"R1": ("2021-03-01", "2021-05-31"), "R2": ("2022-03-01", "2022-05-31")}
    claims = [
        f"{ref} | C2 | NT1 | {days[ref][0]} | {days[ref][1]} | 0.5 | {len(who)} | {days[ref][1]}"
        for ref, who in people.items()
    ]
    homes = [f"{ref} | L1 | 1 | {key}" for ref, who in people.items() for key in who]
    return (
        f"{HEAD}people_started | reported_on\n" + "\n".join(claims),
        "claim_id | home_lsoa_code | headcount | person_key\n" + "\n".join(homes),
    )


def test_over_both_periods_each_counts_once() -> None:
    """Three started in each half-year and one of them in both: five residents of East."""
    returns, homes = both_years("ade", "abc")
    figures = trail(returns, "exempt", homes, "mid-year")
    stem = "lens.jobs.E05013010.beneficiary"
    told = {end: figures[f"{stem}{end}"].value for end in ("", ".before", ".both")}
    assert told == {"": 3, ".before": 3, ".both": 5}
    assert figures["lens.jobs.E05013011.beneficiary.both"].value == 0


def test_both_periods_are_told_only_where_they_give_neither_away() -> None:
    """Eight tells neither four nor four; ten would tell four where six is printed."""
    kinds = {}
    for now in ("efgh", "efghij"):
        returns, homes = both_years("abcd", now)
        figures = trail(returns, "public", homes, "mid-year")
        ends = ("", ".before", ".both")
        kinds[now] = [figures[f"lens.jobs.E05013010.beneficiary{end}"].kind for end in ends]
    assert kinds == {"efgh": ["hidden", "hidden", "total"], "efghij": ["total", "hidden", "hidden"]}
