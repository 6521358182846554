"""Wards on a map: their outlines where the council has them, else squares in its own places."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from matplotlib.path import Path as Outline

from sv_lib.figures.figure import Figure
from sv_lib.intake.input_files import locate
from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.params import Council, Publication
from sv_lib.present import fonts
from sv_lib.present.drawing import INK, LOOK, NARROW, WIDTHS, Canvas, Size, picture
from sv_lib.present.formats import Style, display
from sv_lib.present.markup import Html, captioned, join, link, tag, text_of
from sv_lib.present.tables import source_line

WHITE = "#FFFFFF"
SHADES = (WHITE, "#EAF1F7", "#C6DAEA", "#93BBDB", "#2E6FA7", "#12436D")
"""The first is of a ward without a value."""
DARK = 4
"""The first shade on which words are white."""
EDGE = "#68727B"
TALLEST: dict[Size, float] = {"full": 0.85, "half": 0.64, "third": 0.85}
"""Height of a map over its width, at most: a half stands beside a chart."""
SMALL, LARGE = 7.5, 8.5
"""Sizes of type; nothing on a map is smaller than the first."""
WIDE = 300
"""Points from which a map has the larger type and the names of wards."""
NAME_CHARACTERS = 14
"""The longest line of a ward's name on a map."""

Ring = list[tuple[float, float]]
Shapes = Mapping[str, Any]
"""Ward code -> outline: a shapely polygon, in longitude and latitude or on a grid."""


@dataclass(frozen=True)
class MapWard:
    """A ward on a map: its value, and the page it links to on a screen."""

    code: str
    name: str
    number: Figure
    href: str = ""


class MapWords(NamedTuple):
    """The words around a map, and the address of the table with the same values."""

    title: str
    subtitle: str
    source: str
    table: str


class Atlas(NamedTuple):
    """Areas of wards in points on a canvas, y downwards, and where to print their values."""

    width: float
    height: float
    areas: dict[str, Any]
    centres: dict[str, tuple[float, float]]


def shapes_of(publication: Publication) -> Shapes:
    """The outlines of a council's wards; else a square each, where it puts them on a tile map.

    Empty where it gives neither: a grid in the order of names would be no map. Raises InputError
    for a file of outlines that is none.
    """
    council = publication.council
    if council.boundaries:
        return outlines(locate(publication, council.boundaries))
    return squares(council)


@cache
def outlines(path: Path) -> Shapes:
    """The outlines in a GeoJSON file of wards. Raises InputError unless it is one."""
    found = read_boundaries(path, path.name)
    return dict(zip(found.codes, found.tree.geometries.tolist(), strict=True))


def squares(council: Council) -> Shapes:
    """A square for each ward in its place of the council's tile map; none unless each has one."""
    shapes = {}
    for ward in council.wards:
        if not ward.tile:
            return {}
        row, column = map(int, ward.tile.split("/"))
        top = -0.74 * row
        shapes[ward.code] = shapely.box(column, top - 0.7, column + 0.96, top)
    return shapes


def ward_map(
    id: str,
    wards: Sequence[MapWard],
    shapes: Shapes,
    words: MapWords,
    *,
    alt: str,
    style: Style = "short",
    highlight: str = "",
    size: Size = "full",
) -> Html:
    """Wards in their outlines, each with its printed value, and the key of the shades.

    Raises ValueError for a ward without an outline, or a map without its words.
    """
    if not text_of(alt).strip():
        raise ValueError(f"map {id} has no alt text")
    wide = _draw(wards, _atlas(wards, shapes, WIDTHS[size], TALLEST[size]), style, highlight)
    narrow = None
    if size == "full":
        narrow = _draw(wards, _atlas(wards, shapes, NARROW), style, highlight)
    values = "; ".join(f"{ward.name}: {display(ward.number, style)}" for ward in wards)
    image = picture(wide, narrow, text_of(alt), f"{values}.")
    return _framed(id, f"chart chart-{size}", image, words)


def linked_map(id: str, wards: Sequence[MapWard], shapes: Shapes, words: MapWords) -> Html:
    """The same for a screen: each area is a link, named with its value.

    Raises ValueError for a ward without an outline, or a map without its words.
    """
    atlas = _atlas(wards, shapes, WIDTHS["full"])
    shades = _shades(wards)
    areas = [_linked_area(ward, atlas, shades[ward.code]) for ward in wards]
    drawing = tag(
        "svg",
        join(areas),
        viewBox=f"0 0 {atlas.width:g} {atlas.height:g}",
        role="group",
        aria_label=text_of(words.title),
        css_class="ward-areas",
    )
    entries = [
        tag("li", words, css_class=f"shade-{shade}") for shade, words in _key(wards, "short")
    ]
    key = tag("ul", join(entries), css_class="map-key", role="list")
    return _framed(id, "chart chart-full", drawing + key, words)


