"""What ``svreport layout`` says of a file, with nothing but the file to go by, and the mapping that
it
saves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from sv_lib.errors import InputError, ParameterError
from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.headers import plain
from sv_lib.intake.findings import counted, in_pounds
from sv_lib.intake.ledger.layout import Layout
from sv_lib.intake.ledger.payment_rows import HIDDEN, Ledger, hidden, read_ledger

Report = dict[str, Any]
LAYOUTS = "layouts"
"""The folder beside the parameters in which mappings are kept."""
ABOVE = (
    "# How the published payments are read: our column -> their heading. Columns not named "
    "here are not read.\n"
)
SHOWN = 10
"""Excluded rows that are listed for a person."""


def describe(path: Path) -> tuple[Report, Layout | None]:
    """How a payments file is read: counts, pence, days, rows set aside, and the questions that are
    left.
    """
    try:
        ledger = read_ledger(path, path.name)
    except InputError as fault:
        question = f"{fault.found}: {fault.remedy}"
        nothing = dict.fromkeys(
            ("rows", "pence", "negative_rows", "redacted_rows", "undated_rows"), 0
        )
        report: Report = {
            "file": str(path),
            "encoding": "",
            "header_row": 0,
            "columns": {},
            "confidence": 0.0,
            **nothing,
            "first_on": None,
            "last_on": None,
            "vat_basis": "not known",
            "excluded": [],
            "questions": [question],
        }
        return report, None
    raw, layout = ledger.raw, ledger.layout
    torn = [note for note in raw.notes if note.severity == "stop"]
    questions = [*ledger.questions, *ledger.doubts]
    questions += [f"row {note.row}: {note.found}; {note.problem}" for note in torn[:3]]
    report = {
        "file": str(path),
        "encoding": raw.encoding,
        "header_row": raw.header_row,
        "columns": layout.columns,
        "confidence": ledger.confidence,
        **_counts(ledger),
        "vat_basis": layout.vat_basis,
        "excluded": _excluded(ledger),
        "questions": questions,
        "decided": _decided(ledger),
    }
    notes = [f"{note.found}: {note.problem}" for note in raw.notes if note.severity != "stop"]
    return {
        **report,
        "notes": [*notes, *(f"{note.found}: {note.problem}" for note in ledger.findings)],
    }, layout


def _counts(ledger: Ledger) -> Report:
    """Payments with an amount that can be read: how many, pence, and which of them are negative,
    hidden or undated.
    """
    frame = ledger.raw.frame.reindex(columns=["paid_on", "amount", "supplier_name"], fill_value="")
    pence = ledger_pence(frame["amount"]).values
    days = ledger_days(frame["paid_on"]).values
    is_paid = pence.notna()
    redacted = hidden(frame["supplier_name"], ledger.layout.redacted) | frame[
        "amount"
    ].str.contains(HIDDEN)
    first, last = days[is_paid].min(), days[is_paid].max()
    return {
        "rows": int(is_paid.sum()),
        "pence": int(pence.sum()),
        "negative_rows": int((pence.dropna() < 0).sum()),
        "redacted_rows": int(redacted.sum()),
        "undated_rows": int(days[is_paid].isna().sum()),
        "first_on": None if days[is_paid].isna().all() else f"{first:%Y-%m-%d}",
        "last_on": None if days[is_paid].isna().all() else f"{last:%Y-%m-%d}",
    }


def _decided(ledger: Ledger) -> str:
    """What was decided of the rows that are no payments, in one sentence."""
    rows = ledger.raw.header_row
    decided = [
        f"header found on row {rows}"
        if rows
        else "no header: the columns are known by their values"
    ]
    if above := ledger.raw.above:
        decided.append(f"{counted(len(above), 'row')} above it set aside")
    for reason in dict.fromkeys(row.reason for row in ledger.excluded):
        pence = [row.pence for row in ledger.excluded if row.reason == reason]
        money = f" of {in_pounds(sum(pence))}" if sum(pence) else ""
        decided.append(f"{counted(len(pence), 'row')}{money} excluded: {reason}")
    return "; ".join(decided)


def _excluded(ledger: Ledger) -> list[Report]:
    """Every row that holds something and is in no total: no payment, or a payment whose amount
    cannot
    be read.
    """
    rows: list[Report] = [
        {"row": row.row, "reason": row.reason, "pence": row.pence} for row in ledger.excluded
    ]
    if "amount" in ledger.raw.frame:
        texts = ledger.raw.frame["amount"].str.strip()
        unread = texts[ledger_pence(texts).values.isna()]
        rows += [
            {
                "row": int(str(at)),
                "reason": f"set aside: the amount '{text[:40]}' cannot be read",
                "pence": None,
            }
            for at, text in unread.items()
        ]
    return sorted(rows, key=lambda row: int(row["row"]))


def in_lines(report: Report) -> str:
    """The report of one file, for a person to read."""
    lines = [f"{report['file']}: {report['encoding']}; {report.get('decided', 'not read')}"]
    lines += [f"  {ours:14} from '{theirs}'" for ours, theirs in report["columns"].items()]
    basis = {"net": "net of", "gross": "gross of", "not known": "with or without"}[
        report["vat_basis"]
    ]
    paid = f"{counted(report['rows'], 'payment')}, {in_pounds(report['pence'])}"
    lines += [
        f"  {report['confidence']:.0%} sure; amounts {basis} VAT",
        f"  {paid}, {report['first_on']} to {report['last_on']}; "
        f"{report['negative_rows']:,} negative, {report['redacted_rows']:,} redacted",
    ]
    lines += [f"  {note}" for note in report.get("notes", [])]
    excluded = report["excluded"]
    for row in excluded[:SHOWN]:
        money = f" ({in_pounds(row['pence'])})" if row["pence"] else ""
        lines.append(f"  row {row['row']} left out{money}: {row['reason']}")
    lines += (
        [f"  and {len(excluded) - SHOWN:,} rows more, all in --json"]
        if len(excluded) > SHOWN
        else []
    )
    return "\n".join([*lines, *(f"  QUESTION: {question}" for question in report["questions"])])


def save(layouts: Iterable[Layout], params: Path) -> list[Path]:
    """Write each different mapping beside the parameters, for a person to edit.

    Raises ParameterError where there is no such folder, or another mapping stands already.
    """
    council = params if params.is_dir() else params.parent
    different: dict[str, Layout] = {}
    for layout in layouts:
        key = str({ours: plain(theirs) for ours, theirs in layout.columns.items()})
        known = different.get(key, layout)
        headings = tuple(dict.fromkeys((*known.headings, *layout.headings)))
        different[key] = known.model_copy(update={"headings": headings})
    if not council.is_dir():
        raise ParameterError(
            str(params),
            "there is no such folder",
            "a mapping is kept with its parameters",
            "make it",
        )
    folder, written = council / LAYOUTS, []
    for number, layout in enumerate(different.values(), start=1):
        path = folder / (f"payments-{number}.yaml" if number > 1 else "payments.yaml")
        text = ABOVE + yaml.safe_dump(
            layout.model_dump(mode="json"), sort_keys=False, allow_unicode=True
        )
        if path.exists() and path.read_text(encoding="utf-8") != text:
            matters, remedy = (
                "what somebody decided would be lost",
                "edit it, or move it away and save again",
            )
            raise ParameterError(
                f"{LAYOUTS}/{path.name}", "another mapping stands there", matters, remedy
            )
        folder.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
