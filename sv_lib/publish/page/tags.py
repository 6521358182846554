"""What Typst leaves out of the tags of a PDF: headers of rows, and where links lead in words."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String


def finished(data: bytes, links: Sequence[str]) -> tuple[int, bytes]:
    """The number of pages of a PDF, and the PDF with its tags complete.

    ``links``: what each link says of where it leads, in the order of the page. Raises ValueError
    unless there are as many in the PDF.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        by_tag: dict[str, list[Any]] = {"/Link": [], "/Table": []}
        for element in _elements(pdf.Root.StructTreeRoot):
            by_tag.get(str(element.S), []).append(element)
        for link, words in zip(by_tag["/Link"], links, strict=True):
            _say_where(link, words)
        names: dict[str, Any] = {}
        for number, table in enumerate(by_tag["/Table"]):
            names |= _with_headers(table, f"table-{number}")
        if names:
            _list_names(pdf, names)
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        return len(pdf.pages), written.getvalue()


def _elements(above: Any) -> Iterator[Any]:
    """All elements of the tree in reading order."""
    for part in _parts(above):
        if isinstance(part, Dictionary) and "/S" in part:
            yield part
            yield from _elements(part)


def _parts(element: Any) -> Any:
    below = element.get("/K", [])
    return below if isinstance(below, Array) else [below]


def _say_where(link: Any, words: str) -> None:
    """Put words on every part of a link, which may go over two pages."""
    for part in link.K:
        if isinstance(part, Dictionary) and "/Obj" in part:
            part.Obj.Contents = String(words)


def _with_headers(table: Any, name: str) -> dict[str, Any]:
    """Make headers of the first cells of rows; all headers of the table by name.

    The last row and the last column are there for the layout alone, and go.
    """
    *_, head, body = _parts(table)
    (heads,) = head.K
    del heads.K[-1]
    del body.K[-1]
    columns = list(heads.K)
    names: dict[str, Any] = {}
    for number, column in enumerate(columns):
        names |= _as_header(column, Name.Column, f"{name}-column-{number}")
    for number, row in enumerate(body.K):
        header, *cells = list(row.K)[: len(columns)]
        row.K = Array([header, *cells])
        names |= _as_header(header, Name.Row, f"{name}-row-{number}")
        for cell, column in zip(cells, columns[1:], strict=True):
            headers = Array([column.ID, header.ID])
            cell.A = Array([Dictionary(O=Name.Table, Headers=headers)])
    return names


def _as_header(cell: Any, scope: Name, name: str) -> dict[str, Any]:
    cell.S = Name.TH
    cell.ID = String(name)
    cell.A = Array([Dictionary(O=Name.Table, Scope=scope)])
    return {name: cell}


def _list_names(pdf: pikepdf.Pdf, names: dict[str, Any]) -> None:
    """Write the list in which the elements that have a name are found."""
    ordered = sorted(names)
    pairs = Array()
    for name in ordered:
        pairs.append(String(name))
        pairs.append(names[name])
    limits = Array([String(ordered[0]), String(ordered[-1])])
    leaf = pdf.make_indirect(Dictionary(Names=pairs, Limits=limits))
    pdf.Root.StructTreeRoot.IDTree = pdf.make_indirect(Dictionary(Kids=Array([leaf])))
