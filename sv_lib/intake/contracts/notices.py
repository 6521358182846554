"""Reads contract notices: packages of Contracts Finder and Find a Tender, and flattened lists.

The packages follow OCDS, the Open Contracting Data Standard. A row of such a file is a release,
record or notice, counted from 1. Links in it, ``links.next`` too, are not followed.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import Award, Supplier, pounds, to_rows
from sv_lib.intake.findings import Finding, counted, file_error, finding
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.intake.tables.dictionary import IS_SME
from sv_lib.params import Council
from sv_lib.strict_yaml import load_as

PLACES = load_as(dict[str, dict[str, dict[str, str]]], Path(__file__).with_suffix(".yaml"))
"""Kind of notice -> how a fact is read -> name of the fact in ``Award`` -> where it stands."""
PERIOD = "contract.period | contractPeriod | tender.contractPeriod"
SHARED_WORDS = re.compile(
    r"\b(the|metropolitan|borough|county|city|district|unitary|council|mbc|bc|cc|dc|of|authority)\b"
)
"""Words that councils' names share, so that they do not tell one council from another."""
CHARITY_REGISTERS = ("GB-CHC", "GB-SC", "GB-NIC")
"""Registers of charities, of England and Wales, Scotland and Northern Ireland."""
YES_NO = {"True": "yes", "False": "no"}
"""A flag of a notice -> our word for it."""
IS_SME_BY_SCALE = {**IS_SME, "sme": "yes"}
LOT = re.compile(r"^Lot \d+\s*-\s*(.*\s-\s)?")
"""What flattened notices put before a supplier's name: ``Lot 2 - Grounds - Digger Ltd``."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
Json = dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """A release with awards of the council, or a flattened notice; its file, its number there."""

    file: str
    row: int
    content: Json


def read_notices(files: dict[str, Path], council: Council) -> tuple[list[AddedRows], list[Finding]]:
    """Read the council's awards in all the files together.

    Of each contracting process (ocid) the latest release that has an award counts. Raises
    InputError when a file is not a package of notices.
    """
    packages = {name: _json(path, name) for name, path in files.items()}
    rows: dict[str, int] = {}
    awards: list[Award] = []
    releases: list[Notice] = []
    for name, package in packages.items():
        entries = _entries(package, name)
        rows[name] = len(entries)
        for row, entry in enumerate(entries, start=1):
            # Flattened notices name the buyer in another place than releases.
            buyer = _get(entry, "organisation") or _get(entry, "buyer.name")
            if not _is_council(buyer, council):
                continue
            notice = Notice(name, row, entry)
            if _get(entry, "awards"):
                releases.append(notice)
            elif _get(entry, "status") == "awarded":
                awards.append(_flat_award(notice))
    found = [*_missing_pages(packages), *_spellings(releases, council)]
    for history in _histories(releases):
        with _refusing_what_is_no_ocds(history[-1]):
            awards += _awards(history[-1])
            found += _lost_awards(history)
    unused = {}
    for name, count in rows.items():
        used = len({award.row for award in awards if award.file == name})
        unused[name] = count - used
        notices = counted(count, "notice")
        said = finding(
            "contracts.notices_used", name, notices=notices, used=used, council=council.name
        )
        found.append(said)
    added, more = to_rows(awards, unused)
    found += more
    return added, found


def _histories(releases: list[Notice]) -> Iterable[list[Notice]]:
    """Return the releases of each contracting process, the latest last."""
    histories: defaultdict[str, list[Notice]] = defaultdict(list)
    for release in releases:
        ocid = str(release.content.get("ocid", ""))
        histories[ocid].append(release)
    for history in histories.values():
        history.sort(key=_moment)
    return histories.values()


@contextmanager
def _refusing_what_is_no_ocds(release: Notice) -> Iterator[None]:
    """Raise InputError where the reading of a release meets another type than OCDS has there."""
    try:
        yield
    except (AttributeError, TypeError, KeyError):
        raise file_error("contracts.not_ocds", release.file, release=release.row) from None


def _lost_awards(history: list[Notice]) -> Iterator[Finding]:
    """Report awards that only an earlier release has: they are not counted."""
    latest = history[-1]
    ids = [_award_ids(release) for release in history]
    every_id = set[str]().union(*ids)
    lost = sorted(every_id - ids[-1])
    if lost:
        yield finding(
            "contracts.only_in_earlier_notice",
            latest.file,
            latest.row,
            process=latest.content.get("ocid"),
            awards=counted(len(lost), "award"),
            first=lost[0],
        )


def _award_ids(release: Notice) -> set[str]:
    awards = release.content["awards"]
    return {str(award.get("id")) for award in awards}


def _missing_pages(packages: Mapping[str, Any]) -> Iterator[Finding]:
    """Report files with a link to a next page that is none of the files."""
    here = [unquote(str(_get(package, "uri"))) for package in packages.values()]
    for name, package in packages.items():
        following = _get(package, "links.next")
        if following and unquote(str(following)) not in here:
            yield finding("contracts.next_page_missing", name)


def _spellings(releases: list[Notice], council: Council) -> Iterator[Finding]:
    """Report that the council stands under more than one spelling."""
    buyers = {str(release.content["buyer"]["name"]) for release in releases}
    if len(buyers) > 1:
        first = min(release.file for release in releases)
        names = " and ".join(sorted(buyers))
        yield finding("contracts.spellings", first, buyers=names, council=council.name)


def _json(path: Path, name: str) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, parse_float=Decimal)
    except (OSError, ValueError, ArithmeticError, RecursionError) as fault:
        said = " ".join(str(fault).split())[:80]
        raise file_error("contracts.not_json", name, fault=said) from None


def _entries(package: Any, name: str) -> list[Any]:
    """Return the flattened notices of a file, or the releases of a package.

    Of each record these are its compiled release, else its releases.
    """
    notices = package if isinstance(package, list) else _get(package, "contracts")
    if isinstance(notices, list):
        return notices
    if not isinstance(package, dict) or package.keys().isdisjoint(("releases", "records")):
        raise file_error("contracts.not_a_package", name)
    releases = _list(package, "releases")
    for record in _list(package, "records"):
        compiled = _get(record, "compiledRelease")
        # A record may link its releases in place of holding them; links have no ocid.
        held = [one for one in _list(record, "releases") if _get(one, "ocid")]
        releases += [compiled] if compiled else held
    return [release for release in releases if isinstance(release, dict)]


def _awards(release: Notice) -> Iterator[Award]:
    """Yield the active awards of a release."""
    content = release.content
    ocid = str(content["ocid"])
    tender = content.get("tender")
    items = _get(tender, "items") or []
    parties = {party.get("id"): party for party in content.get("parties", [])}
    contracts = {contract.get("awardID"): contract for contract in content.get("contracts", [])}
    postcodes = _delivery_postcodes(items)
    for award in content["awards"]:
        if award.get("status", "active") != "active":
            continue
        told = {**award, "contract": contracts.get(award.get("id")), "tender": tender}
        # Both days come from one period, even when another would tell the one that it lacks.
        told["period"] = _first(told, PERIOD)
        suppliers = [
            {**parties.get(party.get("id"), {}), **party} for party in award.get("suppliers", [])
        ]
        own_items = award.get("items", [])
        code = _get(tender, "classification.id") or _cpv([*own_items, *items])
        number = str(award.get("id", ""))
        is_whole_id = number.startswith(ocid)
        yield Award(
            file=release.file,
            row=release.row,
            contract_id=number if is_whole_id else f"{ocid}-{number}",
            suppliers=tuple(_supplier(party) for party in suppliers),
            kind=str(code),
            shares=tuple(_shares(suppliers)),
            postcodes=postcodes,
            **_facts(told, "ocds"),
        )


def _delivery_postcodes(items: list[Json]) -> tuple[str, ...]:
    found = set()
    for item in items:
        for address in item.get("deliveryAddresses", []):
            postal_code = str(address.get("postalCode"))
            postcode = find_postcode(postal_code)
            found.add(postcode)
    found.discard("")
    return tuple(sorted(found))


def _value(value: object) -> Decimal | None:
    """Return a value in pounds; None in another currency, which is not converted."""
    if not isinstance(value, dict) or value.get("currency", "GBP") != "GBP":
        return None
    return pounds(value.get("amount"))


def _shares(parties: list[Json]) -> Iterator[Decimal]:
    """Yield the shares that are stated; they are not part of OCDS, and few notices have them."""
    for party in parties:
        share = party.get("share")
        # True is an int to Python, and no share.
        if isinstance(share, (int, Decimal)) and not isinstance(share, bool):
            yield Decimal(share)


def _cpv(items: list[Json]) -> object:
    """Return the first CPV code of the items: Find a Tender puts it there."""
    for item in items:
        first = item.get("classification")
        others = item.get("additionalClassifications", [])
        for code in [first, *others]:
            if _get(code, "scheme") == "CPV" and code.get("id"):
                return code["id"]
    return ""


def _supplier(party: Json) -> Supplier:
    """Return a supplier with its numbers by register, and its postcode.

    The postcode may stand in a field of its own or in the free text of the address.
    """
    numbers = _numbers(party)
    charities = filter(None, map(numbers.get, CHARITY_REGISTERS))
    street = _text(_get(party, "address.streetAddress"))
    postcode = _text(_get(party, "address.postalCode"))
    scale = str(_get(party, "details.scale")).lower()
    is_vcse = _get(party, "details.vcse")
    return Supplier(
        supplier_name=_text(party.get("name")),
        company_number=numbers.get("GB-COH", ""),
        charity_number=next(charities, ""),
        postcode=find_postcode(f"{street} {postcode}"),
        size=scale if scale in IS_SME else "",
        is_sme=IS_SME_BY_SCALE.get(scale, ""),
        is_vcse=YES_NO.get(str(is_vcse), ""),
    )


def _numbers(party: Json) -> dict[str, str]:
    """Return register -> number of a party. Its own id may be one: GB-COH-04142000."""
    register, _, number = str(party.get("id", "")).rpartition("-")
    numbers = {register: number}
    first = party.get("identifier")
    others = party.get("additionalIdentifiers", [])
    for named in [first, *others]:
        scheme = str(_get(named, "scheme"))
        numbers[scheme] = str(_get(named, "id") or "")
    return numbers


def _flat_award(notice: Notice) -> Award:
    """Return the award of a flattened notice.

    Its suppliers are joined by commas, text has HTML entities, and 0 or false stand for not known.
    """
    content = notice.content
    # A comma with a space after it is part of a name: "Digger, Spade and Sons".
    joined = re.split(r",(?! )", _text(content.get("awarded_supplier")))
    names = dict.fromkeys(LOT.sub("", name.strip()) for name in joined)
    # The flag says that one of the suppliers is an SME, so of several it tells nothing.
    is_sme = content.get("awarded_to_sme") is True and len(names) == 1
    flag = "yes" if is_sme else ""
    postcode = find_postcode(_text(content.get("postcode")))
    return Award(
        file=notice.file,
        row=notice.row,
        contract_id=str(content.get("id")),
        suppliers=tuple(Supplier(name, is_sme=flag) for name in names),
        postcodes=(postcode,) if postcode else (),
        **_facts(content, "flat"),
    )


def _is_council(buyer: object, council: Council) -> bool:
    """Whether a buyer is the council, however its name is written."""
    return _own_words(_text(buyer)) == _own_words(council.name)


def _own_words(name: str) -> str:
    """Return a council's name without the words that councils share: ``north yorkshire``."""
    lowered = name.lower().replace("&", " and ")
    own = SHARED_WORDS.sub(" ", lowered)
    words = re.sub(r"[^\w\s]", " ", own).split()
    return " ".join(words)


