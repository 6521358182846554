"""Noise for every reader: files of each kind, spoilt at random, until a reader does anything but
read or refuse.

python tests/hostile/noise.py MINUTES [SEED [KIND]]     prints what it came to, and adds to the
corpus what it found
"""

from __future__ import annotations

import base64
import contextlib
import faulthandler
import gzip
import io
import json
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sv_lib.errors import InputError, ReportError
from sv_lib.intake.contracts.notices import read_notices
from sv_lib.intake.corrections import read_corrections
from sv_lib.intake.files.readers import read_table
from sv_lib.intake.ledger import description, layout
from sv_lib.intake.ledger.payment_rows import read_ledger
from sv_lib.intake.pipeline import read_inputs
from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.intake.places.postcodes import read_directory
from sv_lib.intake.proxies_import import Authority, read_proxies
from sv_lib.intake.returns import portal
from sv_lib.intake.returns.form import (
    CLAIMS,
    CONTRACT,
    COVER,
    DUE_ON,
    FIRST_DAY,
    HOMES,
    LAST_DAY,
    SENT_ON,
    SHEETS,
    TIER_TWO,
    VERSION,
    read_form,
)
from sv_lib.intake.suppliers.public_registers import read_register
from sv_lib.params import load
from tests.unit.intake import test_councils_ledgers as ledgers

BASE = Path(__file__).resolve().parents[1] / "bad_inputs" / "base"
CORPUS = Path(__file__).parent / "corpus"
SECONDS = 20
"""What one file may cost."""
MOST_KEPT, LARGEST_KEPT = 20, 6000
"""Files of a reader that the corpus keeps, and how many bytes one of them may have."""
LEDGER = "Date,Supplier Name,Amount\n01/04/2024,Firm One,10.00\n02/04/2024,Firm Two,-3.50\n"
ODD = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"NaN",
    b"1e999",
    b"-1",
    b"0",
    b"9" * 400,
    b"0x1F",
    b"\xff",
    "\u0663\u0661".encode(),
    "\uff11\uff12".encode(),
    b"31/02/2024",
    b"9999-12-31",
    b"0001-01-01",
    b"99999-01-01",
    b"=1+1",
    b"true",
    b"\xef\xbb\xbf",
    "\u202e".encode(),
    b'"1,000,000.00"',
    b"(5)",
    b"\xc2\xa3",
    b"-",
    b"1e-400",
    b"Infinity",
    b"2024-01-01T25:61:00Z",
    b"\0",
    b"A" * 70_000,
    b'"',
    b"\n",
    b",",
    b";",
    b"\t",
    b"\r",
    b"\\",
    b"{",
    b"[",
    b":",
    b"1.005",
    b"- x: y\n  z: w",
    b"&a",
    b"*a",
    b"!!python/name:os",
    b"[[[[[[[[[[[[[[]]]]]]]]]]]]]]",
    b"$1",
    b"1_000",
    b" ",
    b"\x1b",
    b"\xa3",
]
TOKEN = re.compile(rb'"[^"\n]*"|[^,;:\t\n\[\]{}"<>=]+')


@dataclass
class Heard:
    """What came of some noise: how many files, and those that a reader neither read nor refused, by
    what it did.
    """

    files: int = 0
    refused: int = 0
    faults: dict[str, bytes] = field(default_factory=dict)


def spoilt(rng: random.Random, content: bytes) -> bytes:
    """The same with words exchanged or bytes changed, doubled, moved or gone; in a package, within
    its parts.
    """
    if content.startswith(b"PK\x03\x04") and rng.random() < 0.7:
        return _spoilt_package(rng, content)
    if content.startswith(b"\x1f\x8b") and rng.random() < 0.7:
        with contextlib.suppress(
            OSError, EOFError, zlib.error
        ):  # noise upon noise: it may be no package any more
            return gzip.compress(spoilt(rng, gzip.decompress(content)), mtime=0)
    words = rng.random() < 0.6
    for _ in range(rng.choice((1, 1, 2, 4, 12))):
        content = _other_word(rng, content) if words else _other_bytes(rng, content)
    return content


def _spoilt_package(rng: random.Random, content: bytes) -> bytes:
    held = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as old,
            zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            parts = old.namelist()
            chosen = rng.choice(parts)
            for name in parts:
                part = spoilt(rng, old.read(name)) if name == chosen else old.read(name)
                new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    except Exception:  # noise upon noise: it may be no package any more
        return _other_bytes(rng, content)
    return held.getvalue()