def _linked_area(ward: MapWard, atlas: Atlas, shade: int) -> Html:
    said = display(ward.number)
    outline = "".join(_svg_path(ring) for ring in _rings(atlas.areas[ward.code]))
    shape = tag("path", d=outline, css_class=f"shade-{shade}")
    name = f"{ward.name}, {said}"
    drawn = join([shape, *_svg_label(ward, atlas, shade)])
    if not ward.href:
        return tag("g", drawn, role="img", aria_label=name)
    return tag("a", drawn, href=ward.href, aria_label=name)


def _on_the_map(number: Figure, style: Style = "short") -> str:
    """A value in little room: a range in signs, nothing where none may be told."""
    if number.is_known or number.kind != "hidden":
        return display(number, style)
    if number.low is None or number.high is None:
        return ""
    return f"<{number.high + 1}" if number.low <= 1 else f"{number.low}–{number.high}"


def _svg_label(ward: MapWard, atlas: Atlas, shade: int) -> list[Html]:
    """A ward's name, where there is room for it, over its value."""
    name = _name_lines(ward, atlas, LARGE)
    x, y = atlas.centres[ward.code]
    step = 1.15 * SMALL
    top = y + 3 - len(name) * step / 2
    looks = [f"name on-{shade}"] * len(name) + [f"on-{shade}"]
    return [
        tag(
            "text",
            words,
            x=f"{x:g}",
            y=f"{top + number * step:g}",
            css_class=look,
            aria_hidden="true",
        )
        for number, (words, look) in enumerate(
            zip([*name, _on_the_map(ward.number)], looks, strict=True)
        )
    ]


def _svg_path(ring: Ring) -> str:
    points = "L".join(f"{x:g} {y:g}" for x, y in ring)
    return f"M{points}Z"


def _framed(id: str, look: str, body: Html, words: MapWords) -> Html:
    """A map between its title and its source."""
    if not text_of(words.title).strip() or not text_of(words.subtitle).strip():
        raise ValueError("a map needs a title and a subtitle")
    table = link("As a table", words.table)
    below = source_line(join([words.source, " ", table, "."]))
    title = captioned(words.title, words.subtitle)
    return tag("figure", join([title, body, below]), css_class=look, id=id)


def _shades(wards: Sequence[MapWard]) -> dict[str, int]:
    """Five shades with as many wards each, equal values alike; 0 for a ward without a value."""
    known = [ward.number.value for ward in wards if ward.number.value is not None]
    values = sorted(known)
    shades = {}
    for ward in wards:
        value = ward.number.value
        if value is None:
            shades[ward.code] = 0
        else:
            shades[ward.code] = 1 + 5 * values.index(value) // len(values)
    return shades


def _key(wards: Sequence[MapWard], style: Style) -> list[tuple[int, str]]:
    """Each shade in use and the values that it stands for."""
    shades = _shades(wards)
    entries = []
    for shade in sorted(set(shades.values())):
        if shade == 0:
            entries.append((0, "a range, or too few to tell"))
            continue
        mine = [ward.number for ward in wards if shades[ward.code] == shade]
        mine.sort(key=lambda number: number.value or 0)
        ends = dict.fromkeys(display(number, style) for number in (mine[0], mine[-1]))
        entries.append((shade, " to ".join(ends)))
    return entries


def _atlas(
    wards: Sequence[MapWard], shapes: Shapes, width: float, tallest: float = TALLEST["full"]
) -> Atlas:
    """The outlines on a canvas of that width. Raises ValueError for a ward without one."""
    missing = [ward.name for ward in wards if ward.code not in shapes]
    if missing:
        raise ValueError(f"the boundaries hold no outline for {', '.join(missing)}")
    wanted = [shapes[ward.code] for ward in wards]
    west, south, east, north = shapely.total_bounds(wanted)
    # A degree of longitude is shorter than one of latitude; one factor will do for a council.
    squeeze = math.cos(math.radians((south + north) / 2))
    breadth = (east - west) * squeeze
    scale = min((width - 4) / breadth, width * tallest / (north - south))
    margin = (width - breadth * scale) / 2

    def on_canvas(points: Any) -> Any:
        return (points - (west, north)) * (squeeze * scale, -scale) + (margin, 2)

    placed = shapely.transform(wanted, on_canvas)
    # Neighbours are made simple together, so that no gap opens between them.
    simple = shapely.coverage_simplify(placed, 1.5)
    areas = {}
    centres = {}
    for ward, area in zip(wards, simple, strict=True):
        areas[ward.code] = area
        circle = shapely.maximum_inscribed_circle(area, tolerance=1)
        centres[ward.code] = _points(circle)[0]
    return Atlas(width, (north - south) * scale + 4, areas, centres)


