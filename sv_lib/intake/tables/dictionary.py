"""The input tables, each read from the YAML file of its name in this folder.

The pandera contracts, ``docs/data-inputs.md``, blank templates and the demonstration all follow
from these files. In a file, money is pounds (``1234.56``); in a frame it is whole pence under the
same name with ``_pence`` added. Every frame also holds ``source_file`` and ``source_row`` (the row
a person sees in a spreadsheet; the header is 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from sv_lib.intake.tables.columns import Table
from sv_lib.strict_yaml import read_yaml

FOLDER = Path(__file__).parent
NAMES = (
    "payments",
    "suppliers",
    "contracts",
    "contract_changes",
    "contract_places",
    "quantities",
    "commitments",
    "milestones",
    "returns",
    "beneficiaries",
    "return_log",
    "supply_chain",
    "postcodes",
    "deprivation",
    "ward_deprivation",
    "quotes",
    "events",
    "parishes",
    "actions",
    "priorities",
    "scrutiny",
    "stories",
    "published_history",
    "proxies",
)
"""Every table, in the order in which intake reads them and the documentation lists them."""


@cache
def read_table_file(name: str) -> Table:
    """The table that ``<name>.yaml`` describes.

    Raises ValidationError for a key that ``Column`` or ``Table`` does not know.
    """
    said = read_yaml(FOLDER / f"{name}.yaml")
    columns = [{"name": column, **keys} for column, keys in said["columns"].items()]
    return Table(**{**said, "name": name, "columns": columns})


class _Tables(Mapping[str, Table]):
    """Every table by name. A file is read when its table is first asked for."""

    def __getitem__(self, name: str) -> Table:
        if name not in NAMES:
            raise KeyError(name)
        return read_table_file(name)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


TABLES = _Tables()
PAYMENTS = TABLES["payments"]
SUPPLIERS = TABLES["suppliers"]
CONTRACTS = TABLES["contracts"]
POSTCODES = TABLES["postcodes"]
PROXIES = TABLES["proxies"]

CATEGORIES = CONTRACTS["category"].choices
KPI_RATINGS = CONTRACTS["kpi_rating"].choices
PARTNERS = TABLES["events"]["partner"].choices
IS_SME = {size: "no" if size == "large" else "yes" for size in SUPPLIERS["size"].choices}
"""Size of a firm -> whether it is small or medium, by the usual UK definition."""
NO_SECTION = ("Headlines", "Ward reports")
"""Where else than in a section a question of the Board may be answered."""
