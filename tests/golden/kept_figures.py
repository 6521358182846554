"""Every figure and table of the small council, written out to be read and kept: ``make references``
writes them anew.

A change of a value, a word, a row behind a figure or what is hidden of it shows as a changed line,
to be judged.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from small_council import DRAWINGS, calculated

from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail

FIGURES, TABLES, REASONS = (
    Path(__file__).with_name(name)
    for name in ("every_figure.csv", "every_table.txt", "every_reason.txt")
)
HEADINGS = (
    "figure",
    "kind",
    "label",
    "value",
    "unit",
    "period",
    "formula",
    "parts",
    "caution",
    "rows",
)
IN_PUBLIC = ("kind", "value", "caution", "rows")
NOT_TOLD = ("files", "control_totals")
"""Tables that say which files there were, not what came of them."""


def figures_text(whole: Calculation, public: Calculation) -> str:
    """One line a figure: what it is, its exact value, and what the public run shows of it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([*HEADINGS, *(f"public {name}" for name in IN_PUBLIC)])
    for figure in whole.trail:
        told = _told(whole.trail, figure.id)
        shown = (
            _told(public.trail, figure.id)
            if figure.id in public.trail
            else dict.fromkeys(HEADINGS, "left out")
        )
        lines.writerow(
            [
                *told.values(),
                *("same" if shown[name] == told[name] else shown[name] for name in IN_PUBLIC),
            ]
        )
    return text.getvalue()


def reasons_text() -> str:
    """Every figure of the council when it has its payments alone, with areas but no residents; and
    all but payments.
    """
    areas = re.sub(r"\d+ *$", "", DRAWINGS["deprivation"], flags=re.M)
    without = {**dict.fromkeys(DRAWINGS), "payments": DRAWINGS["payments"], "deprivation": areas}
    given: dict[str, dict[str, str | None]] = {
        "payments and areas alone": without,
        "no payments": {"payments": None},
    }
    texts = []
    for name, changes in given.items():
        trail = calculated("exempt", **changes).trail
        lines = (f"{one.id}, {one.unit}, {one.period}: {one.exact or one.caution}" for one in trail)
        texts.append("\n".join([f"# {name}", *lines, ""]))
    return "\n".join(texts)


def tables_text(whole: Calculation, public: Calculation) -> str:
    """Every table of the exempt run; and of the public run those that differ."""
    texts = []
    for name, table in sorted(whole.tables.items()):
        if name not in NOT_TOLD:
            mine, shown = (
                one.to_csv(index=False, lineterminator="\n") for one in (table, public.tables[name])
            )
            texts.append(
                f"# {name}\n{mine}" + (f"\n# {name}, public\n{shown}" if shown != mine else "")
            )
    return "\n".join(texts)


def _told(trail: Trail, figure_id: str) -> dict[str, str]:
    """All that is known of a figure; file, row and amount of everything added up, where it is not
    made of others.
    """
    figure, rows = trail[figure_id], ""
    if figure.kind in ("total", "count"):
        frame = trail.rows(figure_id)
        names = frame["source_file"].str.removeprefix("inputs/").str.removesuffix(".csv")
        told = zip(names, frame["source_row"], frame["amount"], strict=True)
        rows = "; ".join(f"{name} {row}: {amount}" for name, row, amount in told)
    parts = " ".join(figure.parts)
    facts = (
        figure.id,
        figure.kind,
        figure.label,
        figure.exact,
        figure.unit,
        str(figure.period),
        figure.formula,
        parts,
        figure.caution,
        rows,
    )
    return dict(zip(HEADINGS, facts, strict=True))


if __name__ == "__main__":
    made = calculated("exempt"), calculated("public")
    FIGURES.write_text(figures_text(*made), encoding="utf-8")
    TABLES.write_text(tables_text(*made), encoding="utf-8")
    REASONS.write_text(reasons_text(), encoding="utf-8")
