"""The public face of the package: what a notebook imports is there, and importing it is quick."""

from __future__ import annotations

import subprocess
import sys

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
