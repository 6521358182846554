"""What is said and asked of a payments file. Every word of it stands in ``sentences.yaml``."""

from __future__ import annotations

from sv_lib.intake.findings import fill
from sv_lib.strict_yaml import data_beside

SENTENCES = data_beside(__file__, dict[str, str])


def sentence(sentence_id: str, **slots: object) -> str:
    """The sentence of that id, filled. Raises KeyError for an unknown id or a missing slot."""
    return fill(SENTENCES[sentence_id], slots)