def _rings(area: Any) -> list[Ring]:
    """Outer and inner edges of an area of one part or more."""
    rings: list[Any] = []
    for part in shapely.get_parts(area):
        rings += [part.exterior, *part.interiors]
    return [_points(ring) for ring in rings]


def _points(line: Any) -> Ring:
    """The points of a line, in tenths of a point."""
    return [(round(float(x), 1), round(float(y), 1)) for x, y in line.coords]


def _draw(wards: Sequence[MapWard], atlas: Atlas, style: Style, highlight: str) -> Canvas:
    is_wide = atlas.width > WIDE
    size = LARGE if is_wide else SMALL
    key = _key(wards, style)
    longest = max(fonts.width(words, size) for _, words in key)
    columns = max(1, int(atlas.width // (longest + 2.2 * size)))
    rows = math.ceil(len(key) / columns)
    line = 1.6 * size
    canvas = Canvas(atlas.width, atlas.height + 4 + rows * line)
    shades = _shades(wards)
    # The ward of the report comes last, so that no neighbour covers its edge.
    for ward in sorted(wards, key=lambda ward: ward.code == highlight):
        rings = [Outline(ring, closed=True) for ring in _rings(atlas.areas[ward.code])]
        edge, edge_width = (LOOK, 2.5) if ward.code == highlight else (EDGE, 0.8)
        area = Outline.make_compound_path(*rings)
        canvas.area(area, SHADES[shades[ward.code]], edge, edge_width)
    said_of = {ward.code: _on_the_map(ward.number, style) for ward in wards}
    readable = _readable(said_of, atlas, size, highlight)
    for ward in wards:
        name = _name_lines(ward, atlas, size) if is_wide else []
        colour = WHITE if shades[ward.code] >= DARK else INK
        said = said_of[ward.code] if ward.code in readable else ""
        room = _room(atlas.centres[ward.code], said, size)
        if said and not atlas.areas[ward.code].contains(room):
            # A plate in the ward's own shade: words that reach into a neighbour stay readable.
            plate = Outline(_points(room.exterior), closed=True)
            canvas.area(plate, SHADES[shades[ward.code]], EDGE, 0)
        _label(canvas, atlas.centres[ward.code], name, said, size, colour)
    for number, (shade, words) in enumerate(key):
        row, column = divmod(number, columns)
        x = 2 + column * atlas.width / columns
        y = atlas.height + 4 + (row + 0.5) * line
        top, bottom, right = y - size / 2, y + size / 2, x + size
        swatch = [(x, top), (right, top), (right, bottom), (x, bottom), (x, top)]
        canvas.area(Outline(swatch, closed=True), SHADES[shade], EDGE, 0.8)
        canvas.text(x + 1.4 * size, y, words, size)
    return canvas


def _room(centre: tuple[float, float], said: str, size: float) -> Any:
    """The box that a value takes, printed upon the centre of its ward."""
    x, y = centre
    half = fonts.width(said, size, fonts.SEMIBOLD) / 2
    return shapely.box(x - half, y - size / 2, x + half, y + size / 2)


def _readable(said: Mapping[str, str], atlas: Atlas, size: float, highlight: str) -> set[str]:
    """The wards whose value touches that of no larger ward; the table has the others."""
    placed: list[Any] = []
    readable = set()
    for code in sorted(said, key=lambda code: (code != highlight, -atlas.areas[code].area)):
        room = _room(atlas.centres[code], said[code], size)
        if not any(room.intersects(other) for other in placed):
            placed.append(room)
            readable.add(code)
    return readable


def _name_lines(ward: MapWard, atlas: Atlas, size: float) -> list[str]:
    """A ward's name in lines for the map; none where it would cross the ward's edge."""
    lines = textwrap.wrap(ward.name, NAME_CHARACTERS, break_long_words=False)
    breadth = max(fonts.width(line, SMALL) for line in lines)
    height = len(lines) * 1.15 * SMALL + size
    x, y = atlas.centres[ward.code]
    room = shapely.box(x - breadth / 2, y - height / 2, x + breadth / 2, y + height / 2)
    return lines if atlas.areas[ward.code].contains(room) else []


def _label(
    canvas: Canvas,
    centre: tuple[float, float],
    name: list[str],
    value: str,
    size: float,
    colour: str,
) -> None:
    """A ward's name, where there is room for it, over its value."""
    x, y = centre
    step = 1.15 * SMALL
    top = y - len(name) * step / 2
    for number, line in enumerate(name):
        canvas.text(x, top + number * step, line, SMALL, anchor="center", colour=colour)
    y = top + len(name) * step
    canvas.text(x, y, value, size, bold=True, anchor="center", colour=colour)