def _still(content: bytes) -> bytes:
    """The same package whenever it was made, so that the same noise comes of it."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = re.sub(
                rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2022-01-01T00:00:00Z", old.read(name)
            )
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _other_word(rng: random.Random, content: bytes) -> bytes:
    places = [found.span() for found in TOKEN.finditer(content[:20_000])]
    if not places:
        return content + rng.choice(ODD)
    start, end = rng.choice(places)
    match rng.randrange(8):
        case 0:
            first, last = rng.choice(places)
            word = content[first:last]
        case 1:
            word = content[start:end] + rng.choice(ODD)
        case 2:
            word = b'"' + rng.choice(ODD) + b'"'
        case _:
            word = rng.choice(ODD)
    return content[:start] + word + content[end:]


def _other_bytes(rng: random.Random, content: bytes) -> bytes:
    made = bytearray(content)
    at = rng.randrange(len(made) + 1)
    cut = made[at : at + rng.randint(0, 40)]
    match rng.randrange(6):
        case 0:
            made[at : at + 1] = bytes([rng.randrange(256)])
        case 1:
            made[at:at] = rng.choice(ODD)
        case 2:
            del made[at : at + len(cut)]
        case 3:
            made[at:at] = cut * rng.randint(1, 20)
        case 4 if made:
            made[at % len(made)] ^= 1 << rng.randrange(8)
        case _:
            del made[at:]
    return bytes(made)


class Council:
    """The faultless council in a folder of its own, of which one file at a time is another."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "council"
        shutil.copytree(BASE, self.folder)

    def with_file(self, content: bytes) -> None:
        """Read all of it. The first line of the content names the file that the rest is."""
        name, _, rest = content.partition(b"\n")
        path = next(
            (p for p in self.folder.rglob("*.*") if p.name.encode() == name),
            self.folder / "council.yaml",
        )
        whole = path.read_bytes()
        try:
            path.write_bytes(rest)
            read_inputs(load(self.folder / "publication.yaml"))
        finally:
            path.write_bytes(whole)


