"""The tables with exact values, their used rows only, and an account of every row."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.control_totals import InputFile, control_total
from sv_lib.intake.ledger import payments
from sv_lib.intake.ledger.layout import NEEDED
from sv_lib.intake.table_texts import TableTexts
from sv_lib.intake.tables.columns import Table
from sv_lib.intake.tables.validation import check_table


def used_rows(
    texts: pd.DataFrame, table: Table, own_files: TableTexts, added: list[AddedRows]
) -> pd.DataFrame:
    """A table's rows that the report may use, with exact values.

    ``texts``: the table as text, from its ``own_files`` and with the ``added`` rows. Its findings
    and the control totals of its files go to the reader.
    """
    reader = own_files.reader
    if table.name == "payments" and (reader.ledgers or reader.has_layout):
        table = payments.LEDGER
    frame, findings = check_table(texts, table, as_in_a_ledger=table is payments.LEDGER)
    way = pd.Series("used", index=frame.index, dtype="str")
    if table.name == "payments":
        way, left_out = payments.sort_out(frame, reader.publication)
        # Without the date or the amount no row can be read: the missing column was told already.
        unread = {file for file, column in own_files.absent if column in NEEDED}
        findings += [said for said in left_out if said.file not in unread]
    absent = own_files.absent
    reader.findings += [said for said in findings if (said.file, said.column) not in absent]
    reader.controls += _controls(frame, way, table, own_files, added)
    # A table is not copied where all of its rows are used.
    used = frame if (way == "used").all() else frame[way == "used"].reset_index(drop=True)
    return _with_exact_pence(used, table)


def _controls(
    frame: pd.DataFrame, way: pd.Series, table: Table, own_files: TableTexts, added: list[AddedRows]
) -> Iterator[dict[str, object]]:
    """The control totals of every file of a table. ``way``: where each row of the frame ended."""
    for file in own_files.reader.files:
        if file.table == table.name:
            yield _control(frame, way, table, file, own_files.left_out[file.name])
    for part in added:
        if part.table == table.name:
            file = InputFile(part.table, part.file, "", part.rows)
            yield _control(frame, way, table, file, (part.excluded, 0), part.quarantined)


def _control(
    frame: pd.DataFrame,
    way: pd.Series,
    table: Table,
    file: InputFile,
    left_out: tuple[int, int],
    quarantined: int = 0,
) -> dict[str, object]:
    """One file's control total. ``left_out``: rows and pence excluded before the table was made."""
    is_of_file = frame["source_file"] == file.name
    ways = way[is_of_file]
    rows = {name: int((ways == name).sum()) for name in payments.WAYS}
    rows["excluded"] += left_out[0]
    rows["quarantined"] += quarantined
    if not table.money:
        return control_total(file, rows)
    pence = frame.loc[is_of_file, table[table.money].frame_name]
    pence_of = {name: int(pence[ways == name].sum()) for name in payments.WAYS}
    pence_of["excluded"] += left_out[1]
    return control_total(file, rows, int(pence.sum()) + left_out[1], pence_of)


def _with_exact_pence(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Amounts as int64, in columns that are always filled and have no gap left."""
    always = [
        column.frame_name for column in table.columns if column.kind == "pounds" and column.filled
    ]
    return frame.astype({name: "int64" for name in always if frame[name].notna().all()})
