"""YAML as a person means it: every scalar is text; tags, aliases and repeated keys are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter

DEEPEST = 12
Kind = TypeVar("Kind")


class StrictLoader(yaml.CSafeLoader):
    """YAML in which every scalar is text: ``no`` stays "no" and ``010`` stays "010"."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice; plain YAML would silently keep the last."""
        seen: dict[str, int] = {}
        for key_node, _ in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                raise yaml.YAMLError(
                    f"key '{key}' stands on line {seen[key]} and again on line {line}"
                )
            seen[key] = line
        return super().construct_mapping(node, deep)


# Resolvers turn plain scalars into numbers, dates and booleans; without them all stay text.
StrictLoader.yaml_implicit_resolvers = {}


def read_yaml(path: Path) -> Any:
    """A YAML file with every scalar as text; raises what ``parse_yaml`` does."""
    return parse_yaml(path.read_text(encoding="utf-8-sig"))


def parse_yaml(text: str) -> Any:
    """A YAML text with every scalar as text.

    Raises yaml.YAMLError on a repeated key, a tag, an alias or deep nesting.
    """
    depth = 0
    for event in yaml.parse(text, Loader=StrictLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"an alias (*{event.anchor}); write the value out")
        if tag := getattr(event, "tag", None):
            raise yaml.YAMLError(f"a tag ({tag}); write the value alone")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(f"lists or keys {depth} deep; nothing here is")
    return yaml.load(text, Loader=StrictLoader)  # noqa: S506 a SafeLoader made stricter


def load_as(kind: type[Kind], path: Path) -> Kind:
    """Read a data file of the package, checked against the type of what it holds.

    ``kind``: a dataclass or a mapping, such as ``dict[str, str]``. Raises yaml.YAMLError or
    pydantic's ValidationError, which only a mistake in the package can cause.
    """
    return TypeAdapter(kind).validate_python(read_yaml(path))


def data_beside(module: str, kind: type[Kind], name: str = "") -> Kind:
    """Read the data file beside a module, as ``load_as`` does.

    ``module``: its ``__file__``. ``name``: the file's; by default the module's own.
    """
    own = Path(module).with_suffix(".yaml")
    return load_as(kind, own.with_name(name) if name else own)
