"""Merges the releases of each contracting process, and reads the awards that are left.

A release need only tell what changed, so they are merged by the rules of OCDS, the Open Contracting
Data Standard: what a later one leaves out stays as an earlier one told it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from sv_lib.intake.contracts.awards import Award, Supplier
from sv_lib.intake.contracts.notice_facts import (
    Json,
    Notice,
    at_place,
    facts,
    list_at,
    plain_text,
    value_in_pounds,
)
from sv_lib.intake.findings import Finding, counted, file_error, finding
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.intake.tables.dictionary import IS_SME

READ = {
    "tender": ("title", "classification", "items", "contractPeriod"),
    "awards": ("id", "status", "title", "date", "value", "suppliers", "items", "contractPeriod"),
    "contracts": ("id", "awardID", "status", "value", "period", "dateSigned"),
}
"""What is read of a release."""
WHOLE_LISTS = dict.fromkeys(
    [("awards", "suppliers"), ("awards", "items"), ("tender", "items")], "wholeListMerge"
)
"""Lists of which the latest holds whole: each release numbers suppliers and items afresh."""
TAKEN_BACK = ("cancelled", "unsuccessful")
SIGNED = ("active", "terminated")
CHARITY_REGISTERS = ("GB-CHC", "GB-SC", "GB-NIC")
"""Registers of charities, of England and Wales, Scotland and Northern Ireland."""
YES_NO = {"True": "yes", "False": "no"}
"""A flag of a notice -> our word for it."""
IS_SME_BY_SCALE = {**IS_SME, "sme": "yes"}
EARLIEST = datetime.min.replace(tzinfo=UTC)


def histories(releases: Iterable[Notice]) -> Iterable[list[Notice]]:
    """Return the releases of each contracting process (ocid), the latest last."""
    found: defaultdict[str, list[Notice]] = defaultdict(list)
    for release in releases:
        with _refusing_what_is_no_ocds(release):
            found[str(release.content["ocid"])].append(release)
    for history in found.values():
        history.sort(key=_moment)
    return found.values()


def awards_of(history: list[Notice]) -> tuple[list[Award], list[Finding]]:
    """Return the awards that the releases of a process come to, and what was found on the way."""
    process = _Process()
    for release in history:
        with _refusing_what_is_no_ocds(release):
            process.add(release)
    with _refusing_what_is_no_ocds(history[-1]):
        return list(process.awards()), list(process.only_in_earlier())


@contextmanager
def _refusing_what_is_no_ocds(release: Notice) -> Iterator[None]:
    """Raise InputError where the reading of a release meets another type than OCDS has there."""
    try:
        yield
    except (AttributeError, TypeError, KeyError):
        raise file_error("contracts.not_ocds", release.file, release=release.row) from None


class _Process:
    """A contracting process: its releases so far, merged.

    ``terms``: award -> its value and period as last agreed. ``said``: those that award and contract
    state, to tell a change from a repetition. ``told_at``: award -> the last release that names it.
    """

    def __init__(self) -> None:
        # Imported here because it takes a tenth of a second, and only notices need it.
        from ocdsmerge import CompiledRelease

        self.releases: list[Notice] = []
        self.merged = CompiledRelease(merge_rules=WHOLE_LISTS)
        self.parties: Json = {}
        self.holders: list[Json] = []
        self.terms: defaultdict[str, Json] = defaultdict(dict)
        self.said: dict[tuple[str, str, str], object] = {}
        self.told_at: dict[str, int] = {}
        self.last_with_awards = -1

    def add(self, release: Notice) -> None:
        """Merge the next release."""
        part = self._part(release.content)
        self.merged.append(part)
        at = len(self.releases)
        self.releases.append(release)
        named = [award["id"] for award in part["awards"]]
        if named:
            self.last_with_awards = at
        named += [contract["awardID"] for contract in part["contracts"]]
        self.told_at |= dict.fromkeys(named, at)
        for award, contracts in self._awards(self.merged.asdict()):
            self._take_terms(award, contracts)

    def _part(self, content: Json) -> Json:
        """Return what is read of a release, each supplier with its details."""
        parties = content.get("parties") or []
        own = {party.get("id"): party for party in parties}
        self.parties |= own
        part: Json = {"ocid": content["ocid"], "date": content.get("date")}
        part["tender"] = _read("tender", content.get("tender") or {})
        for key in ("awards", "contracts"):
            part[key] = [_read(key, entry) for entry in _numbered(content.get(key) or [])]
        for award in part["awards"]:
            suppliers = award.pop("suppliers", None)
            if suppliers:
                award["suppliers"] = [self._with_details(one, own) for one in suppliers]
        for contract in part["contracts"]:
            contract["awardID"] = str(contract.get("awardID") or contract["id"])
            self.holders = [one for one in parties if "supplier" in (one.get("roles") or [])]
        return part

    def _with_details(self, supplier: Json, own: Json) -> Json:
        """Return a supplier with what its release tells of it, or an earlier one of its name."""
        number = supplier.get("id", "")
        party = self.parties.get(number, {})
        is_same = supplier.get("name", party.get("name")) == party.get("name")
        return {**party, **supplier} if number in own or is_same else supplier

    def _awards(self, process: Json) -> Iterator[tuple[Json, list[Json]]]:
        """Yield each award of the merged process with its contracts.

        An award that only contracts name waits for their signature. Its suppliers are those of the
        release, when nothing else in the process could be theirs.
        """
        awards = {award["id"]: award for award in process.get("awards", [])}
        contracts: dict[str, list[Json]] = {number: [] for number in awards}
        for contract in process.get("contracts", []):
            contracts.setdefault(contract["awardID"], []).append(contract)
        holders = self.holders if len(contracts) == 1 else []
        for number, own in contracts.items():
            unnamed = {"id": number, "status": "pending", "suppliers": holders}
            yield awards.get(number, unnamed), own

    def _take_terms(self, award: Json, contracts: list[Json]) -> None:
        """Take the value and period that are new; of one release, those of the contracts."""
        number = award["id"]
        value = value_in_pounds(award.get("value"))
        stated = {"value": value, "period": award.get("contractPeriod")}
        for source, terms in (("award", stated), ("contract", _joined(contracts))):
            for fact, told in terms.items():
                if told and told != self.said.get((number, source, fact)):
                    self.said[number, source, fact] = self.terms[number][fact] = told

    def awards(self) -> Iterator[Award]:
        """Yield the awards that were made and not taken back."""
        process = self.merged.asdict()
        ocid = process["ocid"]
        tender = process.get("tender", {})
        items = tender.get("items", [])
        postcodes = _delivery_postcodes(items)
        for award, contracts in self._awards(process):
            if not _is_made(award, contracts):
                continue
            number = award["id"]
            terms = self.terms[number]
            told = {**award, **terms, "tender": tender}
            told.setdefault("period", tender.get("contractPeriod"))
            code = at_place(tender, "classification.id") or _cpv([*award.get("items", []), *items])
            suppliers = award.get("suppliers", [])
            release = self.releases[self.told_at[number]]
            yield Award(
                file=release.file,
                row=release.row,
                contract_id=number if number.startswith(ocid) else f"{ocid}-{number}",
                suppliers=tuple(_supplier(party) for party in suppliers),
                value=terms.get("value"),
                kind=str(code),
                shares=tuple(_shares(suppliers)),
                postcodes=postcodes,
                **facts(told, "ocds"),
            )

    def only_in_earlier(self) -> Iterator[Finding]:
        """Report awards that the last release with awards leaves out, and no later one names."""
        awards = self._awards(self.merged.asdict())
        made = [award["id"] for award, contracts in awards if _is_made(award, contracts)]
        left_out = [number for number in made if self.told_at[number] < self.last_with_awards]
        if left_out:
            latest = self.releases[self.last_with_awards]
            yield finding(
                "contracts.only_in_earlier_notice",
                latest.file,
                latest.row,
                process=latest.content["ocid"],
                awards=counted(len(left_out), "award"),
                first=left_out[0],
            )


def _moment(release: Notice) -> datetime:
    """Return when a release was made; the beginning of time when it does not say."""
    stamp = str(release.content.get("date"))
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return EARLIEST
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(key: str, entry: Json) -> Json:
    """Return what is read of a tender, an award or a contract."""
    return {name: entry[name] for name in READ[key] if name in entry}


def _numbered(entries: list[Json]) -> Iterator[Json]:
    """Yield each entry once, with an id that no other of the release has.

    What has no id is known by its place; other entries under one id are told apart: ``1.2``.
    """
    seen: defaultdict[str, list[Json]] = defaultdict(list)
    for at, entry in enumerate(entries, start=1):
        number = str(entry.get("id", at))
        alike = seen[number]
        if entry not in alike:
            alike.append(entry)
            own = f"{number}.{len(alike)}" if len(alike) > 1 else number
            yield {**entry, "id": own}


def _is_made(award: Json, contracts: list[Json]) -> bool:
    """Whether an award stands: it is active, or pending with a contract that was signed since."""
    statuses = {contract.get("status", "active") for contract in contracts}
    status = award.get("status", "active")
    if status in TAKEN_BACK or statuses == {"cancelled"}:
        return False
    return status == "active" or not statuses.isdisjoint(SIGNED)


def _joined(contracts: list[Json]) -> Json:
    """Return the value, period and day of signature of contracts that were not cancelled.

    Their value is that of all, where each has one; their period is from the first day to the last.
    """
    live = [contract for contract in contracts if contract.get("status") != "cancelled"]
    values = [value_in_pounds(contract.get("value")) for contract in live]
    known = [value for value in values if value]
    starts = _filled(live, "period.startDate")
    ends = _filled(live, "period.endDate")
    signed = _filled(live, "dateSigned")
    period = {"startDate": min(starts, default=""), "endDate": max(ends, default="")}
    return {
        "value": sum(known) if len(known) == len(live) else None,
        "period": period if starts or ends else None,
        "dateSigned": min(signed, default=""),
    }


def _filled(contracts: list[Json], place: str) -> list[str]:
    return [found for contract in contracts if (found := at_place(contract, place))]


def _delivery_postcodes(items: list[Json]) -> tuple[str, ...]:
    found = set()
    for item in items:
        for address in list_at(item, "deliveryAddresses"):
            postal_code = str(address.get("postalCode"))
            postcode = find_postcode(postal_code)
            found.add(postcode)
    found.discard("")
    return tuple(sorted(found))


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
        others = list_at(item, "additionalClassifications")
        for code in [first, *others]:
            if at_place(code, "scheme") == "CPV" and code.get("id"):
                return code["id"]
    return ""


def _supplier(party: Json) -> Supplier:
    """Return a supplier with its numbers by register, and its postcode.

    The postcode may stand in a field of its own or in the free text of the address.
    """
    numbers = _numbers(party)
    charities = filter(None, map(numbers.get, CHARITY_REGISTERS))
    street = plain_text(at_place(party, "address.streetAddress"))
    postcode = plain_text(at_place(party, "address.postalCode"))
    scale = str(at_place(party, "details.scale")).lower()
    is_vcse = at_place(party, "details.vcse")
    return Supplier(
        supplier_name=plain_text(party.get("name")),
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
    others = list_at(party, "additionalIdentifiers")
    for named in [first, *others]:
        scheme = str(at_place(named, "scheme"))
        numbers[scheme] = str(at_place(named, "id") or "")
    return numbers
