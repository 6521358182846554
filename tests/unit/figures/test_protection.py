"""What the public run shows of a small council: protected groups rounded, halves of a year not
given away.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from frames import EAST, WEST
from made_once import calculate
from small_council import DRAWINGS, calculated, inputs, publication

from sv_lib.analysis.disclosure import Band
from sv_lib.figures.calculation import published
from sv_lib.figures.protection.protect import protect, require_nothing_hidden
from sv_lib.figures.protection.release import TOGETHER, release_figures, release_tables
from sv_lib.figures.saved import Calculation
from sv_lib.figures.topics.people import CAUTION, NO_HEADCOUNT
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.params import Disclosure

HEADING = DRAWINGS["returns"].splitlines()[0]
CLAIM = (
    "claim_id | contract_id | measure_ref | period_start | period_end | quantity | "
    "headcount | reported_on\n"
)


def public(returns: str, kind: str = "mid-year") -> Calculation:
    """The public run of the small council with these claims alone; nobody says where people
    live.
    """
    drawn = inputs(returns=returns, beneficiaries=None, stories=None)
    return calculate(publication("public", kind), drawn)


@pytest.mark.parametrize(("people", "shown"), [(41, 40), (42, 40), (43, 45), (8, 10)])
def test_a_protected_group_is_rounded(people: int, shown: int) -> None:
    made = public(f"{CLAIM}R1 | C2 | NT3 | 2022-03-01 | 2022-05-31 | 0.25 | {people} | 2022-06-10")
    figure = made.trail["people.NT3.this"]
    assert (figure.value, figure.caution) == (shown, f"{CAUTION}; rounded to the nearest 5")
    assert figure.mark == "[r5]"
    assert made.trail.rows("people.NT3.this").to_dict("list") == {
        "source_file": [TOGETHER],
        "source_row": [0],
        "amount": [shown],
    }


@pytest.mark.parametrize(
    ("started", "in_post", "headcount", "homes"),
    [("", "", "", "0"), ("", "", 0, None), (0, "", "", "0"), (0, 0, "", None)],
)
def test_a_quantity_of_nobody_is_protected_as_one_person(
    started: object, in_post: object, headcount: object, homes: str | None
) -> None:
    """Twenty under C1 are enough; who did the weeks of C2, nobody says: it may be one person."""
    heads = CLAIM.replace("headcount", "people_started | people_in_post | headcount")
    quarter = "NT10 | 2022-03-01 | 2022-05-31"
    returns = (
        f"{heads}R1 | C2 | {quarter} | 7 | {started} | {in_post} | {headcount} | 2022-06-10\n"
        f"R2 | C1 | {quarter} | 90 | 20 | 20 | | 2022-06-10"
    )
    if homes:
        homes = f"claim_id | home_lsoa_code | headcount\nR1 | L1 | {homes}"
    drawn = inputs(returns=returns, beneficiaries=homes, stories=None)
    trail = calculate(publication("public"), drawn).trail
    # What all did together, less what C1 did, would be that of one person.
    assert trail["contract.C2.delivered"].kind == "hidden"
    hidden = {trail[name].kind for name in ("contract.C1.delivered", "measure.NT10.value")}
    assert "hidden" in hidden


STARTS = CLAIM.replace("headcount", "people_started | people_in_post")


def test_few_who_started_are_hidden_though_claims_of_another_period_do_not_say() -> None:
    """Nine of a protected group were at work a year ago, six of whom had started: fewer than eight.
    This half-year tells of no starts.
    """
    trail = public(
        f"{STARTS}R1 | C2 | NT3 | 2021-03-01 | 2021-05-31 | 2 | 6 | 9 | 2021-06-10\n"
        "R2 | C2 | NT3 | 2022-03-01 | 2022-05-31 | 2 | | 9 | 2022-06-10"
    ).trail
    kinds = [trail[f"people.NT3.{period}"].kind for period in ("this", "before")]
    assert kinds == ["total", "hidden"]


@pytest.mark.parametrize(("ref", "started"), [("NT10", 2), ("NT3", 6)])
def test_few_who_started_are_hidden_though_the_value_of_all_at_work_was_printed(
    ref: str, started: int
) -> None:
    """The half-year told what nine were worth, quarter by quarter; of the year before, few
    started.
    """
    claims = f"{STARTS}R1 | C2 | {ref} | 2021-06-01 | 2021-08-31 | 7 | {started} | 9 | 2021-09-10"
    half = public(claims)
    assert half.trail["quarter.2021-08-31.claimed"].kind == "total"
    drawn = inputs(returns=claims, beneficiaries=None, stories=None)
    year = publication("public", "annual")
    made = calculate(year, drawn, [published(half, publication("public"))])
    assert made.trail[f"people.{ref}.before"].kind == "hidden"


def test_claims_of_nobody_are_few_however_many_they_are() -> None:
    """Twelve claims on people that do not say how many may be of one person."""
    rows = "S{} | C2 | NT10 | 2022-03-01 | 2022-05-31 | 0.25 | {} | 2022-06-10"
    silent = [rows.format(number, "0" * (number % 2)) for number in range(12)]
    made = public(CLAIM + "\n".join(silent))
    assert made.trail["people.NT10.this"].caution == NO_HEADCOUNT
    assert made.trail["headline.training_weeks.this"].kind == "hidden"


def test_a_small_protected_group_is_hidden_where_an_ordinary_one_is_shown() -> None:
    for ref, kind in (("NT3", "hidden"), ("NT10", "total")):
        made = public(f"{CLAIM}R1 | C2 | {ref} | 2022-03-01 | 2022-05-31 | 0.25 | 7 | 2022-06-10")
        assert made.trail[f"people.{ref}.this"].kind == kind, ref


@pytest.mark.parametrize(("ref", "people", "high"), [("NT10", 3, 4), ("NT3", 5, 7)])
def test_a_hidden_count_says_how_many_at_most_and_hidden_pounds_do_not(
    ref: str, people: int, high: int
) -> None:
    made = public(
        f"{CLAIM}R1 | C2 | {ref} | 2022-03-01 | 2022-05-31 | 0.25 | {people} | 2022-06-10"
    )
    told = {
        name: (made.trail[name].kind, made.trail[name].low, made.trail[name].high)
        for name in (f"people.{ref}.this", "headline.delivered_value.this")
    }
    assert told == {
        f"people.{ref}.this": ("hidden", 0, high),
        "headline.delivered_value.this": ("hidden", None, None),
    }


@pytest.mark.parametrize(
    ("profile", "told", "seen"),
    [("public", ["T2", "T3"], ["T2"]), ("exempt", ["T1", "T2", "T3"], ["T1", "T2"])],
)
def test_a_story_that_is_left_out_leaves_out_its_photo(
    profile: str, told: list[str], seen: list[str]
) -> None:
    """Two apprentices stand behind T1; consent to the photo of T3 came after the data-as-at day."""
    drawn = inputs(
        returns=f"{CLAIM}R1 | C1 | NT10 | 2022-03-01 | 2022-05-31 | 5 | 2 | 2022-06-10",
        beneficiaries=None,
        stories="story_id | on | contract_id | measure_ref | quantity | consent_on | "
        "photo_consent_on\n"
        "T1 | 2022-05-01 | C1 | NT10 | 5 | 2022-05-20 | 2022-05-20\n"
        "T2 | 2022-05-01 | C2 | NT31 | 5 | 2022-05-20 | 2022-05-20\n"
        "T3 | 2022-05-01 | C2 | NT31 | 5 | 2022-05-20 | 2022-07-20",
    )
    with_photos = replace(drawn, photos={name: f"data:{name}" for name in ("T1", "T2", "T3")})
    tables = calculate(publication(profile), with_photos).tables
    assert tables["stories"]["story_id"].tolist() == told
    assert tables["photos"].to_numpy().tolist() == [[name, f"data:{name}"] for name in seen]


@pytest.mark.parametrize(("more", "kind"), [(2, "hidden"), (20, "total")])
def test_a_year_does_not_give_its_second_half_away(more: int, kind: str) -> None:
    """Nine apprentices stood in the mid-year report. A year of eleven would tell of the two who
    came after it.
    """
    first = f"{CLAIM}R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 5 | 9 | 2022-06-10\n"
    second = f"R2 | C2 | NT10 | 2022-09-01 | 2022-11-30 | 5 | {more} | 2022-12-10"
    half = published(public(first), publication("public"))
    drawn = inputs(returns=first + second, beneficiaries=None, stories=None)
    made = calculate(publication("public", "annual"), drawn, [half])
    assert made.trail["people.NT10.this"].kind == kind
    assert made.trail["headline.training_weeks.this"].kind == kind


def test_what_few_people_who_trade_alone_were_paid_is_hidden() -> None:
    trail = public(HEADING).trail
    figure = trail["suppliers.first_time.paid"]
    assert (figure.kind, figure.value) == ("hidden", None)
    assert trail["spend.total.this"].value == 5_370_00


@pytest.mark.parametrize(
    ("traders", "alone", "company", "kind"),
    [
        (4, "yes", "", "hidden"),
        (5, "yes", "", "total"),
        (4, "yes", "ZZ000001", "hidden"),
        (4, "not known", "", "hidden"),
        (5, "not known", "", "total"),
        (1, "not known", "ZZ000001", "total"),
        (1, "no", "", "total"),
    ],
)
def test_what_few_who_may_trade_alone_were_paid_is_hidden(
    traders: int, alone: str, company: str, kind: str
) -> None:
    """Who is not said to be a firm, and has no number of one, may be a person."""
    ids = [f"T{number}" for number in range(traders)]
    suppliers = "supplier_id | supplier_name | first_paid_on | is_sole_trader | company_number\n"
    suppliers += "\n".join(
        f"{one} | Trader {one} | 2021-12-01 | {alone} | {company}" for one in ids
    )
    payments = "payment_id | paid_on | supplier_id | contract_id | amount | category\n"
    payments += "\n".join(f"X{one} | 2021-12-01 | {one} | C1 | 10.00 | food" for one in ids)
    drawn = inputs(
        returns=HEADING, beneficiaries=None, stories=None, suppliers=suppliers, payments=payments
    )
    trail = calculate(publication("public"), drawn).trail
    assert trail["suppliers.first_time.paid"].kind == kind


@pytest.mark.parametrize(("people", "kind"), [(3, "hidden"), (9, "total")])
def test_what_is_left_of_a_promise_does_not_give_away_what_came(people: int, kind: str) -> None:
    """730 weeks are promised for all to see: less those not yet delivered, they are the weeks of
    three apprentices.
    """
    heads = CLAIM.replace("measure_ref", "commitment_id | measure_ref")
    claim = f"R1 | C1 | P1 | NT10 | 2022-03-01 | 2022-05-31 | 30 | {people} | 2022-06-10"
    made = public(heads + claim)
    ids = (
        "contract.C1.undelivered",
        f"contract.C1.undelivered.{EAST}",
        f"pipeline.{WEST}.ending.undelivered",
        "pipeline.ending.undelivered",
        "delivery.towards_due.this",
        "delivery.owed.this",
    )
    assert {made.trail[one].kind.replace("worked", "total") for one in ids} == {kind}


def test_a_contract_that_owes_nothing_hides_nobody_behind_another() -> None:
    """All that is owed is owed under Baths, of three apprentices: twenty of the Network add 0."""
    heads = CLAIM.replace("measure_ref", "commitment_id | measure_ref")
    quarter = "2022-03-01 | 2022-05-31"
    made = public(
        f"{heads}R1 | C1 | P1 | NT10 | {quarter} | 30 | 3 | 2022-06-10\n"
        f"R2 | C2 | P2 | NT1 | {quarter} | 4.5 | 20 | 2022-06-10"
    )
    assert made.trail["contract.C1.undelivered"].kind == "hidden"
    assert made.trail["pipeline.ending.undelivered"].kind == "hidden"


def test_a_figure_whose_people_are_not_seen_is_not_published() -> None:
    workings = Workings(publication("public"), inputs())
    claims = workings.claims(workings.publication.sv)
    trail = Trail()
    trail.count("made.up", "Claims", claims, "claims", workings.publication.sv, "claims")
    with pytest.raises(
        ValueError, match="stands on claims on people; the columns that say so were lost"
    ):
        protect(Calculation(trail, {}), workings)


def spoilt(calculation: Calculation, figure_id: str, kind: str) -> Calculation:
    """The calculation with a fault in it: a hidden figure that kept its value or its rows."""
    trail = Trail(like=calculation.trail)
    for figure in calculation.trail:
        rows = calculation.trail.own_rows(figure.id)
        if figure.id == figure_id and kind == "value":
            figure = replace(figure, value=3)
        if figure.id == figure_id and kind == "rows":
            rows = calculation.trail.own_rows("spend.total.this")
        trail.admit(figure, rows)
    return replace(calculation, trail=trail)


@pytest.mark.parametrize("kind", ["value", "rows"])
def test_a_hidden_figure_that_kept_its_value_or_rows_ends_the_calculation(kind: str) -> None:
    made = public(f"{CLAIM}R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 0.25 | 2 | 2022-06-10")
    assert made.secrets is not None
    require_nothing_hidden(made, made.secrets)
    with pytest.raises(ValueError, match=rf"people\.NT10\.this is hidden and has (a )?{kind}"):
        require_nothing_hidden(spoilt(made, "people.NT10.this", kind), made.secrets)


def test_rows_about_people_are_in_no_public_table_and_under_no_public_figure() -> None:
    made = public(f"{CLAIM}R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 0.25 | 20 | 2022-06-10")
    assert made.secrets is not None
    whole = calculated(
        returns=f"{CLAIM}R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 0.25 | 20 | 2022-06-10",
        beneficiaries=None,
        stories=None,
    )
    with pytest.raises(ValueError, match="the table claims lists rows about people one by one"):
        tables = {**made.tables, "claims": whole.tables["claims"]}
        require_nothing_hidden(replace(made, tables=tables), made.secrets)
    with pytest.raises(ValueError, match="lists rows about people one by one"):
        require_nothing_hidden(replace(whole, secrets=None), made.secrets)


def test_no_band_is_printed_that_does_not_hold_the_number() -> None:
    """Of a group that readers have as 5 to 14 at work, four had started."""
    trail = Trail()
    for started in (4, 6):
        drawn = pd.DataFrame({"source_file": "returns.csv", "source_row": [2], "people": [started]})
        own = (f"people.{started}", "People", drawn, "people", "people")
        trail.total(*own, publication().sv, "people who started")
    bands = dict.fromkeys(["people.4", "people.6"], Band(5, 14))
    shown = release_figures(trail, bands, Disclosure())
    assert [(figure.low, figure.high) for figure in shown] == [(None, None), (5, 14)]


def test_a_shared_place_does_not_give_away_a_hidden_value() -> None:
    """Four contracts of equal value; that of C2 is hidden, so no place is shared with it."""
    trail = Trail()
    for contract in ("C1", "C2", "C3", "C4"):
        drawn = pd.DataFrame({"source_file": "returns.csv", "source_row": [2], "pence": [700]})
        own = (f"contract.{contract}.delivered", "Claimed", drawn, "pence", "pence")
        trail.total(*own, publication().sv, "value of the contract's claims")
    headings = ("claim_id", "measure_ref", "contract_id", "other_ref", "shares_with")
    nobody = pd.DataFrame({heading: [] for heading in headings})
    top = pd.DataFrame({"rank": ["1="] * 4, "contract_id": ["C1", "C2", "C3", "C4"]})
    tables = {"claims": nobody, "overlaps": nobody, "series": nobody, "top_contracts": top}
    public_trail = release_figures(trail, {"contract.C2.delivered": None}, Disclosure())
    shown = release_tables(tables, public_trail, ())["top_contracts"]
    assert shown.to_numpy().tolist() == [["1=", "C1"], ["1=", "C3"], ["1=", "C4"], ["4", "C2"]]
