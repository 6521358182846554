"""Every publication of the demonstration, made whole and attacked: a leak fails the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from sv_lib.publish.run import runner
from tests.attacks.search import leaks_in
from tests.attacks.sought import sought_in

DEMONSTRATION = Path("params/rotherham-demo")
PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")


@pytest.mark.slow
@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_nothing_hidden_is_found_in_any_file(root: Path, publication: str, tmp_path: Path) -> None:
    params = root / DEMONSTRATION / f"{publication}.yaml"
    (outcome,) = runner.run([params], output_dir=tmp_path)
    _, sought = sought_in(params)
    assert len(sought.figures) > 100
    assert leaks_in(outcome.folder, sought) == []
