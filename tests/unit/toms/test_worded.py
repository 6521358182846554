"""Words that rules decide: places among others."""

from __future__ import annotations

from sv_lib.toms.worded import rank_words


def test_a_tie_is_a_tie_and_what_is_not_known_has_no_place() -> None:
    assert rank_words([5, None, 9, 5, 1]) == ["2=", "", "1", "2=", "4"]
    assert rank_words([]) == []
