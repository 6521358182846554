"""The page on inputs, made from the tables: ``python -m scripts.data_inputs >
docs/data-inputs.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sv_lib.intake.contracts.awards import CPV
from sv_lib.intake.files.cells import SHAPES
from sv_lib.intake.tables.columns import Column, Table
from sv_lib.intake.tables.dictionary import TABLES


def data_inputs_page() -> str:
    """The whole page: what holds for every file, then each table."""
    template = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
    contents = "\n".join(f"- [{name}](#{name}): {table.meaning}" for name, table in TABLES.items())
    tables = "\n\n".join(_section(table) for table in TABLES.values())
    divisions = "\n".join(
        f"| {category} | {codes.replace(' ', ', ')} |" for category, codes in CPV.items()
    )
    cpv = (
        f"| Category | CPV divisions, and groups that go before them |\n| --- | --- |\n{divisions}"
    )
    return (
        template.replace("{contents}", contents).replace("{tables}", tables).replace("{cpv}", cpv)
    )


def _section(table: Table) -> str:
    rows = "\n".join(
        f"| `{c.name}` | {_holds(c)} | {_needed(c)} | {c.meaning} |" for c in table.columns
    )
    links = "".join(f"\n\n`{column}` must stand in `{target}`." for column, target in table.links)
    head = "| Column | Holds | Needed | Meaning |\n| --- | --- | --- | --- |"
    return f"### {table.name}\n\n{table.meaning}\n\n{head}\n{rows}{links}"


def _holds(column: Column) -> str:
    return (
        f"one of: {', '.join(column.choices)}"
        if column.choices
        else SHAPES.get(column.kind, "text")
    )


def _needed(column: Column) -> str:
    if column.optional:
        return "the column may be left out"
    if column.unique:
        return "every row, each once"
    return "every row" if column.filled else "may be blank"


if __name__ == "__main__":
    sys.stdout.write(data_inputs_page())
