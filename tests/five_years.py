"""A council of one contract over five years: long enough to try the forecast at every quarter end.

Ten hours fall due each quarter, at £15 an hour; the tests say how many were claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from made_once import calculate
from small_council import inputs, publication

from sv_lib.periods import Period, quarters
from sv_lib.present.report import Report

LIFE = publication("exempt").sv_year
QUARTERS = [quarter for back in range(4, -1, -1) for quarter in quarters(LIFE.years_later(-back))]
STEADY = [8, 6] * 10
RISING = list(range(1, 21))


def opened(hours: Sequence[int], kind: str = "mid-year", profile: str = "exempt") -> Report:
    """The report on claims of so many hours a quarter, each received ten days after its end."""
    life = Period(QUARTERS[0].start, LIFE.end)
    due = ["commitment_id | due_on | quantity"]
    due += [f"P1 | {quarter.end} | 10" for quarter in QUARTERS]
    claims = ["claim_id | contract_id | commitment_id | measure_ref | period_start | period_end"]
    claims[0] += " | quantity | reported_on"
    for number, (quarter, count) in enumerate(zip(QUARTERS, hours, strict=True)):
        claims.append(
            f"R{number} | C1 | P1 | NT8 | {quarter.start} | {quarter.end} | {count} | "
            f"{quarter.end + timedelta(days=10)}"
        )
    contract = f"C1 | {life.start} | {life.end} | {life.start} | illustrative-2022"
    drawn = inputs(
        contracts=f"contract_id | starts_on | ends_on | awarded_on | edition\n{contract}",
        commitments="commitment_id | contract_id | measure_ref | quantity | committed_on\n"
        f"P1 | C1 | NT8 | 200 | {life.start}",
        milestones="\n".join(due),
        returns="\n".join(claims),
        **dict.fromkeys(("beneficiaries", "return_log", "stories", "contract_places")),
    )
    found = publication(profile, kind)
    return Report(found, calculate(found, drawn))
