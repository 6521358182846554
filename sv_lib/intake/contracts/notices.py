"""Reads contract notices: packages of Contracts Finder and Find a Tender, and flattened lists.

The packages follow OCDS, the Open Contracting Data Standard. A row of such a file is a release,
record or notice, counted from 1. Links in it, ``links.next`` too, are not followed.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import Award, Supplier, pounds, to_rows
from sv_lib.intake.findings import Finding, counted, file_error, finding
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.intake.tables.dictionary import IS_SME
from sv_lib.params import Council

SHARED_WORDS = re.compile(
    r"\b(the|metropolitan|borough|county|city|district|unitary|council|mbc|bc|cc|dc|of|authority)\b"
)
"""Words that councils' names share, so that they do not tell one council from another."""
CHARITY_REGISTERS = ("GB-CHC", "GB-SC", "GB-NIC")
"""Registers of charities, of England and Wales, Scotland and Northern Ireland."""
IS_SME_BY_SCALE = {**IS_SME, "sme": "yes"}
LOT = re.compile(r"^Lot \d+\s*-\s*(.*\s-\s)?")
"""What flattened notices put before a supplier's name: ``Lot 2 - Grounds - Digger Ltd``."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
Json = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """A release with awards of the council: when it was made, its file, its number there."""

    made: datetime
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
    releases: list[Release] = []
    for name, package in packages.items():
        flat = package if isinstance(package, list) else _get(package, "contracts")
        if isinstance(flat, list):
            rows[name] = len(flat)
            awards += _flat_awards(flat, name, council)
        else:
            entries = _releases(package, name)
            rows[name] = len(entries)
            releases += _of_council(entries, name, council)
    found = [*_missing_pages(packages), *_spellings(releases, council)]
    for history in _histories(releases):
        awards += _latest_awards(history[-1])
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
    return added, [*found, *more]


def _of_council(entries: list[Json], file: str, council: Council) -> Iterator[Release]:
    """Yield the releases that have awards of the council."""
    for row, entry in enumerate(entries, start=1):
        buyer = _get(entry, "buyer", "name")
        if entry.get("awards") and _is_council(buyer, council):
            made = _moment(entry.get("date"))
            yield Release(made, file, row, entry)


def _histories(releases: list[Release]) -> Iterable[list[Release]]:
    """Return the releases of each contracting process, the latest last."""
    histories: dict[str, list[Release]] = {}
    for release in releases:
        ocid = str(release.content.get("ocid", ""))
        histories.setdefault(ocid, []).append(release)
    for history in histories.values():
        history.sort(key=attrgetter("made"))
    return histories.values()


def _latest_awards(latest: Release) -> list[Award]:
    """Return the active awards of a release. Raises InputError when it is not built as OCDS is."""
    try:
        return list(_awards(latest))
    except (AttributeError, TypeError, KeyError):
        raise file_error("contracts.not_ocds", latest.file, release=latest.row) from None


def _lost_awards(history: list[Release]) -> Iterator[Finding]:
    """Report awards that only an earlier release has: they are not counted."""
    latest = history[-1]
    try:
        ids = [_award_ids(release) for release in history]
    except (AttributeError, TypeError):
        raise file_error("contracts.not_ocds", latest.file, release=latest.row) from None
    lost = sorted(set[str]().union(*ids) - ids[-1])
    if lost:
        ocid = latest.content.get("ocid")
        awards = counted(len(lost), "award")
        place = (latest.file, latest.row)
        yield finding(
            "contracts.only_in_earlier_notice", *place, process=ocid, awards=awards, first=lost[0]
        )


def _award_ids(release: Release) -> set[str]:
    awards = release.content["awards"]
    return {str(award.get("id")) for award in awards}


def _missing_pages(packages: Mapping[str, Any]) -> Iterator[Finding]:
    """Report files with a link to a next page that is none of the files."""
    here = [unquote(str(_get(package, "uri"))) for package in packages.values()]
    for name, package in packages.items():
        following = _get(package, "links", "next")
        if not following:
            continue
        address = unquote(str(following))
        if address not in here:
            yield finding("contracts.next_page_missing", name)


def _spellings(releases: list[Release], council: Council) -> Iterator[Finding]:
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


def _releases(package: Any, name: str) -> list[Json]:
    """Return the releases of a package; of each record its compiled release, else its releases."""
    if not isinstance(package, dict) or package.keys().isdisjoint(("releases", "records")):
        raise file_error("contracts.not_a_package", name)
    releases = _list(package, "releases")
    for record in _list(package, "records"):
        compiled = _get(record, "compiledRelease")
        if compiled:
            releases.append(compiled)
        else:
            # A record may link its releases in place of holding them; links have no ocid.
            releases += [one for one in _list(record, "releases") if _get(one, "ocid")]
    return [release for release in releases if isinstance(release, dict)]


def _awards(release: Release) -> Iterator[Award]:
    """Yield the active awards of a release.

    Dates and value are those of the contract where it states them, since Find a Tender publishes
    contracts apart from awards.
    """
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
        contract = contracts.get(award.get("id"))
        named = award.get("suppliers", [])
        suppliers = [{**parties.get(one.get("id"), {}), **one} for one in named]
        title = award.get("title") or _get(tender, "title")
        value = _get(contract, "value") or award.get("value")
        awarded_on = award.get("date") or _get(contract, "dateSigned")
        own_period = _get(contract, "period") or award.get("contractPeriod")
        period = own_period or _get(tender, "contractPeriod")
        own_items = award.get("items", [])
        code = _get(tender, "classification", "id") or _cpv([*own_items, *items])
        number = str(award.get("id", ""))
        is_whole_id = number.startswith(ocid)
        yield Award(
            file=release.file,
            row=release.row,
            contract_id=number if is_whole_id else f"{ocid}-{number}",
            title=_text(title),
            suppliers=tuple(_supplier(party) for party in suppliers),
            value=_value(value),
            awarded_on=_day(awarded_on),
            starts_on=_day(_get(period, "startDate")),
            ends_on=_day(_get(period, "endDate")),
            kind=str(code),
            shares=tuple(_shares(suppliers)),
            postcodes=postcodes,
        )


def _delivery_postcodes(items: list[Json]) -> tuple[str, ...]:
    found = set()
    for item in items:
        for address in item.get("deliveryAddresses", []):
            postcode = find_postcode(str(address.get("postalCode")))
            found.add(postcode)
    return tuple(sorted(found - {""}))


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
    street = _get(party, "address", "streetAddress")
    postcode = _get(party, "address", "postalCode")
    details = _get(party, "details")
    scale = str(_get(details, "scale")).lower()
    return Supplier(
        supplier_name=_text(party.get("name")),
        company_number=numbers.get("GB-COH", ""),
        charity_number=next(charities, ""),
        postcode=find_postcode(f"{_text(street)} {_text(postcode)}"),
        size=scale if scale in IS_SME else "",
        is_sme=IS_SME_BY_SCALE.get(scale, ""),
        is_vcse=_yes_no(_get(details, "vcse")),
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


def _yes_no(flag: object) -> str:
    """Return a flag of a notice as our tables have it; blank when it is not one."""
    if flag is True:
        return "yes"
    return "no" if flag is False else ""


def _flat_awards(notices: list[Any], file: str, council: Council) -> Iterator[Award]:
    """Yield the council's awards in a list of flattened notices."""
    for row, notice in enumerate(notices, start=1):
        is_award = _get(notice, "status") == "awarded"
        if is_award and _is_council(_get(notice, "organisation"), council):
            yield _flat_award(notice, file, row)


