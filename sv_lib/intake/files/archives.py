"""The tables that a gzip or a zip holds, unpacked in memory. Nothing in them is executed."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass

from sv_lib.intake.findings import file_error

LARGEST = 2 * 1024**3
"""Bytes that a file may unpack to; a ledger of a million payments is a tenth of it."""
DAMAGED = (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error)
"""What the libraries raise of a file that is damaged, locked or packed in an odd way."""
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
"""How the old binary workbook (.xls) begins."""
WORKBOOK_PARTS = {"[Content_Types].xml", "content.xml"}
TABLES = (".csv", ".gz", ".txt", ".tsv", ".xls", ".xlsx", ".ods", ".xlsb", ".xlsm")


@dataclass(frozen=True)
class PackedTable:
    """A table of a file. ``name``: what it is called inside a zip; blank where it is the file."""

    name: str
    content: bytes


def unpacked(
    content: bytes, name: str, many: bool = False, deep: int = 2, inside: str = ""
) -> list[PackedTable]:
    """The tables in a gzip or a zip, packed ``deep`` times at most; other files as they are.

    A workbook is a zip too, and stays as it is. ``many``: a zip may hold more tables than one.
    Raises InputError when it may not, or when the file cannot be opened.
    """
    if content.startswith(ZIP):
        return _unzipped(content, name, many, deep, inside)
    if not content.startswith(GZIP):
        return [PackedTable(inside, content)]
    if not deep:
        raise file_error("unreadable.packed_many_times", name)
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            content = packed.read(LARGEST + 1)
    except (EOFError, OSError, zlib.error) as fault:
        raise file_error("unreadable.gzip_damaged", name, fault=fault) from None
    refuse_larger(len(content), name)
    return unpacked(content, name, many, deep - 1, inside)


def _unzipped(content: bytes, name: str, many: bool, deep: int, inside: str) -> list[PackedTable]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            refuse_larger(sum(part.file_size for part in folder.infolist()), name)
            parts = folder.namelist()
            if _is_workbook(parts):
                return [PackedTable(inside, content)]
            tables = [part for part in parts if _is_table(part)]
            if not deep or not tables or (len(tables) > 1 and not many):
                raise file_error("unreadable.zip_of_tables", name, tables=len(tables))
            found = []
            for table in tables:
                found += unpacked(folder.read(table), name, many, deep - 1, table)
            return found
    except DAMAGED as fault:
        raise file_error("unreadable.workbook", name, fault=fault) from None


def _is_workbook(parts: list[str]) -> bool:
    # Some systems write an xlsx without the list of its parts.
    return bool(WORKBOOK_PARTS & set(parts)) or any(part.startswith("xl/") for part in parts)


def _is_table(part: str) -> bool:
    # A Mac adds a shadow of each file to a zip, under __MACOSX.
    return part.lower().endswith(TABLES) and "__MACOSX" not in part


def refuse_larger(size: int, name: str) -> None:
    """Raise InputError where a file unpacks to more than ``LARGEST`` bytes."""
    if size > LARGEST:
        raise file_error("unreadable.too_large", name, gigabytes=LARGEST // 1024**3)
