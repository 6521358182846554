"""What is said and asked of a payments file. Every word of it stands in ``sentences.yaml``."""

from __future__ import annotations

from pathlib import Path

from sv_lib.intake.findings import fill
from sv_lib.strict_yaml import load_as

SENTENCES = load_as(dict[str, str], Path(__file__).with_suffix(".yaml"))


def sentence(sentence_id: str, **slots: object) -> str:
    """The sentence of that id, filled. Raises KeyError for an unknown id or a missing slot."""
    return fill(SENTENCES[sentence_id], slots)
