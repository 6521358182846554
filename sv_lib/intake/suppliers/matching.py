"""Which supplier is which: by number, then by name. What is less than certain is for a person to
decide.

Certain is a company or charity number that agrees, or a name that agrees but for case, punctuation
and 'Ltd' for 'Limited' and has no rival on either side. A name without 'Ltd' is not certain to be
the company that has it: it may be a sole trader's. A likeness (rapidfuzz) never is.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz, process

LEGAL = r"ltd|plc|llp|lp|cic|cio|inc"
WORDS = {
    "limited": "ltd",
    "and": "&",
    "company": "co",
    "brothers": "bros",
    "services": "service",
    "st": "saint",
    "association": "assoc",
    "incorporated": "inc",
    "international": "intl",
    "centres": "centre",
    "center": "centre",
}
LONG_FORMS = {
    "public ltd co": "plc",
    "community interest co": "cic",
    "charitable inc organisation": "cio",
    "ltd liability partnership": "llp",
}
"""Legal forms written out, as ``WORDS`` leaves them."""
TRADING = re.compile(r"\s(t/as?|trading as)\b.*|\s*\*{2,}.*", re.IGNORECASE)
NOT_IN_BLOCK = r"^the |\band\b|[^a-z0-9]"
LIKE = 85
"""Names less alike than this, of 100, are not even shown to a person."""
SHOWN = 3
MATCH_COLUMNS = (
    "supplier_id",
    "supplier_name",
    "found_id",
    "found_name",
    "score",
    "why",
    "decision",
    "decided_by",
    "decided_on",
)
Pair = tuple[str, str]


def company_number(text: str) -> str:
    """Eight characters, with the zeros that a spreadsheet took; blank when it is no company
    number.
    """
    bare = re.sub(r"[\s.]", "", text).upper()
    found = re.fullmatch(r"([A-Z]{2}|R|)(\d{1,8})([A-Z]?)", bare)
    if not found or not int(found[2]) or (not found[1] and (found[3] or len(found[2]) < 4)):
        return ""
    padded = found[1] + found[2].zfill(8 - len(found[1]) - len(found[3])) + found[3]
    return padded if len(padded) == 8 else ""


def charity_number(text: str) -> str:
    """A charity number of England and Wales (six or seven digits), Scotland or Northern Ireland;
    blank
    for others.
    """
    found = re.fullmatch(r"(SC|NIC|)(\d{6,7})(-\d+)?", re.sub(r"\s", "", text).upper())
    return found[1] + found[2] if found else ""


def name_key(name: str) -> str:
    """A name without case, punctuation, accents, a trading name and the legal form: 'The A & B
    Company
    Ltd.'.
    """
    return re.sub(rf"( ({LEGAL}))+$", "", _plain(name))


def block_key(name: str) -> str:
    """The first six letters of a name: only names of one block are compared."""
    return re.sub(NOT_IN_BLOCK, "", html.unescape(name).lower())[:6]


def _plain(name: str) -> str:
    text = (
        unicodedata.normalize("NFKD", html.unescape(name))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    text = re.sub(r"['.`]", "", TRADING.sub("", text))
    words = re.sub(r"[^\w&]+", " ", text.replace("&", " & ")).replace("_", " ").split()
    plain = " ".join(WORDS.get(word, word) for word in words).removeprefix("the ")
    for long, short in LONG_FORMS.items():
        plain = plain.replace(long, short)
    return plain


def _has_legal_form(name: str) -> bool:
    return bool(re.search(rf" ({LEGAL})$", _plain(name)))


@dataclass(frozen=True)
class Matches:
    """``certain``: supplier -> the entry found and how; ``open``: what a person is asked, columns
    MATCH_COLUMNS.
    """

    certain: dict[str, tuple[str, str]]
    open: pd.DataFrame


def match(
    suppliers: pd.DataFrame, register: pd.DataFrame, decisions: Mapping[Pair, str]
) -> Matches:
    """Match suppliers to the entries of a register, or to another list.

    ``suppliers``: supplier_id (each once), supplier_name, company_number, charity_number.
    ``register``: found_id (each once but for former names), found_name, company_number,
    charity_number, is_former. ``decisions``: (supplier, entry) -> "accept" or "refuse".
    """
    known = set(register["found_id"])
    accepted = [pair for pair, how in decisions.items() if how == "accept" and pair[1] in known]
    certain = {supplier: (entry, "a person's decision") for supplier, entry in accepted}
    for column in ("company_number", "charity_number"):
        entries = register[(register[column] != "") & ~register["is_former"]].drop_duplicates(
            column, keep=False
        )
        by_number = dict(zip(entries[column], entries["found_id"], strict=True))
        for supplier, number in zip(suppliers["supplier_id"], suppliers[column], strict=True):
            if supplier not in certain and number in by_number:
                certain[supplier] = (by_number[number], column.replace("_", " "))
    left = suppliers[~suppliers["supplier_id"].isin(list(certain))]
    questions: list[dict[str, object]] = []
    for supplier, found in _by_name(left, register, questions).items():
        if decisions.get((supplier, found)) != "refuse":
            certain[supplier] = (found, "name")
    asked = [
        q
        for q in questions
        if (q["supplier_id"], q["found_id"]) not in decisions and q["supplier_id"] not in certain
    ]
    return Matches(
        certain, pd.DataFrame(asked, columns=list(MATCH_COLUMNS)).astype({"score": "int64"})
    )


def _by_name(
    left: pd.DataFrame, register: pd.DataFrame, questions: list[dict[str, object]]
) -> dict[str, str]:
    """Suppliers whose name is certain; for the others the likely entries are added to
    ``questions``.
    """
    names = register.assign(
        key=register["found_name"].map(name_key), block=register["found_name"].map(block_key)
    )
    names = names[names["key"] != ""].reset_index(drop=True)
    blocks = {block: rows.index for block, rows in names.groupby("block")}
    entries_of = names.groupby("key")["found_id"].nunique()
    keys = left["supplier_name"].map(name_key)
    suppliers_of = keys.value_counts()
    certain = {}
    for supplier, name, key in zip(left["supplier_id"], left["supplier_name"], keys, strict=True):
        rows = blocks.get(block_key(name)) if key else None
        if rows is None:
            continue
        block = names.loc[rows]
        same = block[(block["key"] == key) & ~block["is_former"]]
        alike = len(same) and _has_legal_form(name) == _has_legal_form(same["found_name"].iloc[0])
        if alike and entries_of[key] == 1 and suppliers_of[key] == 1:
            certain[supplier] = same["found_id"].iloc[0]
            continue
        choices = dict(zip(rows.tolist(), block["key"], strict=True))
        best = process.extract(
            key, choices, scorer=fuzz.token_sort_ratio, score_cutoff=LIKE, limit=SHOWN
        )
        for _, score, at in best:
            entry = names.loc[at]
            why: str = (
                "a former name"
                if entry["is_former"]
                else _why(score, int(entries_of[entry["key"]]))
            )
            questions.append(
                {
                    "supplier_id": supplier,
                    "supplier_name": name,
                    "found_id": entry["found_id"],
                    "found_name": entry["found_name"],
                    "score": int(score),
                    "why": why,
                    "decision": "",
                    "decided_by": "",
                    "decided_on": "",
                }
            )
    return certain


def _why(score: float, rivals: int) -> str:
    """Why it is not certain."""
    if score < 100:
        return "a name like it"
    return (
        f"the same name as {rivals} entries"
        if rivals > 1
        else "the same name, but another legal form or supplier"
    )
