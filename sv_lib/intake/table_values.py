"""The tables with exact values, their used rows only, and an account of every row."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.control_totals import InputFile, control_total
from sv_lib.intake.ledger import payments
from sv_lib.intake.ledger.layout import NEEDED
from sv_lib.intake.returns.form import in_form_words
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
    is_payments = table.name == "payments"
    is_ledger = is_payments and (bool(reader.ledgers) or reader.has_layout)
    if is_ledger:
        table = payments.LEDGER
    frame, findings = check_table(texts, table, as_in_a_ledger=is_ledger)
    way = pd.Series("used", index=frame.index, dtype="str")
    if is_payments:
        way, left_out = payments.sort_out(frame, reader.publication, not is_ledger)
        # Without the date or the amount no row can be read: the missing column was told already.
        unread = {file for file, column in own_files.absent if column in NEEDED}
        findings += [said for said in left_out if said.file not in unread]
    absent = own_files.absent
    findings = [said for said in findings if (said.file, said.column) not in absent]
    reader.findings += in_form_words(findings, reader.forms, table.name)
    for file, excluded, quarantined in _files(table, own_files, added):
        reader.controls.append(_control(frame, way, table, file, excluded, quarantined))
    is_used = way == "used"
    # A table is not copied where all of its rows are used.
    used = frame if is_used.all() else frame[is_used].reset_index(drop=True)
    return _with_exact_pence(used, table)


def _files(
    table: Table, own_files: TableTexts, added: list[AddedRows]
) -> Iterator[tuple[InputFile, tuple[int, int], int]]:
    """Every file of a table, with its rows and pence excluded before, and rows quarantined."""
    for file in own_files.reader.files:
        if file.table == table.name:
            yield file, own_files.left_out[file.name], 0
    for part in added:
        if part.table == table.name:
            file = InputFile(part.table, part.file, "", part.rows)
            yield file, (part.excluded, 0), part.quarantined


def _control(
    frame: pd.DataFrame,
    way: pd.Series,
    table: Table,
    file: InputFile,
    excluded: tuple[int, int],
    quarantined: int,
) -> dict[str, object]:
    """One file's control total. ``way``: where each row of the frame ended."""
    is_of_file = frame["source_file"] == file.name
    ways = way[is_of_file]
    rows_excluded, pence_excluded = excluded
    rows = {name: int((ways == name).sum()) for name in payments.WAYS}
    rows["excluded"] += rows_excluded
    rows["quarantined"] += quarantined
    if not table.money:
        return control_total(file, rows)
    money = table[table.money].frame_name
    pence = frame.loc[is_of_file, money]
    pence_in = int(pence.sum()) + pence_excluded
    pence_of = {name: int(pence[ways == name].sum()) for name in payments.WAYS}
    pence_of["excluded"] += pence_excluded
    return control_total(file, rows, pence_in, pence_of)


def _with_exact_pence(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Amounts as int64, in columns that are always filled and have no gap left."""
    exact = {}
    for column in table.columns:
        name = column.frame_name
        if column.kind == "pounds" and column.filled and frame[name].notna().all():
            exact[name] = frame[name].astype("int64")
    return frame.assign(**exact)
