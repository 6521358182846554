"""The rule for each unit of a figure on people: when it is hidden, and what it is rounded to."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from sv_lib.params import Disclosure
from sv_lib.settings import Settings
from sv_lib.strict_yaml import data_beside


class UnitRule(Settings):
    """One line of ``units.yaml``, which says what its keys are."""

    name: str
    units: tuple[str, ...]
    size: int = 1
    sign: str = ""
    to: int
    hidden: str
    why: str

    def nearest(self, rules: Disclosure) -> str:
        """What a protected group is rounded to, as marks have it: "5", "£100,000"; or ""."""
        return f"{self.sign}{self.to * rules.protected_round_to:,}" if self.to else ""

    def rounded(self, value: int | Decimal, rules: Disclosure) -> int | Decimal:
        """A value to the nearest of them, halves away from zero; not for a rule of 0."""
        step = self.to * rules.protected_round_to * self.size
        steps = (Decimal(value) / step).to_integral_value(ROUND_HALF_UP)
        return type(value)(steps * step)

    def hidden_in_words(self, rules: Disclosure) -> str:
        """Behind how few people a figure is hidden, as tables print it."""
        ordinary = f"1 to {rules.people_below - 1}"
        protected = f"1 to {rules.protected_below - 1}"
        return self.hidden.format(ordinary=ordinary, protected=protected)


@cache
def unit_rules() -> tuple[UnitRule, ...]:
    """The rules in the order in which they are printed."""
    return data_beside(__file__, tuple[UnitRule, ...])


def rule_of(unit: str) -> UnitRule:
    """The rule of a unit; the last one where none names it."""
    *named, other = unit_rules()
    return next((rule for rule in named if unit in rule.units), other)
