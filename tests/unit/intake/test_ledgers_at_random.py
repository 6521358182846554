"""Whatever values a ledger holds and however they are written, the same pence come back, all of
them accounted for.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)
PAYMENT = st.tuples(
    st.integers(-(10**11), 10**11),
    st.dates(date(2021, 10, 1), date(2022, 3, 31)),
    TEXT,
    st.booleans(),
)
HEADINGS = {
    "payment_id": "Ref",
    "paid_on": "When, paid",
    "amount": 'Net "£"',
    "supplier_name": "Who",
    "category": "What",
}


def pounds(pence: int, style: int) -> str:
    """Pence as one of the ways in which ledgers print them."""
    whole = f"{abs(pence) // 100}.{abs(pence) % 100:02d}"
    grouped = f"£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    minus = "-" if pence < 0 else ""
    return [
        minus + whole,
        f"({grouped})" if pence < 0 else grouped,
        whole + minus,
        f"  {minus}{whole} ",
    ][style]


@given(st.data(), st.lists(PAYMENT, min_size=1, max_size=30), st.permutations(list(HEADINGS)))
def test_the_same_pence_come_back(
    data: st.DataObject, payments: list[tuple[int, date, str, bool]], order: list[str]
) -> None:
    rows = []
    for number, (pence, day, name, is_iso) in enumerate(payments):
        written = pounds(pence, data.draw(st.integers(0, 3)))
        when = f"{day} 00:00:00" if is_iso else f"{day:%d/%m/%Y}"
        cells = {
            "payment_id": f"P{number}",
            "paid_on": when,
            "amount": written,
            "supplier_name": name,
            "category": "x",
        }
        rows.append([cells[ours] for ours in order])
    text = io.StringIO()
    ends = data.draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(text, delimiter=data.draw(st.sampled_from(",;\t|")), lineterminator=ends)
    writer.writerows([[HEADINGS[ours] for ours in order], *rows])
    content = text.getvalue().encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))
    inputs = read_back(gzip.compress(content, mtime=0) if data.draw(st.booleans()) else content)
    assert inputs["amount_pence"] == [pence for pence, *_ in payments]
    assert inputs["paid_on"] == [day for _, day, *_ in payments]
    assert inputs["payment_id"] == [f"P{number}" for number in range(len(payments))]
    assert inputs["source_row"] == list(range(2, len(payments) + 2))


def read_back(content: bytes) -> dict[str, list[object]]:
    base = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("council.yaml", "publication.yaml"):
            text = (base / name).read_text(encoding="utf-8").split("inputs:")[0]
            Path(folder, name).write_text(text, encoding="utf-8")
        lines = "".join(f"  {ours}: '{theirs}'\n" for ours, theirs in HEADINGS.items())
        Path(folder, "layout.yaml").write_text(
            f"columns:\n{lines}vat_basis: net\nminus: credits\n", encoding="utf-8"
        )
        Path(folder, "ledger").write_bytes(content)
        with Path(folder, "publication.yaml").open("a", encoding="utf-8") as file:
            file.write("inputs: {payments: ledger, payments_layout: layout.yaml}\n")
        inputs = read_inputs(load(Path(folder, "publication.yaml")))
    assert inputs.stops == []
    frame = inputs.frames["payments"].assign(paid_on=lambda frame: frame["paid_on"].dt.date)
    return {str(name): frame[name].tolist() for name in frame.columns}