def _flat_award(notice: Json, file: str, row: int) -> Award:
    """Return the award of a flattened notice.

    Its suppliers are joined by commas, text has HTML entities, and 0 or false stand for not known.
    """
    field = notice.get
    # A comma with a space after it is part of a name: "Digger, Spade and Sons".
    joined = re.split(r",(?! )", _text(field("awarded_supplier")))
    names = dict.fromkeys(LOT.sub("", name.strip()) for name in joined)
    # The flag says that one of the suppliers is an SME, so of several it tells nothing.
    is_sme = field("awarded_to_sme") is True and len(names) == 1
    flag = "yes" if is_sme else ""
    suppliers = [Supplier(name, is_sme=flag) for name in names]
    postcode = find_postcode(_text(field("postcode")))
    kind = field("cpv_codes") or ""
    return Award(
        file=file,
        row=row,
        contract_id=str(field("id")),
        title=_text(field("title")),
        suppliers=tuple(suppliers),
        value=pounds(field("awarded_value")),
        awarded_on=_day(field("awarded_date")),
        starts_on=_day(field("start_date")),
        ends_on=_day(field("end_date")),
        kind=str(kind),
        postcodes=(postcode,) if postcode else (),
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


def _moment(stamp: object) -> datetime:
    """Return when a release was made; the beginning of time when it does not say."""
    try:
        moment = datetime.fromisoformat(str(stamp))
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


def _get(node: Any, *path: str) -> Any:
    """Return what stands at the end of a path of keys; None where the path breaks off."""
    for key in path:
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def _list(node: Any, key: str) -> list[Any]:
    """Return a copy of the list under a key; empty where there is none."""
    found = _get(node, key)
    return list(found) if isinstance(found, list) else []
