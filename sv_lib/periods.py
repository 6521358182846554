"""Periods of days, and dates counted in months and years. Every figure carries its period."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """From ``start`` to ``end``, both days included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{long_date(self.start)} to {long_date(self.end)}"

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> int:
        """Number of calendar months that the period touches."""
        years = self.end.year - self.start.year
        return years * 12 + self.end.month - self.start.month + 1

    @property
    def last_month(self) -> str:
        """The month and year that it ends in: "May 2021"."""
        return f"{MONTHS[self.end.month - 1]} {self.end.year}"

    def years_later(self, years: int) -> Period:
        """The same calendar days in another year; a month's last day stays the last day."""
        return Period(years_after(self.start, years), years_after(self.end, years))


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; the last day of a month stays the last day."""
    year = day.year + years
    last_then = _last_day(year, day.month)
    is_last = day.day == _last_day(day.year, day.month)
    return date(year, day.month, last_then if is_last else min(day.day, last_then))


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day where the month is shorter."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = index + 1
    return date(year, month, min(day.day, _last_day(year, month)))


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def quarters(period: Period) -> list[Period]:
    """The period in quarters of three months from its first day; the last may be shorter."""
    found = []
    start = period.start
    while start <= period.end:
        following = months_after(start, 3)
        found.append(Period(start, min(following - timedelta(days=1), period.end)))
        start = following
    return found


def long_date(day: date) -> str:
    """``1 December 2021``, the same on every machine and in every locale."""
    month = MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
