"""Files of noise: each is read or plainly refused; what once was neither stays so for good.

``FUZZ_MINUTES`` in the environment makes the noise go on for that long; the seed is the same every
time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from noise import answer, corpus, let_loose, readers, seeds

KINDS = sorted(seeds())
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_file_is_read(tmp_path: Path, kind: str) -> None:
    """The noise begins with files that are no noise, so that it reaches what lies behind the first
    check.
    """
    read = readers(tmp_path)[kind]
    assert [answer(read, content) for content in seeds()[kind]] == [""] * len(seeds()[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_found_once_stays_found(
    tmp_path: Path, kind: str, record_property: Callable[[str, object], None]
) -> None:
    read, files = readers(tmp_path)[kind], corpus(kind)
    for content in files:
        answer(read, content)
    assert len(files) == len(set(files))
    record_property("files of the corpus read or refused again", len(files))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_read_or_refused(
    tmp_path: Path, kind: str, record_property: Callable[[str, object], None]
) -> None:
    seconds = MINUTES * 60 / len(KINDS)
    heard, _ = let_loose(kind, tmp_path, files=30 if kind != "inputs" else 15, seconds=seconds)
    assert heard.faults == {}
    assert heard.refused or kind in ("corrections", "notices"), "the noise does no harm"
    record_property("files of noise read or refused", heard.files)
    record_property("seconds of noise", round(seconds))
