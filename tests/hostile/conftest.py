"""One run of a council whose every free-text field is hostile, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from council import WARD, spoil

from sv_lib.publish.run import runner

NOTHING_DECLARED = ("evil.example",)


@pytest.fixture(scope="session")
def hostile_run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the spoilt demonstration: its annual report, its methods and one ward.

    The exempt build: the public one leaves out stories and claims, and the payloads with them.
    """
    place = tmp_path_factory.mktemp("hostile")
    params = spoil(root / "params/rotherham-demo", place / "hostile")
    kinds = ["annual", "methods", "wards"]
    return runner.run(
        [params],
        reports=kinds,
        wards=[WARD],
        jobs=2,
        output_dir=place / "outputs",
        profile="exempt",
    )[0].folder
