"""How each kind of measure is counted: pure functions of exact decimals.

A measure's YAML names one of them and gives worked examples that are run as tests.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

NONE, ONE = Decimal(0), Decimal(1)


def fte_years(
    full_time_people: Decimal,
    years: Decimal,
    part_time_people: Decimal = NONE,
    part_time_share: Decimal = NONE,
) -> Decimal:
    """FTE-years of people kept in work: one person, full time, for twelve months is 1.

    Source: Torbay Council, TOMs dos and don'ts,
    https://www.torbay.gov.uk/council/social-value/toms-dos-and-donts/
    """
    return (full_time_people + part_time_people * part_time_share) * years


def first_year_fte(people: Decimal, working_share: Decimal, years: Decimal) -> Decimal:
    """FTE-years of people who face a disadvantage, of each person the first year alone.

    Source: Torbay Council, as above; Essex County Council, quarterly return guidance (ECC6).
    """
    return people * working_share * min(years, ONE)


def hours_times_attendees(
    session_hours: Decimal, attendees: Decimal, sessions: Decimal = ONE
) -> Decimal:
    """Hours that people gained: length of a session x people who attended x sessions.

    The number of trainers plays no part.
    Source: Essex County Council, quarterly return guidance (ECC50).
    """
    return session_hours * attendees * sessions


def staff_hours(staff: Decimal, hours_each: Decimal) -> Decimal:
    """Hours that staff gave, added up over them; how many people they helped plays no part."""
    return staff * hours_each


def person_weeks(people: Decimal, weeks_each: Decimal) -> Decimal:
    """Weeks completed by each person, added up."""
    return people * weeks_each


def pounds_paid(paid: Decimal, credited_back: Decimal = NONE) -> Decimal:
    """Pounds paid to suppliers, less what they credited back."""
    return paid - credited_back


def pounds_invested(
    given: Decimal, staff_hours_given: Decimal = NONE, hour_price: Decimal = NONE
) -> Decimal:
    """Pounds given in money or goods, and staff time at the council's price of an hour.

    Source: Essex County Council, quarterly return guidance (ECC48).
    """
    return given + staff_hours_given * hour_price


def tonnes_saved(baseline_tonnes: Decimal, tonnes_after: Decimal) -> Decimal:
    """Tonnes of CO2e saved against the baseline year; more than the baseline is negative."""
    return baseline_tonnes - tonnes_after


def sessions_held(sessions: Decimal) -> Decimal:
    """Sessions or campaigns held; no price stands behind them."""
    return sessions


def as_counted(number: Decimal) -> Decimal:
    """Whatever a measure counts one by one, such as firms advised or trees planted."""
    return number


RULES: dict[str, Callable[..., Decimal]] = {
    rule.__name__: rule
    for rule in (
        fte_years,
        first_year_fte,
        hours_times_attendees,
        staff_hours,
        person_weeks,
        pounds_paid,
        pounds_invested,
        tonnes_saved,
        sessions_held,
        as_counted,
    )
}