def _moment(release: Notice) -> datetime:
    """Return when a release was made; the beginning of time when it does not say."""
    stamp = str(release.content.get("date"))
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return EARLIEST
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(stamp: object) -> str:
    """Return the day of a time stamp, as the notice prints it; no time zone moves it."""
    found = re.match(r"\d{4}-\d\d-\d\d", str(stamp))
    return found.group() if found else ""


def _text(value: object) -> str:
    """Return text without HTML entities, in single spaces."""
    return " ".join(html.unescape(str(value or "")).split())


READ_AS: dict[str, Callable[[object], object]] = {
    "text": _text,
    "money": _value,
    "pounds": pounds,
    "day": _day,
}


def _facts(notice: Json, kind: str) -> dict[str, Any]:
    """Return the facts of an award that ``notices.yaml`` has places for, by their names."""
    facts = {}
    for how, places_of in PLACES[kind].items():
        for name, places in places_of.items():
            facts[name] = READ_AS[how](_first(notice, places))
    return facts


def _first(node: Any, places: str) -> Any:
    """Return what stands at the first of several places that is filled; None when none is."""
    found = (_get(node, place) for place in places.split(" | "))
    return next(filter(None, found), None)


def _get(node: Any, place: str) -> Any:
    """Return what stands at the end of a path of keys; None where the path breaks off."""
    for key in place.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def _list(node: Any, key: str) -> list[Any]:
    """Return a copy of the list under a key; empty where there is none."""
    found = _get(node, key)
    return list(found) if isinstance(found, list) else []
