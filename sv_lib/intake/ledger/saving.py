"""Layouts as files: what is decided of a ledger, and the open questions as lines to complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from sv_lib.errors import ParameterError
from sv_lib.intake.files.headers import plain
from sv_lib.intake.ledger.layout import NO_ANSWERS, Layout
from sv_lib.intake.ledger.questions import Question

FOLDER = "layouts"
"""The folder beside the parameters in which layouts are kept."""
ABOVE = (
    "# How the published payments are read: our column -> their heading. Columns not named "
    "here are not read.\n"
)
Described = tuple[Layout, str, list[Question]]
"""A layout, the file that it is of, and what is still to be decided of it."""


def save_layouts(described: Iterable[Described], params: Path) -> list[Path]:
    """Write each different layout beside the parameters, for a person to edit.

    Raises ParameterError where there is no such folder, or another layout stands already.
    """
    council = params if params.is_dir() else params.parent
    if not council.is_dir():
        raise ParameterError(
            str(params),
            "there is no such folder",
            "a mapping is kept with its parameters",
            "make it",
        )
    written = []
    for number, text in enumerate(_different(described), start=1):
        number_in_name = f"-{number}" if number > 1 else ""
        path = council / FOLDER / f"payments{number_in_name}.yaml"
        _write(path, text)
        written.append(path)
    return written


def _different(described: Iterable[Described]) -> Iterator[str]:
    """The text of each layout that reads other columns; files with one layout share it."""
    alike: dict[tuple[tuple[str, str], ...], list[Described]] = {}
    for entry in described:
        columns = entry[0].columns
        key = tuple((ours, plain(theirs)) for ours, theirs in columns.items())
        alike.setdefault(key, []).append(entry)
    for entries in alike.values():
        first, _, _ = entries[0]
        headings = [heading for layout, _, _ in entries for heading in layout.headings]
        layout = first.model_copy(update={"headings": tuple(dict.fromkeys(headings))})
        yield _as_text(layout, entries)


def _as_text(layout: Layout, entries: list[Described]) -> str:
    """A layout as YAML, with the questions of its files as lines to complete."""
    settings = layout.model_dump(mode="json", include=set(NO_ANSWERS))
    columns = _yaml({"columns": settings.pop("columns")}).replace("columns: {}", "columns:")
    text = [ABOVE, columns]
    rest = [_yaml(settings)]
    for _, file, questions in entries:
        for question in questions:
            line = question.line or _yaml({"accepted": {Path(file).name: [question.words]}})
            place = text if line.startswith("  ") else rest
            place += [f"# {file}: {question.words}\n", _as_comment(line)]
    return "".join(dict.fromkeys([*text, *rest]))


def _yaml(settings: dict[str, object]) -> str:
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=10_000)


def _as_comment(lines: str) -> str:
    return "".join(f"#{line}\n" for line in lines.splitlines())


def _write(path: Path, text: str) -> None:
    # What an analyst decided is never written over.
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise ParameterError(
            f"{FOLDER}/{path.name}",
            "another mapping stands there",
            "what somebody decided would be lost",
            "edit it, or move it away and save again",
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
