"""Each fault that is shown to people has its own exit code and says four things."""

from __future__ import annotations

import pickle

import pytest

from sv_lib import errors

EXIT_CODES = {
    errors.ParameterError: 2,
    errors.InputError: 3,
    errors.NotebookError: 4,
    errors.RenderError: 5,
    errors.DifferenceError: 6,
}


@pytest.mark.parametrize(("kind", "code"), EXIT_CODES.items())
def test_exit_code(kind: type[errors.ReportError], code: int) -> None:
    assert kind.exit_code == code
    assert issubclass(kind, errors.ReportError)


def test_no_kind_shares_a_code_or_is_forgotten_here() -> None:
    assert set(EXIT_CODES) == set(errors.ReportError.__subclasses__())
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)


def test_says_where_what_why_and_what_to_do() -> None:
    fault = errors.InputError(
        "returns.csv, row 12", "the ward is 'Wales'", "it cannot be placed", "give its code"
    )
    assert str(fault) == (
        "returns.csv, row 12: the ward is 'Wales'\n  Why it matters: it cannot be "
        "placed\n  What to do: give its code"
    )


def test_comes_back_whole_from_a_worker_process() -> None:
    fault = errors.NotebookError(
        "ward.ipynb", "cell 3 failed", "nothing is published", "read the notebook kept"
    )
    again = pickle.loads(pickle.dumps(fault))  # noqa: S301 our own bytes, as a process pool sends them
    assert type(again) is errors.NotebookError
    assert str(again) == str(fault)
