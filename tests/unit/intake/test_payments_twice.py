"""Payments that stand twice: a file of copies stops, a number or a row that stands twice warns."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import Publication

HEADINGS = "payment_id,paid_on,supplier_id,supplier_name,directorate,category,amount,contract_id\n"
ROWS = [f"P{n},2021-11-0{n},S1,Firm One,Place,construction,{n}00.50,C1\n" for n in range(1, 7)]
WHOLE = HEADINGS + "".join(ROWS)
EACH_TWICE = HEADINGS + "".join(row + row for row in ROWS)
OTHER = ROWS[0].replace("100.50", "90")
TWICE, WARNS, NUMBER = "payments.file_repeated", "payments.repeated", "payments.number_repeated"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ([WHOLE.encode()], set()),
        ([WHOLE.encode() + ROWS[0].encode()], {("warn", WARNS, "p0.csv")}),
        ([WHOLE.encode() + OTHER.encode()], {("warn", NUMBER, "p0.csv")}),
        ([EACH_TWICE.encode()], {("stop", TWICE, "p0.csv")}),
        ([gzip.compress(WHOLE.encode()) * 2], {("stop", TWICE, "p0.csv")}),
        ([WHOLE.encode(), gzip.compress(WHOLE.encode())], {("stop", TWICE, "p1.csv")}),
        (
            [(HEADINGS + "".join(ROWS[:3])).encode(), WHOLE.encode()],
            {("stop", TWICE, "p0.csv"), ("warn", WARNS, "p1.csv")},
        ),
    ],
)
def test_a_file_of_copies_stops_and_a_row_or_number_warns(
    publish: Callable[..., Publication], files: list[bytes], found: set[tuple[str, str, str]]
) -> None:
    publication = publish()
    folder = publication.path.parent / "inputs"
    for number, content in enumerate(files):
        (folder / f"p{number}.csv").write_bytes(content)
    inputs = {**publication.inputs, "payments": ("inputs/p?.csv",)}
    file = publication.file.model_copy(update={"inputs": inputs})
    said = read_inputs(Publication(council=publication.council, file=file, path=publication.path))
    of_payments = [one for one in said.findings if one.id in (TWICE, WARNS, NUMBER)]
    assert {
        (one.severity, one.id, one.file.removeprefix("inputs/")) for one in of_payments
    } == found


def test_a_form_that_came_in_twice_stops(publish: Callable[..., Publication]) -> None:
    publication = publish()
    folder = publication.path.parent / "inputs"
    for name in ("a.xlsx", "b.xlsx"):
        (folder / name).write_bytes(b"no form")
    inputs = {**publication.inputs, "return_forms": ("inputs/?.xlsx",)}
    file = publication.file.model_copy(update={"inputs": inputs})
    said = read_inputs(Publication(council=publication.council, file=file, path=publication.path))
    twice = [one for one in said.findings if one.id == "files.same_twice"]
    assert [(one.severity, one.file) for one in twice] == [("stop", "inputs/b.xlsx")]
