"""The largest contracts, and equals in the order of their reference."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis.delivery import top


def test_top_contracts_and_equals_in_order() -> None:
    claims = pd.DataFrame(
        {"contract_id": ["C3", "C1", "C2", "C2", "C4"], "value_pence": [5, 7, 3, 4, None]}
    )
    claims = claims.astype({"value_pence": "Int64"})
    assert top(claims, 2).to_numpy().tolist() == [["1=", "C1", 7], ["1=", "C2", 7]]
    assert top(claims)["contract_id"].tolist() == ["C1", "C2", "C3"]
    assert len(top(claims.iloc[:0])) == 0
