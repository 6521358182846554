"""How an action stands by its date and its evidence, whatever its owner says of it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

Status = Literal["complete", "late", "not yet due", "no evidence"]


def worked_out(
    evidence: Fraction | None, target: Fraction | None, due_on: date | None, day: date
) -> Status:
    """The status of an action on a day.

    ``evidence`` is how far it has come and ``target`` how far it is to come, None where either is
    not known. An action is complete when its evidence reaches its target, and late when its date
    has passed before. Without evidence nothing shows that it is complete, so after its date it has
    "no evidence".
    """
    is_past = due_on is not None and due_on < day
    if evidence is None or target is None:
        return "no evidence" if is_past else "not yet due"
    if evidence >= target:
        return "complete"
    return "late" if is_past else "not yet due"
