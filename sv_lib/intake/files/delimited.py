"""Delimited text, such as a csv, as rows of cells: by pyarrow where that is safe."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from sv_lib.intake.files.workbooks import Records
from sv_lib.intake.findings import file_error

TOP = 60
"""Rows in which the header is looked for."""
TOP_BYTES = 256 * 1024
BLOCK = 8 * 1024**2
"""Bytes that are read at a time, and stay together in memory."""


def delimiter_of(text: bytes) -> str:
    """The delimiter with which most of the first rows have the same, and the largest, width."""
    top = text[:TOP_BYTES].decode(errors="ignore")
    return max(",;\t|", key=lambda delimiter: _values_separated(top, delimiter))


def _values_separated(top: str, delimiter: str) -> int:
    """How well a delimiter fits: the rows of one width, times the delimiters in each."""
    try:
        rows = _first_records(top, delimiter)
    except csv.Error:
        return 0  # a value longer than any is; whoever reads the rows refuses it
    rows_of_width = Counter(len(row) for row in rows if row)
    return max((rows * (width - 1) for width, rows in rows_of_width.items()), default=0)


def first_records(text: bytes, delimiter: str) -> Records:
    """The first rows, enough to find the header in. Raises csv.Error for a value without end."""
    return _first_records(text[: 1024**2].decode(errors="ignore"), delimiter)


def _first_records(top: str, delimiter: str) -> Records:
    rows = csv.reader(io.StringIO(top), delimiter=delimiter)
    return list(islice(rows, TOP))


def all_records(text: bytes, delimiter: str, name: str) -> Records:
    """Every row, for text that pyarrow would read otherwise than a spreadsheet does.

    Raises csv.Error for a value without end, and InputError for a quotation mark left open.
    """
    lines = io.StringIO(text.rstrip().decode())
    records = list(csv.reader(lines, delimiter=delimiter)) or [[""]]
    ends_open = text.count(b'"') % 2 and "\n" in "".join(records[-1])
    if ends_open:
        raise file_error("unreadable.open_quotation_mark", name, opened=len(records))
    return records


def body_by_pyarrow(text: bytes, width: int, delimiter: str, skip: int) -> pd.DataFrame | None:
    """The rows below the first ``skip``, of ``width`` columns, indexed by the rows of the file.

    None where pyarrow's rows would not be the file's: ragged rows, blank lines, line breaks in
    quotes.
    """
    names = list(map(str, range(width)))
    has_quotes = b'"' in text
    is_one_column = width == 1
    end = _end_of_text(text)
    parse = pa.csv.ParseOptions(
        delimiter=delimiter, newlines_in_values=has_quotes, ignore_empty_lines=is_one_column
    )
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.large_string()),
        strings_can_be_null=False,
        check_utf8=False,
    )
    read = pa.csv.ReadOptions(column_names=names, skip_rows=skip, block_size=BLOCK)
    # Arrow's own pool took longer to ask for the memory than to read.
    pool = pa.system_memory_pool()
    lines = pa.BufferReader(pa.py_buffer(text).slice(0, end))
    try:
        table = pa.csv.read_csv(lines, read, parse, convert, pool)
    except pa.ArrowInvalid:
        return None
    # With quotes, a record may span lines; with one column, pyarrow skips blank lines. Either
    # would number the rows otherwise than a spreadsheet does.
    if has_quotes or is_one_column:
        last_row = text.count(b"\n", 0, end) + 1
        if table.num_rows != last_row - skip:
            return None
    rows = pd.RangeIndex(skip + 1, skip + 1 + table.num_rows)
    body: pd.DataFrame = table.to_pandas().set_axis(rows)
    return body


def _end_of_text(text: bytes) -> int:
    """Where the white space at the end begins. Stripping it would copy a large file."""
    tail = text[-1024:]
    return len(text) - len(tail) + len(tail.rstrip())
