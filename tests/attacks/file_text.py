"""What a finished file says to whoever takes it apart: words, attributes, comments, metadata."""

from __future__ import annotations

import base64
import csv
import html
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pypdfium2
from python_calamine import CalamineWorkbook

DATA_URI = re.compile(r"data:([\w/+.-]+)(?:;charset=[\w-]+)?(;base64)?,([^\"')\s]*)")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PDF_STRING = re.compile(rb"<(?:feff|FEFF)([0-9a-fA-F]+)>|\(((?:[^()\\]|\\.)*)\)")
BLOCK_END = re.compile(r"</(?:p|li|tr|h\d|caption|figcaption|dt|dd|div|text|title|desc)>|<br ?/?>")
ATTRIBUTE = re.compile(r'(?:alt|title|aria-label|content|href|id|value|desc|name)="([^"]*)"')
TAG = re.compile(r"<!--|-->|<[^>]*>")
FIGURE = re.compile(r'<data\b[^>]*\bdata-figure="([^"]*)"[^>]*>(.*?)</data>', re.DOTALL)
ROW_NUMBERS = {"source_row", "fingerprint"}
"""Columns of numbers that tell rows apart, and nothing else."""

Markup = Callable[[str], str]


def passages(path: Path, prepare: Markup = str) -> Iterator[str]:
    """Every passage of a file: a paragraph, row of a table, attribute, comment or string.

    ``prepare`` changes markup before it is read, to take out what may be printed.
    """
    kind = path.suffix
    if kind == ".pdf":
        yield from _of_pdf(path)
    elif kind in (".xlsx", ".ods"):
        yield from _of_package(path)
    elif kind in (".ipynb", ".json"):
        for text in _strings(json.loads(path.read_text(encoding="utf-8"))):
            yield from _of_markup(prepare(text))
    elif kind == ".html":
        yield from _of_markup(prepare(path.read_text(encoding="utf-8")))
    elif kind == ".parquet":
        yield from _of_columns(path)
    elif kind == ".csv":
        # With a mark between cells: a comma would join two numbers.
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                yield " ".join(" | ".join(row).split())
    else:
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def rows(path: Path, key: str) -> Iterator[dict[str, str]]:
    """The rows, as text by column, of each table of a data file that has a column ``key``."""
    sheets: list[list[list[Any]]] = []
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            sheets.append(list(csv.reader(file)))
    elif path.suffix in (".xlsx", ".ods"):
        book = CalamineWorkbook.from_path(path)
        sheets += [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    for sheet in sheets:
        lines = ([str(cell) for cell in row] for row in sheet)
        for line in lines:
            # The headings of a workbook are in plain words.
            headings = [cell.lower().replace(" ", "_") for cell in line]
            if key in headings:
                yield from (dict(zip(headings, line, strict=False)) for line in lines)


def _of_package(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        for entry in package.infolist():
            yield f"{entry.filename} {entry.comment.decode(errors='replace')}"
            content = package.read(entry).decode("utf-8", errors="replace")
            yield html.unescape(TAG.sub("\n", content))


def _of_columns(path: Path) -> Iterator[str]:
    names = set(pq.read_schema(path).names)
    # The amounts of a trail are judged row by row.
    is_trail = {"source_file", "amount"} <= names
    wanted = names - ROW_NUMBERS - ({"amount"} if is_trail else set())
    for column in pq.read_table(path, columns=sorted(wanted)).itercolumns():
        yield from map(str, pc.unique(column.combine_chunks()).to_pylist())


def _of_markup(source: str) -> Iterator[str]:
    """Text between tags block by block, attributes, comments, and the same of embedded images."""
    for kind, is_base64, content in DATA_URI.findall(source):
        if "svg" in kind:
            if is_base64:
                inner = base64.b64decode(content).decode("utf-8", errors="replace")
            else:
                inner = unquote(content)
            yield from _of_markup(inner)
    bare = DATA_URI.sub("", source)
    yield from map(html.unescape, ATTRIBUTE.findall(bare))
    for block in BLOCK_END.split(bare):
        if words := plain(block):
            yield words


def plain(markup: str) -> str:
    """The words of some markup on one line."""
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())


def _of_pdf(path: Path) -> Iterator[str]:
    """Each page as a reader sees it, then every string of the objects: alt texts, bookmarks."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage().get_text_bounded()
            yield " ".join(text.replace("\x02\r\n", "").replace("\x02", "").split())
    raw = path.read_bytes()
    parts = (STREAM.sub(b"", raw), *map(_inflated, STREAM.findall(raw)))
    for part in parts:
        if b"\0" in part:  # fonts and pictures: any two letters stand in them
            continue
        for in_hex, in_letters in PDF_STRING.findall(part):
            if in_hex:
                yield bytes.fromhex(in_hex.decode()).decode("utf-16-be", errors="replace")
            else:
                yield in_letters.decode("latin-1")


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:  # a stream that is not compressed is read as it stands
        return stream


def _strings(value: Any) -> Iterator[str]:
    """Every string and number of a JSON value, lines of a cell put together again."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _strings(inner)
    elif isinstance(value, list) and all(isinstance(line, str) for line in value):
        yield "".join(value)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif value is not None:
        yield str(value)
