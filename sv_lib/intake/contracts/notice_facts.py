"""Finds the facts of a notice where ``notices.yaml`` says that they stand."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sv_lib.intake.contracts.awards import pounds
from sv_lib.strict_yaml import data_beside

PLACES = data_beside(__file__, dict[str, dict[str, dict[str, str]]], "notices.yaml")
"""Kind of notice -> how a fact is read -> name of the fact in ``Award`` -> where it stands."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """A release or a flattened notice; its file, its number there."""

    file: str
    row: int
    content: Json


def facts(notice: Json, kind: str) -> dict[str, Any]:
    """Return the facts of an award that ``notices.yaml`` has places for, by their names."""
    found = {}
    for how, places_of in PLACES[kind].items():
        for name, places in places_of.items():
            found[name] = READ_AS[how](first(notice, places))
    return found


def first(node: Any, places: str) -> Any:
    """Return what stands at the first of several places that is filled; None when none is."""
    found = (at_place(node, place) for place in places.split(" | "))
    return next(filter(None, found), None)


def at_place(node: Any, place: str) -> Any:
    """Return what stands at the end of a path of keys; None where the path breaks off."""
    for key in place.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def list_at(node: Any, key: str) -> list[Any]:
    """Return a copy of the list under a key; empty where there is none."""
    found = at_place(node, key)
    return list(found) if isinstance(found, list) else []


def plain_text(value: object) -> str:
    """Return text without HTML entities, in single spaces."""
    return " ".join(html.unescape(str(value or "")).split())


def value_in_pounds(value: object) -> Decimal | None:
    """Return a value in pounds; None in another currency, which is not converted."""
    if not isinstance(value, dict) or value.get("currency", "GBP") != "GBP":
        return None
    return pounds(value.get("amount"))


def _day(stamp: object) -> str:
    """Return the day of a time stamp, as the notice prints it; no time zone moves it."""
    found = re.match(r"\d{4}-\d\d-\d\d", str(stamp))
    return found.group() if found else ""


READ_AS: dict[str, Callable[[object], object]] = {"text": plain_text, "pounds": pounds, "day": _day}
