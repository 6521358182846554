"""Wards that are like one another: by how deprived they are and how many live there."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple


class Likeness(NamedTuple):
    """What wards are compared by: the share of residents in the most deprived fifth, residents."""

    share: Fraction
    residents: Fraction


def most_similar(wards: Mapping[str, Likeness], ward: str) -> list[str]:
    """The other wards, the most similar first; none where nothing is known of ``ward``.

    Both differences count alike: each is a part of the widest difference between two wards. Ties go
    by code.
    """
    if ward not in wards:
        return []
    mine = wards[ward]
    shares = [one.share for one in wards.values()]
    sizes = [one.residents for one in wards.values()]
    widest = Likeness(max(shares) - min(shares), max(sizes) - min(sizes))

    def distance(code: str) -> tuple[Fraction, str]:
        other = wards[code]
        by_share = _part(abs(other.share - mine.share), widest.share)
        by_size = _part(abs(other.residents - mine.residents), widest.residents)
        return by_share + by_size, code

    return sorted((code for code in wards if code != ward), key=distance)


def _part(difference: Fraction, widest: Fraction) -> Fraction:
    """A difference as a part of the widest one; nothing where all wards are the same."""
    return difference / widest if widest else Fraction(0)
