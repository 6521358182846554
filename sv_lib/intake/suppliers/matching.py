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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz, process

from sv_lib.intake.findings import Record
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class FirmWords:
    """The words of ``firm_names.yaml``, which differ between sources for one firm."""

    words: dict[str, str]
    legal_forms: list[str]
    long_legal_forms: dict[str, str]


FIRM_WORDS = data_beside(__file__, FirmWords, "firm_names.yaml")
LEGAL_FORM = re.compile(rf"( ({'|'.join(FIRM_WORDS.legal_forms)}))+$")
# Without a prefix, fewer than four digits are a supplier's number in the ledger, no company's.
COMPANY_NUMBER = re.compile(r"(?=[A-Z]|\d{4,8}$)([A-Z]{2}|R|)(\d{1,8})([A-Z]?)")
TRADING_NAME = re.compile(r"\s(t/as?|trading as)\b.*|\s*\*{2,}.*", re.IGNORECASE)
NOT_IN_BLOCK = r"^the |\band\b|[^a-z0-9]"
LEAST_LIKENESS = 85
"""Names less alike than this, of 100, are not even shown to a person."""
MOST_QUESTIONS = 3
"""How many entries a person is asked about for one supplier."""
COMPARED = ["key", "block", "has_form"]
"""Names of one firm agree in these: see ``name_key``, ``block_key`` and ``_has_legal_form``."""
Pair = tuple[str, str]
"""A supplier and an entry of a register, by their ids."""


DECIDED = "a person's decision"
UNDECIDED = {"decision": "", "decided_by": "", "decided_on": ""}
MATCH_COLUMNS = (
    "supplier_id",
    "supplier_name",
    "found_id",
    "found_name",
    "score",
    "why",
    *UNDECIDED,
)
"""The columns of ``supplier_matches.csv``: a likely match, for a person to decide and sign."""


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
    found = COMPANY_NUMBER.fullmatch(bare)
    if not found:
        return ""
    prefix, digits, suffix = found.groups()
    width = 8 - len(prefix) - len(suffix)
    padded = prefix + digits.zfill(width) + suffix
    return padded if len(padded) == 8 and int(digits) else ""


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
            certain[supplier] = (entry, DECIDED)
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
        if (question["supplier_id"], question["found_id"]) not in decisions
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
) -> tuple[dict[str, str], list[Record]]:
    """Return supplier -> entry where the name is certain, and questions about the others."""
    ours = _with_keys(suppliers, "supplier_name")
    entries = _with_keys(register, "found_name")
    entries["rivals"] = entries.groupby("key")["found_id"].transform("nunique")
    is_only = ~ours["key"].duplicated(keep=False)
    has_one_firm = ~entries["is_former"] & (entries["rivals"] == 1)
    firms = entries[has_one_firm].drop_duplicates(["key", "block"])
    same = ours[is_only].merge(firms[[*COMPARED, "found_id"]], on=COMPARED, validate="one_to_one")
    certain = dict(zip(same["supplier_id"], same["found_id"], strict=True))
    blocks = dict(list(entries.groupby("block")))
    questions: list[Record] = []
    for supplier in ours.to_dict("records"):
        block = blocks.get(supplier["block"])
        if block is not None and supplier["supplier_id"] not in certain:
            questions += _questions(supplier, block)
    return certain, questions


def _with_keys(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows that have a name to compare, with the columns COMPARED."""
    names = rows[name]
    keyed = rows.assign(
        key=names.map(name_key), block=names.map(block_key), has_form=names.map(_has_legal_form)
    )
    return keyed[keyed["key"] != ""]


def _questions(supplier: Record, block: pd.DataFrame) -> Iterator[Record]:
    """Yield questions about the entries whose names are most like a supplier's."""
    likely = process.extract(
        supplier["key"],
        block["key"].tolist(),
        scorer=fuzz.token_sort_ratio,
        score_cutoff=LEAST_LIKENESS,
        limit=MOST_QUESTIONS,
    )
    for _, score, at in likely:
        entry = block.iloc[at]
        why = _why_not_certain(score, entry)
        found = entry[["found_id", "found_name"]]
        yield {**supplier, **found, **UNDECIDED, "score": int(score), "why": why}


def _why_not_certain(score: float, entry: pd.Series) -> str:
    if entry["is_former"]:
        return "a former name"
    if score < 100:
        return "a name like it"
    if entry["rivals"] > 1:
        return f"the same name as {entry['rivals']} entries"
    return "the same name, but another legal form or supplier"
