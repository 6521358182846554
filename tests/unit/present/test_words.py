"""The words of the pages: what suppliers claim is nowhere called delivered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sv_lib.figures.topic import declarations
from sv_lib.present.prose import read_words
from sv_lib.toms.measures import catalogue

ID = re.compile(r"\{[^}]*\}|\b[a-z_{}]+(\.[\w{}-]+)+|\bdelivery plan")
"""What is no word of a page: the id of a figure; and a plan that a contract holds."""


def texts(words: Any) -> Iterator[str]:
    """Every text that a YAML file holds under its keys, headings of columns with it."""
    if isinstance(words, dict):
        for key, value in words.items():
            if key not in ("figures", "figure", "from"):
                yield from texts(value)
    elif isinstance(words, list):
        for value in words:
            yield from texts(value)
    elif isinstance(words, str):
        yield words


@pytest.mark.parametrize("file", ["prose.yaml", "page_tables.yaml", "prose_glossary.yaml"])
def test_no_sentence_or_table_calls_a_claim_delivered(file: str) -> None:
    words = read_words(file)
    if file == "prose_glossary.yaml":
        words = [*words, *words.values()]
    told = [text for text in texts(words) if "deliver" in ID.sub("", text).lower()]
    assert told == []


def test_no_figure_calls_a_claim_delivered() -> None:
    told = []
    for name, declared in declarations().items():
        words = f"{declared.label} {declared.formula}"
        if "deliver" in words.lower():
            told.append(name)
    assert told == []


def test_measures_of_local_economic_value_say_so_themselves() -> None:
    local = [ref for ref, measure in catalogue().items() if measure.is_local_economic]
    assert local == ["NT1", "NT18", "NT19"]


def test_what_a_report_explains_stands_in_the_glossary(root: Path) -> None:
    text = (root / "GLOSSARY.md").read_text(encoding="utf-8").casefold()
    terms = set(re.findall(r"\*\*([^*]+)\*\*", text))
    explained = ["social value", *read_words("prose_glossary.yaml")]
    assert [word for word in explained if word.casefold() not in terms] == []
