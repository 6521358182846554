"""Contracts whose prices and quantities are told apart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from sv_lib.analysis import bridge
from sv_lib.present.report import Report
from sv_lib.present.sections.change import _apart


def test_payments_outside_contracts_have_no_prices_to_tell_apart() -> None:
    """One contract in two wards, one line; what was paid outside contracts is none, and does not
    stop
    the page.
    """
    split = dict.fromkeys(bridge.SPLIT, 0)
    same: dict[str, Any] = {"family": "spend", "cause": "continuing", "title": "Care", **split}
    rows = pd.DataFrame(
        [
            {**same, "contract_id": "C1", "change_pence": 300_00, "price_pence": 300_00},
            {**same, "contract_id": "C1", "change_pence": 200_00, "volume_pence": 200_00},
            {**same, "contract_id": pd.NA, "change_pence": 900_00},
        ]
    )
    page = str(_apart(cast(Report, SimpleNamespace(rows=lambda *_: rows, words={}))))
    assert page.count("<tr") == 2
    assert "Care (C1)" in page
    assert "+£500" in page
