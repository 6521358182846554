"""Make the page on inputs: ``python -m scripts.data_inputs > docs/data-inputs.md``."""

from __future__ import annotations

import sys
from pathlib import Path

from sv_lib.intake.contracts.awards import CPV
from sv_lib.intake.tables.columns import Column, Table
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.publish.files.blank_templates import holds, needed

TABLE_HEAD = "| Column | Holds | Needed | Meaning | Example |\n| --- | --- | --- | --- | --- |"
CPV_HEAD = "| Category | CPV divisions, and groups that go before them |\n| --- | --- |"


def data_inputs_page() -> str:
    """The whole page: what holds for every file, then each table."""
    page = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
    contents = [f"- [{name}](#{name}): {table.meaning}" for name, table in TABLES.items()]
    tables = [_section(table) for table in TABLES.values()]
    divisions = [f"| {category} | {codes.replace(' ', ', ')} |" for category, codes in CPV.items()]
    page = page.replace("{contents}", "\n".join(contents))
    page = page.replace("{tables}", "\n\n".join(tables))
    return page.replace("{cpv}", "\n".join([CPV_HEAD, *divisions]))


def _section(table: Table) -> str:
    rows = [_row(column) for column in table.columns]
    links = [f"`{column}` must stand in `{target}`." for column, target in table.links]
    about = "\n".join([TABLE_HEAD, *rows])
    return "\n\n".join([f"### {table.name}", table.meaning, about, *links])


def _row(column: Column) -> str:
    cells = (f"`{column.name}`", holds(column), needed(column), column.meaning, column.example)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(data_inputs_page())