def seeds() -> dict[str, list[bytes]]:
    """Good files of every kind, by the reader that they are for."""
    rows = [line.split(",") for line in LEDGER.splitlines()]
    names = [path.name for path in sorted(BASE.rglob("*.*")) if path.is_file()]
    text = {name: next(BASE.rglob(name)).read_bytes() for name in names}
    square = [[-1.3, 53.4], [-1.2, 53.4], [-1.2, 53.5], [-1.3, 53.4]]
    ward = {
        "type": "Feature",
        "properties": {"WD25CD": "E05990001", "WD25NM": "North"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    codes = "pcds,lad25cd,wd25cd,rgn25cd,lsoa21cd,doterm,lat,long\n"
    codes += "ZZ1 1AA,E08990001,E05990001,E12990001,E01990001,,53.4,-1.2\n"
    firms = (
        "CompanyName,CompanyNumber,RegAddress.PostCode,CompanyCategory\nFIRM ONE "
        "LIMITED,01234567,ZZ1 1AA,Private\n"
    )
    proxies = [
        ["Ref", "Unit", "Proxy value"],
        ["NT10", "weeks", "\u00a3200.00"],
        ["NT1", "FTE", "n/a"],
    ]
    return {
        "ledger": [
            LEDGER.encode(),
            b"Council spend\n\n" + LEDGER.encode(),
            LEDGER.encode("utf-16"),
            LEDGER.replace("10.00", "\u00a310.00").encode("cp1252"),
            gzip.compress(LEDGER.encode(), mtime=0),
            ledgers.zipped(a_csv=LEDGER),
            ledgers.zipped(a_csv=LEDGER, b_csv=LEDGER),
            LEDGER.replace(",", "\t").encode(),
        ],
        "xlsx": [ledgers.xlsx(April=rows), ledgers.xlsx(Cover=[["Council"]], Data=rows)],
        "xls": [ledgers.xls(April=rows), ledgers.xls(April=rows, May=rows)],
        "ods": [ledgers.ods(April=rows)],
        "boundaries": [
            json.dumps({"type": "FeatureCollection", "features": [ward, ward]}).encode()
        ],
        "notices": [json.dumps(package).encode() for package in packages()],
        "directory": [
            codes.encode(),
            codes.replace(",", "\t").encode(),
            gzip.compress(codes.encode(), mtime=0),
        ],
        "register": [
            firms.encode(),
            b'[{"charity_name": "Firm One", "registered_charity_number": 12345}]',
            ledgers.zipped(a_csv=firms),
        ],
        "layout": [
            b"columns: {paid_on: Date, amount: Amount, supplier_name: Supplier}\nvat_basis: gross\n"
        ],
        "portal": [
            b"columns: {claim_id: A, contract_id: B, measure_ref: C, period_end: D, "
            b"quantity: E, state: F,"
            b" reported_on: G}\nvalues: {state: {Approved: validated}}\nalways: "
            b"{attribution: '1'}\n"
        ],
        "corrections": [
            b"- {table: returns, key: {claim_id: R1}, column: quantity, expected: '6', "
            b"value: '7', why: a,"
            b" who: b, on: 2022-01-01}\n"
        ],
        "form": [_form()],
        "proxies": [ledgers.xlsx(Proxies=proxies), ledgers.text(*proxies).encode()],
        "parameters": [
            name.encode() + b"\n" + text[name] for name in names if name.endswith(".yaml")
        ],
        "inputs": [name.encode() + b"\n" + text[name] for name in names if name.endswith(".csv")],
    }


def packages() -> Iterator[object]:
    """A package of releases, one of records, and a list of notices, of the faultless council."""
    firm = {
        "id": "GB-COH-1234567",
        "name": "Firm One",
        "share": 0.5,
        "details": {"scale": "sme", "vcse": False},
        "address": {"streetAddress": "1 Road", "postalCode": "ZZ1 1AA"},
        "identifier": {"scheme": "GB-COH", "id": "12"},
    }
    release = {
        "ocid": "a",
        "date": "2021-01-07T10:00:00Z",
        "buyer": {"name": "Test Council"},
        "parties": [firm],
        "tender": {
            "title": "Works",
            "classification": {"scheme": "CPV", "id": "45000000"},
            "items": [{"deliveryAddresses": [{"postalCode": "ZZ1 1AA"}]}],
        },
        "awards": [
            {
                "id": "1",
                "status": "active",
                "date": "2021-01-05T00:00:00Z",
                "suppliers": [firm],
                "value": {"amount": 1000.01, "currency": "GBP"},
                "contractPeriod": {
                    "startDate": "2021-02-01T00:00:00Z",
                    "endDate": "2022-01-31T23:59:59Z",
                },
            }
        ],
        "contracts": [
            {"awardID": "1", "value": {"amount": 1}, "period": {"startDate": "2021-02-01"}}
        ],
    }
    yield {
        "releases": [release, {**release, "date": "2021-01-06"}],
        "links": {"next": "x"},
        "uri": "y",
    }
    yield {
        "records": [{"ocid": "a", "compiledRelease": release}, {"ocid": "b", "releases": [release]}]
    }
    yield [
        {
            "id": "n1",
            "status": "awarded",
            "organisation": "Test Council",
            "title": "Works",
            "awarded_supplier": "Firm One",
            "awarded_value": 5,
            "awarded_date": "2021-01-05",
        }
    ]


def _form() -> bytes:
    """A supplier's return as it comes back, with one line filled in on each sheet."""
    cover = [
        [VERSION],
        [CONTRACT, "C1"],
        [FIRST_DAY, "01/12/2021"],
        [LAST_DAY, "28/02/2022"],
        [DUE_ON, "2022-03-28"],
        [SENT_ON, "10/03/2022"],
    ]
    lines = {
        CLAIMS: [
            1,
            "K1",
            "NT10",
            "weeks",
            6,
            0.5,
            "shared",
            2,
            "A1",
            "a letter",
            "10/03/2022",
            "manager",
            "10/03/2022",
        ],
        HOMES: [1, "E01990001", 2],
        TIER_TWO: ["materials", "ZZ1 1AA", 100.5, "declared"],
    }
    filled = {
        name: [[name], [""], [cell.heading for cell in cells], lines[name]]
        for name, cells in SHEETS.items()
    }
    return ledgers.xlsx(**{COVER: cover, **filled})


def readers(place: Path) -> dict[str, Callable[[bytes], object]]:
    """What is to be tried, by the kind of file that it reads; ``place`` is a folder to write in."""
    council, path = Council(place), place / "x.csv"
    known, firms = (
        load(BASE / "publication.yaml").council,
        read_table(BASE / "inputs/suppliers.csv", "x").frame,
    )
    authority = Authority("illustrative-2020", "x", "x", known.measure_set.valid_from)

    def of(read: Callable[[Path, str], object]) -> Callable[[bytes], object]:
        return lambda content: read(path, path.name) if path.write_bytes(content) >= 0 else None

    def table(given: Path, name: str) -> None:
        read_ledger(given, name)
        description.describe(given)
        with contextlib.suppress(
            InputError
        ):  # a zip of several tables is a ledger, and no other table
            read_table(given, name)

    tables = dict.fromkeys(("ledger", "xlsx", "xls", "ods"), of(table))
    return tables | {
        "boundaries": of(read_boundaries),
        "notices": of(lambda given, name: read_notices({name: given}, known)),
        "directory": of(
            partial(read_directory, needed={"ZZ1 1AA"}, council=known, boundaries=None)
        ),
        "register": of(lambda given, name: read_register(given, name, firms)),
        "layout": of(layout.read_layout),
        "portal": of(portal.read_layout),
        "corrections": of(read_corrections),
        "form": of(read_form),
        "proxies": of(
            lambda given, _: read_proxies(given, authority, {"NT10": "weeks", "NT1": "FTE"})
        ),
        "parameters": council.with_file,
        "inputs": council.with_file,
    }


def answer(read: Callable[[bytes], object], content: bytes) -> str:
    """What a reader makes of a file: nothing, or the kind of its refusal. Anything else is raised
    with its name.
    """
    began = time.process_time()
    # Of what hangs in C or Rust nothing else gets hold.
    faulthandler.dump_traceback_later(6 * SECONDS, exit=True)
    try:
        read(content)
        said = ""
    except ReportError as refusal:
        said = re.sub(r"'[^']*'|\(.*|[\d,.]+|[^ -~]+", "#", refusal.found)[:40]
        assert refusal.matters and refusal.remedy, refusal
    except KeyboardInterrupt:
        raise
    except BaseException as fault:  # a reader's panic is no Exception
        trail = [
            step for step in traceback.extract_tb(fault.__traceback__) if "sv_lib" in step.filename
        ]
        line = (
            f"{Path(trail[-1].filename).name}:{trail[-1].lineno}"
            if trail
            else "the reader's own code"
        )
        raise AssertionError(f"{type(fault).__name__} at {line}") from fault
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert time.process_time() - began < SECONDS, "it took too long"
    return said


def let_loose(
    kind: str, place: Path, files: int, seconds: float = 0, seed: int = 8
) -> tuple[Heard, dict[str, bytes]]:
    """At least so many files of noise for a reader, and for so long; and the first of each kind
    that it refused.

    What was refused in a new way is spoilt further, so that the noise finds its way into the
    reader.
    """
    rng, read, heard = random.Random(f"{kind}{seed}"), readers(place)[kind], Heard()  # noqa: S311 no secret
    pool, known, ends = (
        [_still(content) for content in seeds()[kind]],
        dict[str, bytes](),
        time.monotonic() + seconds,
    )
    while heard.files < files or time.monotonic() < ends:
        heard.files += 1
        content = spoilt(rng, rng.choice(pool))
        try:
            said = answer(read, content)
        except AssertionError as fault:
            heard.faults.setdefault(str(fault), content)
            continue
        heard.refused += bool(said)
        if said and said not in known and len(content) <= LARGEST_KEPT:
            known[said] = content
            pool.append(content)
    return heard, known


def corpus(kind: str) -> list[bytes]:
    """The files of a reader that once failed, or were refused in a way of their own."""
    path = CORPUS / f"{kind}.txt"
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return [base64.b64decode(line) for line in lines]


def main(minutes: str = "1", seed: str = "8", only: str = "") -> None:
    """Noise for all readers in turn, or one; new files go into the corpus."""
    kinds = [only] if only else list(seeds())
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix=f"{kind}-") as folder:
            heard, known = let_loose(
                kind, Path(folder), 20, float(minutes) * 60 / len(kinds), int(seed)
            )
        kept = corpus(kind)
        new = [*heard.faults.values(), *list(known.values())[: max(0, MOST_KEPT - len(kept))]]
        text = "".join(
            base64.b64encode(content).decode() + "\n" for content in dict.fromkeys([*kept, *new])
        )
        CORPUS.mkdir(exist_ok=True)
        (CORPUS / f"{kind}.txt").write_text(text, encoding="ascii")
        print(
            f"{kind}: {heard.files:,} files, {len(known)} kinds of refusal, "
            f"{len(heard.faults)} faults",
            flush=True,
        )
        for fault, content in heard.faults.items():
            print(f"   {fault}: {len(content)} bytes: {content[:300]!r}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
