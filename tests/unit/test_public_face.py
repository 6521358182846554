"""The public face of the package: what a notebook imports is there, and importing it is quick."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import sv_lib


@pytest.mark.parametrize("name", sv_lib.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sv_lib, name)
    assert name in dir(sv_lib)


def test_another_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="'sv_lib' has no attribute 'nothing'"):
        sv_lib.nothing  # noqa: B018 looking at it is the test


def test_the_measures_are_those_of_the_catalogue() -> None:
    assert "NT1" in sv_lib.measures()


def test_importing_the_package_loads_no_pandas() -> None:
    look = "import sv_lib, sys; print('pandas' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_what_the_package_says_of_itself_is_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the sample council, which is small enough to check by eye."""
    monkeypatch.chdir(root)
    tried = doctest.testmod(sv_lib)
    assert tried.attempted > 4
    assert tried.failed == 0
