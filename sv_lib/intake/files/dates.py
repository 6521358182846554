"""The day that a UK ledger means by a text: every form that leaves no doubt, day before month,
never
the other way.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from sv_lib.intake.findings import counted

NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"([a-z]{3,9})\.?"
YEAR = r"'?(\d{4}|\d{2})"
WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
TIME = re.compile(r"[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| ?[AP]M)?$", re.IGNORECASE)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
UK = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]*{MONTH}[-/., ]*{YEAR}", re.IGNORECASE)
MONTH_NAMED_FIRST = re.compile(
    rf"{MONTH}[- ]*(\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*| )(\d{{4}})", re.IGNORECASE
)
SERIAL = re.compile(r"([34]\d{4}|5[0-4]\d{3})(?:\.\d+)?")
DIGITS = re.compile(r"\d{7,8}")
LABEL = re.compile(rf"{MONTH}[-/ ]*{YEAR}", re.IGNORECASE)
NUMBERED = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})|(?P<first>\d{1,2})[-/](?P<last>\d{4})"
)
SPREADSHEET_ZERO = date(1899, 12, 30)


def ledger_day(text: str) -> date | None:
    """The day; of a period such as ``July 2010-September 2010`` its last. None where it cannot be
    told.
    """
    day = TIME.sub("", WEEKDAY.sub("", text.strip()))
    if found := ISO.fullmatch(day):
        return _day(found[1], found[2], found[3])
    if found := UK.fullmatch(day):
        return _day(found[4], found[3], found[1])
    if found := NAMED.fullmatch(day):
        return _day(found[3], _month(found[2]), found[1])
    if found := MONTH_NAMED_FIRST.fullmatch(day):
        return _day(found[3], _month(found[1]), found[2])
    if found := SERIAL.fullmatch(day):
        return SPREADSHEET_ZERO + timedelta(days=int(found[1]))
    if DIGITS.fullmatch(day):
        day = day.zfill(8)
        return _day(day[:4], day[4:6], day[6:]) or _day(day[4:], day[2:4], day[:2])
    return period_end(day)


def period_end(text: str) -> date | None:
    """The last day of a month, or of the later of two months, that stands where a day should."""
    if found := NUMBERED.fullmatch(text):
        return _month_end(
            int(found["year"] or found["last"]), int(found["month"] or found["first"])
        )
    for label in (text, re.split(r"\s*[-–]\s*|\s+to\s+", text)[-1]):
        if (found := LABEL.fullmatch(label.strip())) and (month := _month(found[1])):
            return _month_end(_year(found[2]), month)
    return None


def doubt(texts: Iterable[str]) -> str:
    """Why the days of a column may be month first; nothing when there is no sign of it. ``texts``:
    each text once.
    """
    slashed, stamped, years = [], [], set[str]()
    for text in texts:
        day = TIME.sub("", text.strip())
        if found := UK.fullmatch(day):
            slashed.append((int(found[1]), int(found[3])))
            years |= {found[4]} if len(found[4]) == 2 else set()
        elif found := ISO.fullmatch(day):
            stamped.append((int(found[3]), int(found[2])))
    late = [text for text in slashed if text[1] > 12 >= text[0]]
    if late and not any(first > 12 for first, _ in slashed):
        return (
            f"{len(late)} dates such as {late[0][0]:02d}/{late[0][1]:02d} can only be month first"
        )
    if late:
        return "some dates can only be day first and others only month first"
    if len(slashed) >= 5 <= len(stamped) and min(slashed)[0] > 12 >= max(stamped)[0]:
        return (
            "days over 12 are text and all others are dates: a spreadsheet seems to have "
            "swapped day and month"
        )
    if len(years) >= 6 and len({first for first, _ in slashed}) <= 2:
        return (
            "the last part has as many values as a day and the first has not, so the first "
            "may be the year"
        )
    for dates in (slashed, stamped):
        days, months = ({pair[at] for pair in dates} for at in (0, 1))
        if 0 < len(days) <= 2 and max(days) <= 12 and len(months) >= 6:
            return (
                f"the same {counted(len(days), 'day')} of {len(months)} months: the day "
                f"may be the month"
            )
    return ""


def _month_end(year: int, month: int) -> date | None:
    return (
        _day(year, month, calendar.monthrange(year, month)[1])
        if year > 1900 and 1 <= month <= 12
        else None
    )


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(_year(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None


def _year(text: str | int) -> int:
    """The year; of two figures, 70 to 99 are of the last century."""
    year = int(text)
    return year if len(str(text)) > 2 else year + (1900 if year >= 70 else 2000)


def _month(name: str) -> int:
    """1 to 12 for an English name or its first letters (Sept too); 0 for any other word."""
    name = name.lower()
    at = NAMES.index(name[:3]) + 1 if name[:3] in NAMES else 0
    return at if at and (calendar.month_name[at].lower().startswith(name) or name == "sept") else 0
