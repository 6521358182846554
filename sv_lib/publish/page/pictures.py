"""Pictures that stand in a page: each is what it says, still, and small enough to be drawn."""

from __future__ import annotations

import io
import re
import warnings
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree
from PIL import Image

from sv_lib.intake.photos import MOST_PIXELS

ADDRESS = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)(;[^,]*)?,(.*)", re.DOTALL)
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
RUNS_OR_MOVES = re.compile(r"script|foreignobject|iframe|audio|video|animate.*|set|handler")
"""Elements of a drawing, in small letters."""
WITHIN = re.compile(r"#|data:image/(png|jpeg);base64,")
"""Where an address in a drawing may lead: to a part of it, or to a picture that it holds."""
FETCHES = re.compile(r"@import|url\(\s*['\"]?(?!['\"]?(#|data:))", re.IGNORECASE)


def fault_of(address: str) -> str:
    """What is wrong with a picture that is written out as an address; blank where nothing is."""
    found = ADDRESS.fullmatch(address)
    if not found:
        return "a picture that is not in the page"
    kind, how, content = found.groups()
    is_packed = (how or "").endswith(";base64")
    try:
        data = b64decode(content) if is_packed else unquote(content).encode()
    except ValueError:
        return "a picture that cannot be read"
    return next(_faults_of_drawing(data), "") if kind == "svg+xml" else _fault_of_photo(data)


def _fault_of_photo(data: bytes) -> str:
    """Looks at the head of the file alone: a few bytes may unpack to a wall of pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data)) as photo:
                width, height = photo.size
                moves = getattr(photo, "is_animated", False)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return "a picture that cannot be read"
    if width * height > MOST_PIXELS:
        return f"a picture of {width * height:,} points; at most {MOST_PIXELS:,} are drawn"
    return "a picture that moves" if moves else ""


def _faults_of_drawing(data: bytes) -> Iterator[str]:
    """What an SVG holds that runs, moves, asks for a file, or grows as it is drawn."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        yield "a drawing that cannot be read"
        return
    if root.tag != f"{SVG}svg":
        yield "a drawing that is no SVG"
    if b"<!ENTITY" in data:
        yield "a drawing with words that stand for others"
    repeated = set()
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if RUNS_OR_MOVES.fullmatch(name.lower()):
            yield f"a drawing with a <{name}>"
        yield from _faults_of_part(element)
        if name == "use":
            repeated.add((element.get("href") or element.get(HREF) or "").removeprefix("#"))
    for element in root.iter(etree.Element):
        if element.get("id") in repeated and _repeats(element):
            yield "a drawing that repeats what repeats"


def _faults_of_part(element: Any) -> Iterator[str]:
    for key, value in element.attrib.items():
        name = etree.QName(key).localname.lower()
        if name.startswith("on"):
            yield "a drawing that runs something"
        if name == "href" and not WITHIN.match(value.strip()):
            yield f"a drawing that leads to '{value[:40]}'"
        if FETCHES.search(value):
            yield "a drawing that asks for a file"
    if FETCHES.search(element.text or ""):
        yield "a drawing that asks for a file"


def _repeats(element: Any) -> bool:
    return next(element.iter(f"{SVG}use"), None) is not None
