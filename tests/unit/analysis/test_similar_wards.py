"""Which wards are like one another, worked by hand."""

from __future__ import annotations

from fractions import Fraction

from sv_lib.analysis.similar_wards import Likeness, most_similar

WARDS = {
    name: Likeness(Fraction(share), Fraction(residents))
    for name, (share, residents) in {
        "A": (0, 1000),
        "B": (50, 1000),
        "C": (10, 2000),
        "D": (100, 3000),
        "E": (10, 1200),
    }.items()
}


def test_both_differences_count_alike() -> None:
    """The widest are 100 points and 2,000 residents: E 0.1 + 0.1, B 0.5, C 0.1 + 0.5, D 1 + 1."""
    assert most_similar(WARDS, "A") == ["E", "B", "C", "D"]


def test_wards_that_are_all_alike_stand_by_code() -> None:
    same = dict.fromkeys("CAB", Likeness(Fraction(1), Fraction(2)))
    assert most_similar(same, "A") == ["B", "C"]


def test_a_ward_of_which_nothing_is_known_is_like_none() -> None:
    assert most_similar(WARDS, "F") == []
