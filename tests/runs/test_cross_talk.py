"""Reports made side by side are those made one after another; benchmarks/cross_talk.py looks at all
wards, often.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import cross_talk


@pytest.mark.slow
def test_six_wards_in_random_order_are_the_same_beside_each_other_as_alone(root: Path) -> None:
    params = root / "params" / "rotherham-demo" / "2022-mid-year.yaml"
    assert cross_talk.differing(params, wards=6, repeats=3) == (18, 0)


def test_a_report_that_differs_is_counted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([{"a": "1", "b": "2"}, {"a": "1", "b": "x"}, {"a": "1", "b": "2"}])
    monkeypatch.setattr(cross_talk, "tasks_of", lambda *_: [])
    monkeypatch.setattr(cross_talk, "prints", lambda *_: next(answers))
    assert cross_talk.differing(root, wards=2, repeats=2) == (4, 1)
