"""Markup that ends all that it begins, so that what stands after it is read as it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*+>""")
"""A whole tag: one whose end is in a quotation has none, and swallows what stands after it."""
VOID = (
    *("area", "base", "br", "col", "embed", "hr", "img", "input"),
    *("link", "meta", "param", "source", "track", "wbr"),
)
"""Elements that have no end."""


def open_end(markup: str) -> str:
    """Why markup would change how what follows is read; blank where it would not."""
    if "<" in TAG.sub("", markup):
        return "a tag that does not end"
    balance = _Balance()
    balance.feed(markup)
    balance.close()
    if balance.begun:
        return f"a <{balance.begun[-1]}> that does not end"
    return balance.fault


class _Balance(HTMLParser):
    """Reads which elements markup begins and does not end."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.fault = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 as the parent calls it
        if tag not in VOID:
            self.begun.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.begun[-1:] == [tag]:
            self.begun.pop()
        else:
            self.fault = self.fault or f"a </{tag}> that ends nothing"
