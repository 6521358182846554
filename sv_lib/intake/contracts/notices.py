"""Reads contract notices: packages of Contracts Finder and Find a Tender, and flattened lists.

The packages follow OCDS, the Open Contracting Data Standard. A row of such a file is a release,
record or notice, counted from 1. Links in it, ``links.next`` too, are not followed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sv_lib.errors import without_breaks
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import Award, Supplier, to_rows
from sv_lib.intake.contracts.buyers import buyer_of, is_council, remarks
from sv_lib.intake.contracts.notice_facts import Notice, at_place, facts, list_at, plain_text
from sv_lib.intake.contracts.releases import awards_of, histories
from sv_lib.intake.findings import Finding, counted, file_error, finding
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.params import Council

LOT = re.compile(r"^Lot \d+\s*-\s*(.*\s-\s)?")
"""What flattened notices put before a supplier's name: ``Lot 2 - Grounds - Digger Ltd``."""


def read_notices(files: dict[str, Path], council: Council) -> tuple[list[AddedRows], list[Finding]]:
    """Read the council's awards in all the files together.

    The releases of each contracting process (ocid) are merged. Raises InputError when a file is not
    a package of notices.
    """
    packages = {name: _json(path, name) for name, path in files.items()}
    rows: dict[str, int] = {}
    releases: list[Notice] = []
    flat: list[Notice] = []
    for name, package in packages.items():
        entries = _entries(package, name)
        rows[name] = len(entries)
        for row, entry in enumerate(entries, start=1):
            notice = Notice(name, row, entry)
            if at_place(entry, "ocid") or at_place(entry, "awards"):
                releases.append(notice)
            elif at_place(entry, "status") == "awarded":
                flat.append(notice)
    processes = [history for history in histories(releases) if _has_awards(history)]
    owners = [set(map(buyer_of, history)) - {""} or {""} for history in processes]
    buyers = Counter(chain(*owners, map(buyer_of, flat)))
    ours = {buyer for buyer in buyers if is_council(buyer, council)}
    found = [*_missing_pages(packages), *_missing_releases(packages)]
    found += remarks(buyers, ours, min(files), council)
    awards = [_flat_award(notice) for notice in flat if buyer_of(notice) in ours]
    for history, owned_by in zip(processes, owners, strict=True):
        if owned_by & ours:
            made, more = awards_of(history)
            awards += made
            found += more
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


def _has_awards(history: list[Notice]) -> bool:
    """Whether any release of a process tells of an award or a contract."""
    return any(one.content.get("awards") or one.content.get("contracts") for one in history)


def _missing_pages(packages: Mapping[str, Any]) -> Iterator[Finding]:
    """Report files with a link to a next page that is none of the files."""
    here = [unquote(str(at_place(package, "uri"))) for package in packages.values()]
    for name, package in packages.items():
        following = at_place(package, "links.next")
        if following and unquote(str(following)) not in here:
            yield finding("contracts.next_page_missing", name)


def _missing_releases(packages: Mapping[str, Any]) -> Iterator[Finding]:
    """Report records that link to their releases in place of holding them."""
    for name, package in packages.items():
        records = list_at(package, "records")
        count = sum(1 for record in records if not _releases_of(record))
        if count:
            yield finding("contracts.linked_releases", name, records=counted(count, "record"))


def _json(path: Path, name: str) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, parse_float=Decimal)
    except (OSError, ValueError, ArithmeticError, RecursionError) as fault:
        said = without_breaks(fault)[:80]
        raise file_error("contracts.not_json", name, fault=said) from None


def _entries(package: Any, name: str) -> list[Any]:
    """Return the flattened notices of a file, or the releases of a package.

    Of each record these are its compiled release, else its releases.
    """
    notices = package if isinstance(package, list) else at_place(package, "contracts")
    if isinstance(notices, list):
        return notices
    if not isinstance(package, dict) or package.keys().isdisjoint(("releases", "records")):
        raise file_error("contracts.not_a_package", name)
    releases = list_at(package, "releases")
    for record in list_at(package, "records"):
        releases += _releases_of(record)
    return [release for release in releases if isinstance(release, dict)]


def _releases_of(record: object) -> list[Any]:
    """Return the compiled release of a record, else its releases. A link has no ocid."""
    compiled = at_place(record, "compiledRelease")
    held = [one for one in list_at(record, "releases") if at_place(one, "ocid")]
    return [compiled] if compiled else held


def _flat_award(notice: Notice) -> Award:
    """Return the award of a flattened notice.

    Its suppliers are joined by commas, text has HTML entities, and 0 or false stand for not known.
    """
    content = notice.content
    # A comma with a space after it is part of a name: "Digger, Spade and Sons".
    joined = re.split(r",(?! )", plain_text(content.get("awarded_supplier")))
    names = dict.fromkeys(LOT.sub("", name.strip()) for name in joined)
    # The flag says that one of the suppliers is an SME, so of several it tells nothing.
    is_sme = content.get("awarded_to_sme") is True and len(names) == 1
    flag = "yes" if is_sme else ""
    postcode = find_postcode(plain_text(content.get("postcode")))
    return Award(
        file=notice.file,
        row=notice.row,
        contract_id=str(content.get("id")),
        suppliers=tuple(Supplier(name, is_sme=flag) for name in names),
        postcodes=(postcode,) if postcode else (),
        **facts(content, "flat"),
    )
