"""The rules on small numbers, as the methods report prints them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from sv_lib.params import Disclosure
from sv_lib.present.markup import text_of
from sv_lib.present.report import Report
from sv_lib.present.sections.methods import _small_numbers


def test_every_unit_has_a_line_with_the_council_s_numbers() -> None:
    council = SimpleNamespace(disclosure=Disclosure(people_below=4, protected_round_to=10))
    page = _small_numbers(cast(Report, SimpleNamespace(council=council, words={})))
    words = text_of(page)
    assert "1 to 3 people; 1 to 7 of a protected group" in words
    for rounding in ("10, marked [r10]", "100, marked [r100]", "£200,000, marked [r£200,000]"):
        assert rounding in words
    assert "rounded to the nearest £200,000 to protect people" in words
