"""Loads the words of the synthetic tables from ``words.yaml``.

Suppliers' names are made of invented words, so that no firm bears them.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from sv_lib.strict_yaml import read_yaml

_WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("words.yaml"))
DIRECTORATES: dict[str, str] = _WORDS["directorates"]
TRADES: dict[str, list[str]] = _WORDS["trades"]
TITLES: dict[str, list[str]] = _WORDS["titles"]
PROJECT_STATUS: list[str] = _WORDS["project_status"]
EXTENSION_REASONS: list[str] = _WORDS["extension_reasons"]
VARIATION_REASONS: list[str] = _WORDS["variation_reasons"]
ATTRIBUTION_REASON: str = _WORDS["attribution_reason"]
REJECTION_REASONS: list[str] = _WORDS["rejection_reasons"]
NO_LOCAL_QUOTE: list[str] = _WORDS["no_local_quote"]
EVENTS: dict[str, list[str]] = _WORDS["events"]
CONTACTS: dict[str, str] = _WORDS["contacts"]
PARISHES: dict[str, str] = _WORDS["parishes"]
PARISHES_TOO: dict[str, str] = _WORDS["parishes_too"]


def invented_words() -> list[str]:
    """Four thousand different words, in an order that does not put like beside like."""
    parts = (_WORDS["name_starts"], _WORDS["name_middles"], _WORDS["name_ends"])
    words = ["".join(word) for word in product(*parts)]
    # 1,009 is prime to 4,000, so the stride visits every word once.
    return [words[index * 1009 % len(words)] for index in range(len(words))]


def legal_form(size: str, is_vcse: bool, is_sole_trader: bool, is_charity: bool) -> str:
    """The end of a name, so that it fits what the other columns say."""
    if is_sole_trader:
        return "(sole trader)"
    if is_vcse:
        return "Community Trust" if is_charity else "CIC"
    return {"large": "plc", "medium": "Group Ltd", "small": "Ltd", "micro": "& Partners LLP"}[size]
