"""The day that a UK ledger means by a text: day before month, never the other way."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from sv_lib.intake.files.sentences import sentence

WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
TIME = re.compile(
    r"[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| ?[AP]M| ?[-+]\d\d:?\d\d)?$", re.IGNORECASE
)
NAMED_MONTH = r"(?P<month>[a-z]{3,9})\.?"
YEAR = r"'?(?P<year>\d{4}|\d{2})"
ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
UK = re.compile(r"(?P<day>\d{1,2})(?P<mark>[-/. ])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})")
NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/., ]*{NAMED_MONTH}[-/., ]*{YEAR}", re.IGNORECASE
)
MONTH_NAMED_FIRST = re.compile(
    rf"{NAMED_MONTH}[- ]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*| )(?P<year>\d{{4}})",
    re.IGNORECASE,
)
DAYS = (ISO, UK, NAMED, MONTH_NAMED_FIRST)
SERIAL = re.compile(r"([34]\d{4}|5[0-4]\d{3})(?:\.\d+)?")
"""A spreadsheet's number of a day from 1982 to 2049."""
DIGITS = re.compile(r"\d{7,8}")
MONTH_OF_YEAR = re.compile(rf"{NAMED_MONTH}[-/ ]*{YEAR}", re.IGNORECASE)
NUMBERED_MONTHS = (
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[-/](?P<year>\d{4})"),
)
SPREADSHEET_ZERO = date(1899, 12, 30)
DAYS_TO_1904 = 1462
SURE = 0.25
"""The share of different dates that can only be month first from which a column is; of the days of
a month three in five are.
"""
FEW = 2
MANY = 6
"""Different values of a column of days that is suspect: few where many should be, or many."""


def ledger_day(text: str) -> date | None:
    """The day; of a period such as ``July 2010-September 2010`` its last.

    None where it cannot be told, and for years before 1900 or after 2100.
    """
    day = _without_time(text)
    if any(form.fullmatch(day) for form in (*DAYS, SERIAL)):
        return written_day(day)
    if DIGITS.fullmatch(day):
        # 20240402 or 02042024; of seven figures, a spreadsheet has dropped the leading zero.
        day = day.zfill(8)
        return _day(day[:4], day[4:6], day[6:]) or _day(day[4:], day[2:4], day[:2])
    return period_end(day)


def written_day(text: str) -> date | None:
    """The one day that a text names, as a person or a spreadsheet writes it; no period, no code."""
    day = _without_time(text)
    for form in DAYS:
        found = form.fullmatch(day)
        if found:
            return _day(found["year"], found["month"], found["day"])
    serial = SERIAL.fullmatch(day)
    return SPREADSHEET_ZERO + timedelta(days=int(serial[1])) if serial else None


def _without_time(text: str) -> str:
    return TIME.sub("", WEEKDAY.sub("", text.strip()))


def period_end(text: str) -> date | None:
    """The last day of a month, or of the later of two months, that stands where a day should."""
    for form in NUMBERED_MONTHS:
        found = form.fullmatch(text)
        if found:
            return _month_end(found["year"], int(found["month"]))
    later = re.split(r"\s*[-–]\s*|\s+to\s+", text)[-1]
    for label in (text, later):
        found = MONTH_OF_YEAR.fullmatch(label.strip())
        if found and _month_number(found["month"]):
            return _month_end(found["year"], _month_number(found["month"]))
    return None


