"""Matches suppliers to the entries of registers: by number first, then by name.

A match is certain when a company or charity number agrees, or when a name agrees but for case,
punctuation and "Ltd" for "Limited" and neither side has a second firm of that name. A name without
"Ltd" is not certain to be the company that has it: it may be a sole trader's. Names that are only
alike (rapidfuzz) are never certain; a person decides about them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from sv_lib.strict_yaml import load_as


@dataclass(frozen=True)
class FirmWords:
    """The words of ``firm_names.yaml``, which differ between sources for one firm."""

    words: dict[str, str]
    legal_forms: list[str]
    long_legal_forms: dict[str, str]


FIRM_WORDS = load_as(FirmWords, Path(__file__).with_name("firm_names.yaml"))
LEGAL_FORM = re.compile(rf"( ({'|'.join(FIRM_WORDS.legal_forms)}))+$")
TRADING_NAME = re.compile(r"\s(t/as?|trading as)\b.*|\s*\*{2,}.*", re.IGNORECASE)
NOT_IN_BLOCK = r"^the |\band\b|[^a-z0-9]"
LEAST_LIKENESS = 85
"""Names less alike than this, of 100, are not even shown to a person."""
MOST_QUESTIONS = 3
"""How many entries a person is asked about for one supplier."""
Pair = tuple[str, str]
"""A supplier and an entry of a register, by their ids."""


@dataclass(frozen=True)
class MatchQuestion:
    """One row of ``supplier_matches.csv``: a likely match, for a person to decide and sign."""

    supplier_id: str
    supplier_name: str
    found_id: str
    found_name: str
    score: int
    why: str
    decision: str = ""
    decided_by: str = ""
    decided_on: str = ""


MATCH_COLUMNS = tuple(field.name for field in fields(MatchQuestion))


@dataclass(frozen=True)
class Matches:
    """What matching came to.

    ``certain``: supplier -> the entry found and how it is known. ``open``: the questions left for
    a person, a frame with the columns MATCH_COLUMNS.
    """

    certain: dict[str, tuple[str, str]]
    open: pd.DataFrame


def company_number(text: str) -> str:
    """Return a company number in eight characters, or a blank when the text is no such number.

    Spreadsheets drop leading zeros; they are put back.
    """
    bare = re.sub(r"[\s.]", "", text).upper()
    found = re.fullmatch(r"([A-Z]{2}|R|)(\d{1,8})([A-Z]?)", bare)
    if not found:
        return ""
    prefix, digits, suffix = found.groups()
    # Without a prefix, fewer than four digits are a supplier's number in the ledger, no company's.
    is_plain = not suffix and len(digits) >= 4
    if int(digits) == 0 or not (prefix or is_plain):
        return ""
    width = 8 - len(prefix) - len(suffix)
    padded = prefix + digits.zfill(width) + suffix
    return padded if len(padded) == 8 else ""


def charity_number(text: str) -> str:
    """Return the charity number in a text, or a blank when it is none.

    Six or seven digits in England and Wales; SC or NIC stands before them in Scotland or Northern
    Ireland. The number of a linked charity ("-2") is dropped.
    """
    bare = re.sub(r"\s", "", text).upper()
    found = re.fullmatch(r"((SC|NIC|)\d{6,7})(-\d+)?", bare)
    return found[1] if found else ""


def name_key(name: str) -> str:
    """Return a name without case, punctuation, accents, trading name and legal form."""
    return LEGAL_FORM.sub("", _plain(name))


def block_key(name: str) -> str:
    """Return the first six letters of a name. Only names that share them are compared."""
    lowered = html.unescape(name).lower()
    return re.sub(NOT_IN_BLOCK, "", lowered)[:6]


def _plain(name: str) -> str:
    """Return a name in lower case and single spaces, every word as FIRM_WORDS has it."""
    decomposed = unicodedata.normalize("NFKD", html.unescape(name))
    text = decomposed.encode("ascii", "ignore").decode().lower()
    text = TRADING_NAME.sub("", text)
    text = re.sub(r"['.`]", "", text)
    text = text.replace("&", " & ")
    words = re.sub(r"[^\w&]+|_", " ", text).split()
    plain = " ".join(FIRM_WORDS.words.get(word, word) for word in words).removeprefix("the ")
    for long, short in FIRM_WORDS.long_legal_forms.items():
        plain = plain.replace(long, short)
    return plain


def _has_legal_form(name: str) -> bool:
    return LEGAL_FORM.search(_plain(name)) is not None


def match(
    suppliers: pd.DataFrame, register: pd.DataFrame, decisions: Mapping[Pair, str]
) -> Matches:
    """Match suppliers to the entries of a register, or to another list.

    ``suppliers``: supplier_id (each once), supplier_name, company_number, charity_number.
    ``register``: found_id (each once but for former names), found_name, company_number,
    charity_number, is_former. ``decisions``: (supplier, entry) -> "accept" or "refuse".
    """
    certain = {}
    known = set(register["found_id"])
    for (supplier, entry), decision in decisions.items():
        if decision == "accept" and entry in known:
            certain[supplier] = (entry, "a person's decision")
    # The order is one of trust: a number never replaces what a person decided.
    for column in ("company_number", "charity_number"):
        for supplier, entry in _by_number(suppliers, register, column).items():
            certain.setdefault(supplier, (entry, column.replace("_", " ")))
    left = suppliers[~suppliers["supplier_id"].isin(list(certain))]
    by_name, questions = _by_name(left, register)
    for supplier, entry in by_name.items():
        if decisions.get((supplier, entry)) != "refuse":
            certain[supplier] = (entry, "name")
    undecided = [
        question
        for question in questions
        if (question.supplier_id, question.found_id) not in decisions
    ]
    asked = pd.DataFrame(undecided, columns=list(MATCH_COLUMNS))
    return Matches(certain, asked.astype({"score": "int64"}))


def _by_number(suppliers: pd.DataFrame, register: pd.DataFrame, column: str) -> dict[str, str]:
    """Return supplier -> entry where the numbers in a column agree."""
    numbered = register[(register[column] != "") & ~register["is_former"]]
    # A number that two entries share identifies neither.
    entries = numbered.drop_duplicates(column, keep=False)
    entry_of = dict(zip(entries[column], entries["found_id"], strict=True))
    numbers = zip(suppliers["supplier_id"], suppliers[column], strict=True)
    return {supplier: entry_of[number] for supplier, number in numbers if number in entry_of}


def _by_name(
    suppliers: pd.DataFrame, register: pd.DataFrame
) -> tuple[dict[str, str], list[MatchQuestion]]:
    """Return supplier -> entry where the name is certain, and questions about the others."""
    names = register.assign(
        key=register["found_name"].map(name_key), block=register["found_name"].map(block_key)
    )
    names = names[names["key"] != ""].reset_index(drop=True)
    names["rivals"] = names.groupby("key")["found_id"].transform("nunique")
    blocks = {str(block): rows for block, rows in names.groupby("block")}
    keys = suppliers["supplier_name"].map(name_key)
    suppliers_of = keys.value_counts()
    certain: dict[str, str] = {}
    questions: list[MatchQuestion] = []
    for supplier, name, key in zip(
        suppliers["supplier_id"], suppliers["supplier_name"], keys, strict=True
    ):
        block = blocks.get(block_key(name))
        if block is None or not key:
            continue
        entry = _same_firm(name, key, block)
        if entry and suppliers_of[key] == 1:
            certain[supplier] = entry
        else:
            questions += _questions(supplier, name, key, block)
    return certain, questions


def _same_firm(name: str, key: str, block: pd.DataFrame) -> str:
    """Return the only entry of exactly this name and legal form, or a blank."""
    same = block[(block["key"] == key) & ~block["is_former"]]
    if same.empty:
        return ""
    entry = same.iloc[0]
    is_alike = _has_legal_form(name) == _has_legal_form(entry["found_name"])
    return str(entry["found_id"]) if is_alike and entry["rivals"] == 1 else ""


def _questions(supplier: str, name: str, key: str, block: pd.DataFrame) -> list[MatchQuestion]:
    """Return questions about the entries whose names are most like a supplier's."""
    likely = process.extract(
        key,
        block["key"].tolist(),
        scorer=fuzz.token_sort_ratio,
        score_cutoff=LEAST_LIKENESS,
        limit=MOST_QUESTIONS,
    )
    questions = []
    for _, score, at in likely:
        entry = block.iloc[at]
        why = _why_not_certain(score, entry)
        questions.append(
            MatchQuestion(supplier, name, entry["found_id"], entry["found_name"], int(score), why)
        )
    return questions


def _why_not_certain(score: float, entry: pd.Series) -> str:
    if entry["is_former"]:
        return "a former name"
    if score < 100:
        return "a name like it"
    if entry["rivals"] > 1:
        return f"the same name as {entry['rivals']} entries"
    return "the same name, but another legal form or supplier"
