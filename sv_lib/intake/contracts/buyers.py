"""Tells which buyers of notices are the council, however its name is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process, utils

from sv_lib.intake.contracts.notice_facts import Notice, at_place, list_at, plain_text
from sv_lib.intake.findings import Finding, counted, finding
from sv_lib.params import Council
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class BuyerWords:
    """What ``buyers.yaml`` holds."""

    shared: list[str]
    before_department: list[str]
    other_body: str


WORDS = data_beside(__file__, BuyerWords)
SHARED = re.compile(rf"\b({'|'.join(WORDS.shared)})\b", re.IGNORECASE)
OTHER_BODY = re.compile(WORDS.other_body, re.IGNORECASE)
NEAREST = 3
ALIKE = 70
"""How many buyers are named when none is the council; how like it their own words are, of 100."""


def buyer_of(notice: Notice) -> str:
    """Return the buyer in the notice's own words; blank when it names none."""
    content = notice.content
    named = at_place(content, "organisation") or at_place(content, "buyer.name")
    parties = list_at(content, "parties")
    buyers = [party for party in parties if "buyer" in list_at(party, "roles")]
    return plain_text(named or at_place(next(iter(buyers), None), "name"))


def is_council(buyer: str, council: Council) -> bool:
    """Whether a buyer is the council, or one of its departments: ``X Council Housing``."""
    names = {_own_words(name) for name in (council.name, *council.buyer_names)}
    heads = [buyer, *_before_department(buyer)]
    return any(_own_words(head) in names for head in heads)


def _before_department(buyer: str) -> Iterator[str]:
    """Yield what may be a council's name before that of its department."""
    for pattern in WORDS.before_department:
        head = re.match(pattern, buyer, re.IGNORECASE)
        # A place alone is no council: "York - Railway Museum".
        if head and SHARED.search(head.group()) and not OTHER_BODY.search(buyer[head.end() :]):
            yield head.group()


def _own_words(name: str) -> str:
    """Return a name without the words that councils share: ``north yorkshire``."""
    plain = utils.default_process(name)
    own = SHARED.sub(" ", plain).split()
    # A name in two languages says its own words twice.
    return " ".join(dict.fromkeys(own)) or plain


def remarks(buyers: Counter[str], ours: set[str], file: str, council: Council) -> Iterator[Finding]:
    """Report several spellings of the council, buyers near to it, and that none is the council.

    ``buyers``: buyer -> how many procurements name it; blank, those that name none. ``ours``: those
    that are the council.
    """
    if len(ours) > 1:
        names = " and ".join(sorted(ours))
        yield finding("contracts.spellings", file, buyers=names, council=council.name)
    name = utils.default_process(council.name).removeprefix("the ")
    near = [one for one in buyers if one not in ours and name in utils.default_process(one)]
    if near:
        count = counted(sum(buyers[buyer] for buyer in near), "procurement")
        yield finding("contracts.near_buyers", file, buyers="; ".join(sorted(near)), count=count)
    if buyers and not ours:
        alike = process.extract(
            council.name, buyers.keys(), processor=_own_words, limit=NEAREST, score_cutoff=ALIKE
        )
        nearest = "; ".join(buyer for buyer, _, _ in alike)
        yield finding(
            "contracts.no_buyer",
            file,
            count=counted(buyers.total(), "procurement"),
            council=council.name,
            nearest=nearest or "none",
        )
