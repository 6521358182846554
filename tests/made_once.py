"""What many tests need and is costly to make, made once in a run of the tests, whichever process
needs it.

A calculation follows from its publication, its inputs and what readers know: ``test_same_bytes.py``
tests that. So tests with the same three share one. A test that plants something in the package
calculates for itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import pickle
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import pandas as pd

from sv_lib.figures.calculation import calculate as calculate_anew
from sv_lib.figures.calculation import gather as gather_anew
from sv_lib.figures.protection.published import Published
from sv_lib.figures.saved import Calculation
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication

FOLDER = "SV_MADE_ONCE"
"""The variable that names the folder of this run of the tests to all its processes."""
DEMONSTRATION = Path(__file__).resolve().parents[1] / "params" / "rotherham-demo"
Made = TypeVar("Made")


def begin() -> None:
    """Make the folder of this run of the tests, unless mutmut has to see who calls what."""
    if "MUTANT_UNDER_TEST" in os.environ:
        return
    os.environ[FOLDER] = mkdtemp(prefix="made-once-")


def end() -> None:
    """Remove it: what is made once is of this code alone."""
    if folder := os.environ.pop(FOLDER, None):
        shutil.rmtree(folder)


def once(name: str, make: Callable[[], Made]) -> Made:
    """What ``make`` makes, a copy of its own for each who asks; the first to ask makes it."""
    if FOLDER not in os.environ:  # no tests are run: a script uses what they use
        return make()
    path = Path(os.environ[FOLDER], name)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            begun = path.with_suffix(".begun")
            begun.write_bytes(pickle.dumps(make()))
            begun.rename(path)
    made: Made = pickle.loads(path.read_bytes())  # noqa: S301 written by these tests a moment ago
    return made


def calculate(
    publication: Publication, inputs: Inputs, known: Sequence[Published] = ()
) -> Calculation:
    """As ``calculation.calculate``, once for all that ask for the same."""
    given = (_without_paths(publication), _in_order(inputs), [_in_order(one) for one in known])
    return once(_hash(given), lambda: calculate_anew(publication, inputs, known))


def gather(publication: Publication) -> Inputs:
    """As ``calculation.gather``, once, for the demonstration, whose own files no test alters."""
    assert DEMONSTRATION in publication.path.resolve().parents
    return once(_hash(_without_paths(publication)), lambda: gather_anew(publication))


def _without_paths(publication: Publication) -> dict[str, Any]:
    """The settings of a publication; where its file lies makes no figure."""
    settings = publication.model_dump(exclude={"path", "earlier"})
    return settings | {"earlier": [_without_paths(one) for one in publication.earlier]}


def _in_order(given: object) -> dict[str, Any]:
    """The fields of a dataclass, with the members of sets in their order."""
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in vars(given).items()
    }


class _ByValue(pickle.Pickler):
    """Writes what is equal alike, however it came about."""

    def __init__(self, written: io.BytesIO) -> None:
        super().__init__(written, protocol=4)  # the last that writes any array as its values
        self.fast = True  # no matter which values are the same object

    def reducer_override(self, given: object) -> Any:
        """A table by its columns; how pandas holds them together depends on how it was made."""
        if not isinstance(given, pd.DataFrame):
            return NotImplemented
        columns = [(name, *_values(column)) for name, column in given.items()]
        return list, ([given.index, *columns],)


def _values(column: pd.Series) -> tuple[str, object]:
    """The values of a column. Beneath those that are missing lies whatever was in memory."""
    is_masked = isinstance(column.dtype, pd.Int64Dtype | pd.BooleanDtype | pd.Float64Dtype)
    return str(column.dtype), column.tolist() if is_masked else column.array


def _hash(given: object) -> str:
    written = io.BytesIO()
    _ByValue(written).dump(given)
    return hashlib.sha256(written.getbuffer()).hexdigest()
