"""Files that try to fill the machine, to be executed, or to read elsewhere.

Every reader ends within its limits, with a table or a plain refusal: no crash, no hang, no penny
lost.
"""

from __future__ import annotations

import gzip
import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from sv_lib.errors import ReportError
from sv_lib.intake.files import archives
from sv_lib.intake.files.readers import read_table
from sv_lib.intake.ledger import description

SECONDS, MEGABYTES = 20, 900
"""What any of these files may cost."""
LEDGER = "Date,Supplier Name,Amount\n01/04/2024,Firm One,10.00\n02/04/2024,Firm Two,-3.50\n"
ENTITIES = (
    '<!DOCTYPE w [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{(f"&{chr(97 + n)};") * 10}">' for n in range(12))
    + "]>"
)
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def workbook(*cells: str) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        book.add_worksheet().write_row(0, 0, cells or ("Date", "Supplier Name", "Amount"))
    return held.getvalue()


def with_part(name: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    """A workbook in which one part is another."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {part: old.read(part) for part in old.namelist()}
        parts[name] = content if isinstance(content, bytes) else content(parts[name])
        for part, bytes_ in parts.items():
            new.writestr(part, bytes_)
    return held.getvalue()


def declared(content: bytes, size: int) -> bytes:
    """A zip whose directory says that every part is ``size`` bytes long."""
    made, at = bytearray(content), 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        made[at + 24 : at + 28] = size.to_bytes(4, "little")
        at += 4
    return bytes(made)


def zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return held.getvalue()


def packed_times(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = gzip.compress(content)
    return content


def entity(doctype: str) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(b"?>", b"?>" + doctype.encode(), 1).replace(
        b"<t>Date", b"<t>&a;Date"
    )


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip bomb": lambda: zipped("a.csv", b"0" * 2_000_000),
    "zip bomb as a workbook": lambda: with_part(
        SHEET, b"<worksheet>" + b" " * 20_000_000 + b"</worksheet>"
    ),
    "gzip bomb": lambda: gzip.compress(b"0,0\n" * 200_000),
    "gzip in gzip in gzip": lambda: packed_times(LEDGER.encode(), 5),
    "zip in zip in zip": lambda: zipped(
        "a.csv.gz", zipped("b.csv.gz", zipped("c.csv", LEDGER.encode()))
    ),
    "a zip that says 4 GB": lambda: declared(zipped("a.csv", LEDGER.encode()), 0xFFFFFFFE),
    "a workbook that says 4 GB": lambda: declared(workbook(), 0xFFFFFFFE),
    "a part that is larger than it says": lambda: declared(
        zipped("a.csv", LEDGER.encode() * 1000), 10
    ),
    "entity bomb": lambda: with_part(STRINGS, entity(ENTITIES)),
    "entity from a file": lambda: with_part(STRINGS, entity(OUTSIDE)),
    "entity bomb in a sheet": lambda: with_part(SHEET, entity(ENTITIES)),
    "deep nesting": lambda: with_part(SHEET, b"<a>" * 50_000),
    "a sheet of a million columns": lambda: with_part(
        SHEET, lambda x: x.replace(b'ref="A1', b'ref="A1:XFD1048576')
    ),
    "a cell far away": lambda: with_part(SHEET, lambda x: x.replace(b'r="C1"', b'r="XFD1048576"')),
    "macros": lambda: with_part("xl/vbaProject.bin", b"Sub Auto_Open()"),
    "external link": lambda: with_part(
        "xl/externalLinks/externalLink1.xml", b'<ddeLink ddeService="cmd"/>'
    ),
    "a path out of the zip": lambda: zipped("../../pwned.csv", LEDGER.encode()),
    "two tables in a zip": lambda: zipped("a.csv", b"") + zipped("b.csv", b""),
    "a web page": lambda: b"<html><script>alert(1)</script><table><tr><td>1</td></tr></table>",
    "an XML spreadsheet": lambda: (
        b'<?xml version="1.0"?>' + ENTITIES.encode() + b"<Workbook>&l;</Workbook>"
    ),
    "OLE of nothing": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096,
    "a line without an end": lambda: b'"' + b"a" * 4_000_000,
    "a hundred thousand quotes": lambda: b'"' * 100_001,
    "a million commas": lambda: (b"," * 1_000_000 + b"\n") * 2,
    "a row far wider than its header": lambda: LEDGER.encode() + b"1," * 1_000_000,
    "NUL": lambda: b"a,b\0,c\n" * 1000,
    "half of UTF-16": lambda: b"\xff\xfe" + LEDGER.encode("utf-16-le")[:-1],
    "only a BOM": lambda: b"\xef\xbb\xbf",
    "numbers beyond number": lambda: (
        b"Date,Supplier Name,Amount\n01/04/2024,x,1e309\n01/04/2024,y," + b"9" * 5000
    ),
}


def read(content: bytes, path: Path) -> str:
    """What both readers make of a file: a table, or the first words of a refusal."""
    path.write_bytes(content)
    said = ""
    for reader in (lambda: read_table(path, path.name), lambda: description.describe(path)):
        try:
            reader()
        except ReportError as refusal:
            said = str(refusal)
            assert "Why it matters" in said
    return said


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_stays_within_the_limits(
    tmp_path: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "x.csv"
    content = HOSTILE[name]()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    said = read(content, path)
    assert time.process_time() - began < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["x.csv"]
    assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in said
    record_property("trust", "hostile files read or refused")


def test_the_limits_are_stated(root: Path) -> None:
    assert archives.LARGEST == 2 * 1024**3
    assert "2 GB" in (root / "SECURITY.md").read_text(encoding="utf-8")
