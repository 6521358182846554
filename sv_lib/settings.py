"""Settings as frozen models read from YAML, and all their faults in plain words."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from sv_lib.errors import without_breaks
from sv_lib.strict_yaml import data_beside, parse_yaml

Model = TypeVar("Model", bound="Settings")
NO_SPACE = re.compile(r"^[\s-]*([A-Za-z_]+):(?=[^\s:/])")
UK_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
SHAPES = data_beside(__file__, dict[str, str])
"""How a pattern begins -> what it asks for, in words."""

OF_0_1 = {"deadweight_pct"}
"""Parameters of version 0.1 that are written otherwise now."""


class Settings(BaseModel):
    """Settings that cannot change; a key that the model does not have is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def as_list(faults: Sequence[str]) -> str:
    """Faults as the lines of an error message."""
    return "\n".join(f"  - {fault}" for fault in faults)


def parsed(text: str, name: str, model: type[Model], faults: list[str]) -> Model | None:
    """The settings that a YAML text holds; None when it has faults, which join ``faults``.

    ``name`` is the file's name, with which each fault begins.
    """
    hidden = [f"{name}: {fault}" for fault in _hidden_characters(text)]
    faults += hidden
    try:
        settings = model.model_validate(parse_yaml(text))
    except yaml.YAMLError as fault:
        faults.append(f"{name}: {_yaml_in_words(fault, text)}")
    except ValidationError as invalid:
        faults += [f"{name}: {_in_words(error, model)}" for error in invalid.errors()]
    else:
        return None if hidden else settings
    return None


def _hidden_characters(text: str) -> Iterator[str]:
    """Characters that nobody sees and that change how a page reads: a right-to-left mark."""
    for number, line in enumerate(text.splitlines(), start=1):
        for character in dict.fromkeys(line):
            if unicodedata.category(character) == "Cf":
                called = unicodedata.name(character, "without a name").lower()
                yield (
                    f"line {number}: a character that cannot be seen ({called}, "
                    f"U+{ord(character):04X}); delete it, or type the line anew"
                )


def _yaml_in_words(fault: yaml.YAMLError, text: str) -> str:
    """What keeps a text from being YAML: a tab, a space that is missing, else in YAML's words."""
    if not isinstance(fault, yaml.MarkedYAMLError) or fault.problem_mark is None:
        return without_breaks(fault)
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            return f"line {number} begins with a tab; use spaces instead"
        unspaced = NO_SPACE.match(line)
        if unspaced:
            key = unspaced[1]
            return f"line {number}: write a space after '{key}:'"
    at = fault.problem_mark.line + 1
    return (
        f"line {at}: {fault.problem}; look for a missing colon, quotation mark or bracket near it"
    )


def _in_words(error: Any, model: type[Settings]) -> str:
    """An error of pydantic in plain words, with the nearest known key for a misspelt one."""
    where = ".".join(str(part)[:80] for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        return _unknown_key(error, where, model)
    if error["type"] == "missing":
        return f"'{where}' is missing"
    found = str(error["input"])[:60]
    if error["type"].startswith("date"):
        return f"'{where}': '{found}' is not a date; write {_day_meant(found)}"
    if error["type"] == "string_pattern_mismatch":
        pattern = error["ctx"]["pattern"].lstrip("^")
        shape = next(words for begin, words in SHAPES.items() if pattern.startswith(begin))
        return f"'{where}': '{found}' is not {shape}"
    message = error["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    said = f"'{where}': {message[:1].lower()}{message[1:]}"
    # Of two settings that contradict each other the message names both.
    return said if isinstance(error["input"], dict) else f"{said} (found {found!r})"


def _day_meant(text: str) -> str:
    """A date that is written day first as our files write it; an example for all else."""
    found = UK_DATE.fullmatch(text.strip())
    if not found:
        return "year, month and day, such as 2022-06-30"
    day, month, year = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _unknown_key(error: Any, where: str, model: type[Settings]) -> str:
    key = str(error["loc"][-1])
    known = _known_keys(model, error["loc"][:-1])
    said, colon, _ = key.partition(":")
    if colon and said in known:
        return f"'{where[:80]}': write a space after '{said}:'"
    if key in OF_0_1:
        return f"'{where}' is a parameter of version 0.1; svreport upgrade writes it anew"
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}"
    return f"'{where}' is not a parameter; {hint}"


def _known_keys(model: type[Settings], path: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand at a place of a model."""
    here: Any = model
    for part in path:
        if part not in here.model_fields:
            continue  # an entry of a list or mapping: its keys are those of the model in it
        annotation = here.model_fields[part].annotation
        inner = getattr(annotation, "__args__", ())
        here = next((arg for arg in inner if hasattr(arg, "model_fields")), annotation)
    return list(here.model_fields)