def _month_end(year: str, month: int) -> date | None:
    whole_year = _whole_year(year)
    if not 1 <= month <= 12 or whole_year <= 1900:
        return None
    _, last = calendar.monthrange(whole_year, month)
    return _day(year, str(month), str(last))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(_whole_year(year), _month_number(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None


def _whole_year(text: str) -> int:
    """The year; of two figures, 70 to 99 are of the last century."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (1900 if year >= 70 else 2000)


def _month_number(text: str) -> int:
    """1 to 12 for a number, an English name or its first letters (Sept too); 0 for other words."""
    if text.isdecimal():
        return int(text)
    name = "sep" if text.lower() == "sept" else text.lower()
    for number, whole_name in enumerate(calendar.month_name):
        if whole_name.lower().startswith(name):
            return number
    return 0


WrittenDay = tuple[int, int, str]
"""The numbers of a day and the text of its year, as a form such as ``UK`` takes them."""


def exchanged(text: str) -> str:
    """A date of numbers with its day and its month exchanged; other texts as they are."""
    day = TIME.sub("", text.strip())
    slashed = UK.fullmatch(day)
    if slashed:
        return f"{slashed['month']}/{slashed['day']}/{slashed['year']}"
    stamped = ISO.fullmatch(day)
    return f"{stamped['year']}-{stamped['day']}-{stamped['month']}" if stamped else text


def from_1904(text: str) -> str:
    """A number of a day since 1904 as one of today's; other texts as they are."""
    serial = re.fullmatch(r"(\d{5})(?:\.\d+)?", text.strip())
    return str(int(serial[1]) + DAYS_TO_1904) if serial else text


def is_stamped(text: str) -> bool:
    """Whether a date stands year first, as that of a spreadsheet's own dates does."""
    return bool(ISO.fullmatch(TIME.sub("", text.strip())))


def only_day_first(texts: Iterable[str]) -> list[str]:
    """The dates whose first number is no month."""
    return [text for text in texts if any(first > 12 for first, _ in _two_numbers(text))]


def only_month_first(texts: Iterable[str]) -> list[str]:
    """The dates whose second number is no month, though the first could be one."""
    return [text for text in texts if any(b > 12 >= a for a, b in _two_numbers(text))]


def _two_numbers(text: str) -> list[tuple[int, int]]:
    """The first two numbers of a date, if its year stands last."""
    return [(first, second) for first, second, _ in _written(UK, _days([text]))]


def is_month_first(texts: list[str]) -> bool:
    """Whether the days of a column are month first beyond doubt. ``texts``: each text once.

    Several of them can only be month first, and none can only be day first.
    """
    late = only_month_first(texts)
    slashed = _written(UK, _days(texts))
    return len(late) >= SURE * len(slashed) > 0 and not only_day_first(texts)


def doubt(texts: Iterable[str]) -> str:
    """Why the days of a column may be month first; nothing when there is no sign of it.

    ``texts``: each text once.
    """
    days = _days(texts)
    slashed = _written(UK, days)
    stamped = _written(ISO, days)
    # Months are often written as their first day.
    is_monthly = all(day == 1 for day, _, _ in stamped)
    return (
        _second_number_over_12(slashed)
        or _swapped_by_a_spreadsheet(slashed, stamped)
        or _year_first(slashed)
        or _same_day_of_many_months(slashed)
        or ("" if is_monthly else _same_day_of_many_months(stamped))
    )


def _days(texts: Iterable[str]) -> list[str]:
    return [TIME.sub("", text.strip()) for text in texts]


def _written(form: re.Pattern[str], days: list[str]) -> list[WrittenDay]:
    found = filter(None, map(form.fullmatch, days))
    return [(int(one["day"]), int(one["month"]), one["year"]) for one in found]


def _second_number_over_12(slashed: list[WrittenDay]) -> str:
    late = [(first, second) for first, second, _ in slashed if second > 12 >= first]
    if not late:
        return ""
    if any(first > 12 for first, _, _ in slashed):
        return sentence("both_orders")
    first, second = late[0]
    return sentence("month_first", count=len(late), first=first, second=second)


def _swapped_by_a_spreadsheet(slashed: list[WrittenDay], stamped: list[WrittenDay]) -> str:
    # A spreadsheet set to US dates turns 04/02/2024 into a date of its own, and leaves 14/02/2024,
    # which has no such month, as text.
    if len(slashed) < 5 or len(stamped) < 5:
        return ""
    if min(slashed)[0] > 12 >= max(stamped)[0]:
        return sentence("days_swapped")
    return ""


def _year_first(slashed: list[WrittenDay]) -> str:
    firsts = {first for first, _, _ in slashed}
    short_years = {year for _, _, year in slashed if len(year) == 2}
    if len(short_years) >= MANY and len(firsts) <= FEW:
        return sentence("year_first")
    return ""


def _same_day_of_many_months(written: list[WrittenDay]) -> str:
    days = {day for day, _, _ in written}
    months = {month for _, month, _ in written}
    if len(months) < MANY or len(days) > FEW or max(days) > 12:
        return ""
    return sentence("same_days", days=len(days), months=len(months))
