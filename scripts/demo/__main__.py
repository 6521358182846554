"""Write the synthetic inputs of the embedded default.

python -m scripts.demo [PARAMS_FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.demo.changes import change_rows
from scripts.demo.contracts import contract_rows, make_contracts, place_rows, quantity_rows
from scripts.demo.engagement import event_rows, parish_rows, quote_rows
from scripts.demo.files import Row, write
from scripts.demo.payments import make_payments, payment_rows
from scripts.demo.picture import street_lamps
from scripts.demo.places import deprivation_rows, make_places, read_wards
from scripts.demo.promises import (
    EDITIONS,
    commitment_rows,
    make_promises,
    milestone_rows,
    proxy_rows,
)
from scripts.demo.returns import beneficiary_rows, make_returns, return_rows, supply_chain_rows
from scripts.demo.suppliers import make_suppliers, supplier_rows

DEFAULT = Path("params/rotherham-demo")
PHOTO = "photos/street-lamps.png"


def make_tables(params: Path) -> dict[str, tuple[str, list[Row]]]:
    """Return every generated file: its name in ``inputs/`` -> its table and rows."""
    places = make_places(read_wards(params))
    suppliers = make_suppliers(places)
    contracts = make_contracts(suppliers, places)
    ledgers = make_payments(suppliers, contracts)  # also dates the suppliers' first payments
    promises = make_promises(contracts)
    log, claims = make_returns(contracts, promises, places)
    tables = {
        "postcodes": places.postcodes,
        "deprivation": deprivation_rows(places),
        "suppliers": supplier_rows(suppliers),
        "contracts": contract_rows(contracts),
        "contract_places": place_rows(contracts),
        "contract_changes": change_rows(contracts),
        "quantities": quantity_rows(contracts),
        "commitments": commitment_rows(promises),
        "milestones": milestone_rows(promises),
        "returns": return_rows(claims),
        "return_log": log,
        "beneficiaries": beneficiary_rows(claims),
        "supply_chain": supply_chain_rows(claims, places),
        "quotes": quote_rows(),
        "events": event_rows(places),
        "parishes": parish_rows(),
    }
    files = {f"{table}.csv": (table, rows) for table, rows in tables.items()}
    files |= {f"proxies-{edition}.csv": ("proxies", proxy_rows(edition)) for edition in EDITIONS}
    for year, lines in ledgers.items():
        files[f"payments-{year}.csv.gz"] = ("payments", payment_rows(year, lines))
    return files


def main() -> None:
    """Write the files and say what was written."""
    params = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    for name, (table, rows) in make_tables(params).items():
        write(params / "inputs" / name, table, rows)
        print(f"{name}: {len(rows):,} rows")
    (params / "inputs" / PHOTO).write_bytes(street_lamps())


if __name__ == "__main__":
    main()
