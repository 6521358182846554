"""Contract notices: OCDS packages of Contracts Finder and Find a Tender, and notices flattened to a
list.

A row of such a file is a release, record or notice, counted from 1. Links in it, ``links.next``
too, are not followed.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sv_lib.errors import InputError
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import Award, Supplier, pounds, to_parts
from sv_lib.intake.findings import Finding, counted
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.intake.tables.dictionary import IS_SME
from sv_lib.params import Council

GENERIC = re.compile(
    r"\b(the|metropolitan|borough|county|city|district|unitary|council|mbc|bc|cc|dc|of|authority)\b"
)
Release = dict[str, Any]
Dated = tuple[datetime, str, int, Release]
"""When a release was made, its file, its number there, and the release."""
CHARITIES = ("GB-CHC", "GB-SC", "GB-NIC")
"""Registers of charities, of England and Wales, Scotland and Northern Ireland."""
SCALES = {**IS_SME, "sme": "yes"}
YES_NO = {True: "yes", False: "no"}


def read_notices(files: dict[str, Path], council: Council) -> tuple[list[AddedRows], list[Finding]]:
    """The council's awards in all the files together: of each ocid the latest release that has an
    award.

    Raises InputError when a file is not a package of notices.
    """
    awards: list[Award] = []
    releases: dict[str, list[Dated]] = {}
    rows = dict.fromkeys(files, 0)
    found: list[Finding] = []
    packages = {name: _json(path, name) for name, path in files.items()}
    for name, package in packages.items():
        flat = package.get("contracts") if isinstance(package, dict) else package
        if isinstance(flat, list):
            rows[name] = len(flat)
            awards += [
                _flat(notice, name, at)
                for at, notice in enumerate(flat, 1)
                if _is_ours(_dict(notice), council)
            ]
            continue
        for at, release in enumerate(_releases(package, name), start=1):
            rows[name] += 1
            if release.get("awards") and _is_of(_dict(release.get("buyer")).get("name"), council):
                dated = (_moment(release.get("date")), name, at, release)
                releases.setdefault(str(release.get("ocid", "")), []).append(dated)
    for history in releases.values():
        awards += _latest(sorted(history, key=itemgetter(0)), found)
    used = {name: len({award.row for award in awards if award.file == name}) for name in files}
    for name in files:
        said = f"{counted(rows[name], 'notice')}, {used[name]} of them awards of {council.name}"
        problem = "the others are of other buyers, not awards, or replaced by a later notice"
        found.append(Finding("note", name, None, "", said, problem, "nothing to do"))
    parts, more = to_parts(awards, {name: rows[name] - used[name] for name in files})
    return parts, [*_pages(packages), *_buyers(releases, council), *found, *more]


def _latest(history: list[Dated], found: list[Finding]) -> Iterator[Award]:
    """The awards of the latest release of an ocid. Awards that only an earlier one has are told,
    not
    counted.
    """
    _, name, at, release = history[-1]
    try:
        yield from list(_awards(release, name, at))
        here = {str(award.get("id")) for award in release["awards"]}
        before = {
            str(award.get("id")) for _, _, _, older in history[:-1] for award in older["awards"]
        }
    except (AttributeError, TypeError, KeyError):
        raise _refusal(name, f"release {at} is not built as OCDS is") from None
    if lost := sorted(before - here):
        said = (
            f"{release['ocid']}: {counted(len(lost), 'award')} that only an earlier notice "
            f"has, such as {lost[0]}"
        )
        problem = "the latest notice counts alone, so that nothing counts twice"
        remedy = (
            "look the notices up; enter the award in the council's register when it still stands"
        )
        found.append(Finding("warn", name, at, "", said, problem, remedy))


def _pages(packages: dict[str, Any]) -> Iterator[Finding]:
    """Files with a link to a next page that is none of the files."""
    links = {name: _dict(package) for name, package in packages.items()}
    here = {unquote(str(package.get("uri"))) for package in links.values()}
    for name, package in links.items():
        following = _dict(package.get("links")).get("next")
        if following and unquote(str(following)) not in here:
            problem = "it is one page of several, and contracts on the others are missing"
            remedy = "fetch the next page, and name it here too, until there is no 'next'"
            yield Finding(
                "warn", name, None, "", "a link to a next page that is not here", problem, remedy
            )


def _buyers(releases: dict[str, list[Dated]], council: Council) -> Iterator[Finding]:
    """The council under more than one spelling."""
    named = {
        (dated[3]["buyer"]["name"], dated[1]) for history in releases.values() for dated in history
    }
    if len(buyers := sorted({buyer for buyer, _ in named})) > 1:
        problem = f"they are read as one buyer, {council.name}"
        yield Finding(
            "note",
            min(file for _, file in named),
            None,
            "",
            " and ".join(buyers),
            problem,
            "nothing to do",
        )


def _json(path: Path, name: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, ValueError, ArithmeticError, RecursionError) as fault:
        raise _refusal(name, f"it is not JSON ({' '.join(str(fault).split())[:80]})") from None


def _releases(package: Any, name: str) -> Iterator[Release]:
    """The releases of a release package; of each record its compiled release, else its releases."""
    if not isinstance(package, dict) or not ("releases" in package or "records" in package):
        raise _refusal(
            name, "it is neither a release package, a record package nor a list of notices"
        )
    yield from (release for release in package.get("releases", []) if isinstance(release, dict))
    for record in package.get("records", []):
        compiled = _dict(record).get("compiledRelease")
        yield from (
            [compiled]
            if compiled
            else [r for r in record.get("releases", []) if "ocid" in _dict(r)]
        )


def _awards(release: Release, file: str, row: int) -> Iterator[Award]:
    """The active awards of a release, with the dates and value of their contract where that says
    more.
    """
    tender = _dict(release.get("tender"))
    parties = {party.get("id"): party for party in release.get("parties", [])}
    contracts = {contract.get("awardID"): contract for contract in release.get("contracts", [])}
    delivered = [
        address for item in tender.get("items", []) for address in item.get("deliveryAddresses", [])
    ]
    for award in release["awards"]:
        if award.get("status", "active") != "active":
            continue
        contract = _dict(contracts.get(award.get("id")))
        period = _dict(
            contract.get("period") or award.get("contractPeriod") or tender.get("contractPeriod")
        )
        value = _dict(contract.get("value") or award.get("value"))
        suppliers = [{**_dict(parties.get(s.get("id"))), **s} for s in award.get("suppliers", [])]
        code, items = (
            _dict(tender.get("classification")),
            [*award.get("items", []), *tender.get("items", [])],
        )
        yield Award(
            file,
            row,
            _id(release, award),
            _text(award.get("title") or tender.get("title")),
            tuple(_supplier(supplier) for supplier in suppliers),
            pounds(value.get("amount")) if value.get("currency", "GBP") == "GBP" else None,
            _day(award.get("date") or contract.get("dateSigned")),
            _day(period.get("startDate")),
            _day(period.get("endDate")),
            str(code.get("id") or _cpv(items)),
            shares=tuple(Decimal(str(s["share"])) for s in suppliers if _is_number(s.get("share"))),
            postcodes=tuple(
                sorted({p for a in delivered if (p := find_postcode(str(a.get("postalCode", ""))))})
            ),
        )


def _id(release: Release, award: dict[str, Any]) -> str:
    ocid, number = str(release["ocid"]), str(award.get("id", ""))
    return number if number.startswith(ocid) else f"{ocid}-{number}"


def _cpv(items: list[dict[str, Any]]) -> str:
    """The first CPV code of the items: Find a Tender puts it there."""
    codes = [
        c
        for item in items
        for c in [item.get("classification"), *item.get("additionalClassifications", [])]
    ]
    return next(
        (
            str(code["id"])
            for code in codes
            if code and code.get("scheme") == "CPV" and code.get("id")
        ),
        "",
    )


def _supplier(party: dict[str, Any]) -> Supplier:
    """Its numbers by scheme, its postcode from a field or from the free text of its address."""
    named = [_dict(party.get("identifier")), *party.get("additionalIdentifiers", [])]
    numbers = {str(one.get("scheme", "")): str(one.get("id", "")) for one in named}
    scheme, _, number = str(party.get("id", "")).rpartition("-")
    numbers.setdefault(scheme, number)
    details = _dict(party.get("details"))
    scale = str(details.get("scale", "")).lower()
    address = _dict(party.get("address"))
    where = " ".join(_text(address.get(key)) for key in ("streetAddress", "postalCode"))
    return Supplier(
        _text(party.get("name")),
        numbers.get("GB-COH", ""),
        next((numbers[register] for register in CHARITIES if numbers.get(register)), ""),
        find_postcode(where),
        scale if scale in IS_SME else "",
        SCALES.get(scale, ""),
        _yes_no(details.get("vcse")),
    )


def _yes_no(flag: object) -> str:
    """A flag of a notice; blank when it is not one."""
    return YES_NO.get(flag, "") if isinstance(flag, bool) else ""


def _is_ours(notice: dict[str, Any], council: Council) -> bool:
    return notice.get("status") == "awarded" and _is_of(notice.get("organisation"), council)


def _is_of(buyer: object, council: Council) -> bool:
    """Whether a buyer is the council, however its name is written."""
    return _place(_text(buyer)) == _place(council.name)


def _flat(notice: dict[str, Any], file: str, row: int) -> Award:
    """A flattened notice: names joined by commas, HTML entities, 0 or false for not known, no dates
    of
    work.
    """
    names = re.split(r",(?! )", _text(notice.get("awarded_supplier")))
    names = list(
        dict.fromkeys(re.sub(r"^Lot \d+\s*-\s*(.*\s-\s)?", "", name.strip()) for name in names)
    )
    is_sme = "yes" if notice.get("awarded_to_sme") is True and len(names) == 1 else ""
    return Award(
        file,
        row,
        str(notice.get("id")),
        _text(notice.get("title")),
        tuple(Supplier(name, is_sme=is_sme) for name in names),
        pounds(notice.get("awarded_value")),
        _day(notice.get("awarded_date")),
        _day(notice.get("start_date")),
        _day(notice.get("end_date")),
        str(notice.get("cpv_codes") or ""),
        postcodes=tuple(filter(None, [find_postcode(str(notice.get("postcode") or ""))])),
    )


def _place(name: str) -> str:
    """A council's name without the words that all share: 'The North Yorkshire Council' -> 'north
    yorkshire'.
    """
    return " ".join(
        re.sub(r"[^\w\s]", " ", GENERIC.sub(" ", name.lower().replace("&", " and "))).split()
    )


def _moment(stamp: object) -> datetime:
    """When a release was made; the beginning of time when it does not say."""
    try:
        moment = datetime.fromisoformat(str(stamp))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(stamp: object) -> str:
    """The day of a time stamp, as it is printed in the notice."""
    return found.group() if (found := re.match(r"\d{4}-\d\d-\d\d", str(stamp))) else ""


def _text(value: object) -> str:
    return " ".join(html.unescape(str(value or "")).split())


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _refusal(name: str, found: str) -> InputError:
    remedy = "download the package again from Contracts Finder or Find a Tender"
    return InputError(name, found, "its contracts would be missing", remedy)
