"""Words of registers and of the council, searched for ways to reach a person or a home.

E-mail addresses, telephone numbers and postcodes may be a person's. A sentence that holds one is
left out of the public build, with a finding that asks for other words. It never ends the run.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from sv_lib.figures.protection.own_words import LEFT_OUT, SENTENCE_END
from sv_lib.intake.findings import Finding, findings_by_row
from sv_lib.intake.pipeline import Inputs
from sv_lib.strict_yaml import data_beside

PRINTED = data_beside(__file__, dict[str, list[str]])
"""Table of inputs -> the columns whose words stand on a page or in a public file."""
CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.,/=-])(?:\+44|0044|0)[ ()-]*[1-9](?:[ ()-]{0,2}\d){8,9}(?!\d)"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"
    r"|\b[a-z]{1,2}\d[a-z\d]? ?\d(?!st|nd|rd|th)[abd-hjlnp-uw-z]{2}\b"
)
"""An e-mail address, a telephone number of ten or eleven digits, or a postcode."""


def without_contacts(inputs: Inputs) -> Inputs:
    """The inputs without the sentences that say how to reach somebody, and with their findings."""
    frames = dict(inputs.frames)
    found: list[Finding] = []
    for table, columns in PRINTED.items():
        for column in columns:
            texts = frames[table][column]
            told = [text for text in texts.dropna().unique() if CONTACT.search(text)]
            if told:
                kept = texts.replace({text: without_contact(text) for text in told})
                rows = frames[table][texts.isin(told)]
                found += findings_by_row("protection.contact", rows, column, lambda _: {})
                frames[table] = frames[table].assign(**{column: kept})
    return replace(inputs, frames=frames).with_findings(found)


def without_contact(text: str) -> str:
    """A text with each sentence that says how to reach somebody replaced."""
    sentences = SENTENCE_END.split(text)
    return " ".join(LEFT_OUT if CONTACT.search(one) else one for one in sentences)


def cleaned(words: pd.Series) -> pd.Series:
    """A column of texts, each ``without_contact``."""
    return words.map(without_contact, na_action="ignore")
