"""What a finished file says, to whoever takes it apart: words, attributes, alt texts, comments,
metadata, cells.
"""

from __future__ import annotations

import base64
import csv
import html
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
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
OF_ROWS = {"source_row", "fingerprint"}
"""Columns of numbers that tell rows apart, and nothing else."""


def passages(path: Path) -> Iterator[str]:
    """Every passage of a file: a paragraph, row of a table, attribute, comment or string of its
    own.
    """
    kind = path.suffix
    if kind == ".pdf":
        yield from _of_pdf(path)
    elif kind in (".xlsx", ".ods"):
        with zipfile.ZipFile(path) as package:
            for entry in package.infolist():
                yield f"{entry.filename} {entry.comment.decode(errors='replace')}"
                yield html.unescape(
                    TAG.sub("\n", package.read(entry).decode("utf-8", errors="replace"))
                )
    elif kind in (".ipynb", ".json"):
        for text in _strings(json.loads(path.read_text(encoding="utf-8"))):
            yield from _of_markup(text)
    elif kind == ".html":
        yield from _of_markup(path.read_text(encoding="utf-8"))
    elif kind == ".parquet":
        names = set(pq.read_schema(path).names)
        is_trail = {"source_file", "amount"} <= names  # its amounts are judged row by row
        table = pq.read_table(
            path, columns=sorted(names - OF_ROWS - ({"amount"} if is_trail else set()))
        )
        for column in table.itercolumns():
            yield from map(str, pc.unique(column.combine_chunks()).to_pylist())
    elif kind == ".csv":  # with a space between cells: a comma would join two numbers
        with path.open(encoding="utf-8", newline="") as file:
            yield from (" ".join(" | ".join(row).split()) for row in csv.reader(file))
    else:
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def rows(path: Path, key: str) -> Iterator[dict[str, str]]:
    """The rows of every table of a data file that has a column ``key``, as text by column; of other
    files none.
    """
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            sheets: list[list[list[Any]]] = [list(csv.reader(file))]
    elif path.suffix in (".xlsx", ".ods"):
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    else:
        return
    for sheet in sheets:
        lines = ([str(cell) for cell in row] for row in sheet)
        for line in lines:
            heads = [
                cell.lower().replace(" ", "_") for cell in line
            ]  # a workbook's are in plain words
            if key in heads:
                yield from (dict(zip(heads, line, strict=False)) for line in lines)


def _of_markup(source: str) -> Iterator[str]:
    """Text between tags, block by block; attributes; comments; and the same of images that stand in
    the page itself.
    """
    for kind, is_base64, content in DATA_URI.findall(source):
        if "svg" in kind:
            inner = (
                base64.b64decode(content).decode("utf-8", errors="replace")
                if is_base64
                else unquote(content)
            )
            yield from _of_markup(inner)
    bare = DATA_URI.sub("", source)
    yield from map(html.unescape, ATTRIBUTE.findall(bare))
    for block in BLOCK_END.split(bare):
        if words := " ".join(html.unescape(TAG.sub(" ", block)).split()):
            yield words


def _of_pdf(path: Path) -> Iterator[str]:
    """Each page as a reader sees it, then every string of the file's objects: alt texts, bookmarks,
    metadata.
    """
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage().get_text_bounded()
            yield " ".join(text.replace("\x02\r\n", "").replace("\x02", "").split())
    raw = path.read_bytes()
    parts = (STREAM.sub(b"", raw), *map(_inflated, STREAM.findall(raw)))
    for part in (
        part for part in parts if b"\0" not in part
    ):  # fonts and pictures: any two letters stand in them
        for in_hex, plain in PDF_STRING.findall(part):
            yield (
                bytes.fromhex(in_hex.decode()).decode("utf-16-be", errors="replace")
                if in_hex
                else plain.decode("latin-1")
            )


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
