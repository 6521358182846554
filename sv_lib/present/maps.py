"""Wards on a page: real outlines where the council has them, else tiles that are readable text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from matplotlib.path import Path as Outline

from sv_lib.figures.figure import Figure
from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.params import Council
from sv_lib.present.drawing import INK, LOOK, NARROW, WIDTHS, Canvas, Size, picture
from sv_lib.present.formats import Style, display
from sv_lib.present.markup import Html, captioned, figure, join, link, tag, text_of
from sv_lib.present.tables import source_line

WHITE = "#FFFFFF"
SHADES = (WHITE, "#EAF1F7", "#C6DAEA", "#93BBDB", "#2E6FA7", "#12436D")
"""The first is of a ward without a value."""
EDGE = "#828D97"
"""Edges of areas: about 3 to 1 on the lightest shade and on the darkest."""
TALLEST = 0.85
"""Height of a map over its width, at most."""

Ring = list[tuple[float, float]]
Shapes = Mapping[str, Any]
"""Ward code -> outline: a shapely polygon, in longitude and latitude or on a grid."""


@dataclass(frozen=True)
class Tile:
    """A ward on a map: its value, where it links to, and its place in the council's grid.

    ``at`` is "row/column" in that grid, "" where the council gives none.
    """

    code: str
    name: str
    number: Figure
    href: str = ""
    at: str = ""


class MapWords(NamedTuple):
    """The words around a map, and the address of the table with the same values."""

    title: str
    subtitle: str
    source: str
    table: str


class Atlas(NamedTuple):
    """Outlines of wards in points on a canvas, y downwards, and where to print their values."""

    width: float
    height: float
    rings: dict[str, list[Ring]]
    centres: dict[str, tuple[float, float]]


def tile_map(id: str, tiles: Sequence[Tile], words: MapWords) -> Html:
    """Wards as tiles in the order given, darker for more; they are text and may be links."""
    shades = _shades(tiles)
    is_placed = all(tile.at for tile in tiles)
    items = []
    for tile in tiles:
        look = f"tile shade-{shades[tile.code]}"
        place = f"--at:{tile.at}" if is_placed else None
        items.append(tag("li", _tile_text(tile), css_class=look, style=place))
    look = "tile-grid placed" if is_placed else "tile-grid"
    grid = tag("ul", join(items), css_class=look, role="list")
    return _framed(id, "tiles", grid, words)


def _tile_text(tile: Tile) -> Html:
    name = tag("span", tile.name)
    if tile.href:
        name = link(tile.name, tile.href)
    title = tag("span", name, css_class="tile-name")
    return join([title, " ", tag("strong", figure(tile.number))])


def _shades(tiles: Sequence[Tile]) -> dict[str, int]:
    """Five shades with as many wards each, equal values alike; 0 for a ward without a value."""
    known = [tile.number.value for tile in tiles if tile.number.value is not None]
    values = sorted(known)
    shades = {}
    for tile in tiles:
        value = tile.number.value
        if value is None:
            shades[tile.code] = 0
        else:
            shades[tile.code] = 1 + 5 * values.index(value) // len(values)
    return shades


def outline_map(
    id: str,
    tiles: Sequence[Tile],
    shapes: Shapes,
    words: MapWords,
    *,
    alt: str,
    style: Style = "short",
    highlight: str = "",
    size: Size = "full",
) -> Html:
    """Wards in their outlines, each with its printed value.

    Raises ValueError for a ward without an outline, or a map without its words.
    """
    if not text_of(alt).strip():
        raise ValueError(f"map {id} has no alt text")
    wide = _draw(tiles, _atlas(tiles, shapes, WIDTHS[size]), style, highlight)
    narrow = None
    if size == "full":
        narrow = _draw(tiles, _atlas(tiles, shapes, NARROW), style, highlight)
    values = "; ".join(f"{tile.name}: {display(tile.number, style)}" for tile in tiles)
    image = picture(wide, narrow, text_of(alt), f"{values}.")
    return _framed(id, f"chart chart-{size}", image, words)


def linked_map(id: str, tiles: Sequence[Tile], shapes: Shapes, words: MapWords) -> Html:
    """The same outlines as links, for a screen: each area is named with its value.

    Raises ValueError for a ward without an outline, or a map without its words.
    """
    atlas = _atlas(tiles, shapes, WIDTHS["full"])
    shades = _shades(tiles)
    areas = [_linked_area(tile, atlas, shades[tile.code]) for tile in tiles]
    drawing = tag(
        "svg",
        join(areas),
        viewBox=f"0 0 {atlas.width:g} {atlas.height:g}",
        role="group",
        aria_label=text_of(words.title),
        css_class="ward-areas",
    )
    return _framed(id, "chart chart-full", drawing, words)


def _linked_area(tile: Tile, atlas: Atlas, shade: int) -> Html:
    said = display(tile.number)
    outline = "".join(_svg_path(ring) for ring in atlas.rings[tile.code])
    shape = tag("path", d=outline, css_class=f"shade-{shade}")
    x, y = atlas.centres[tile.code]
    label = tag(
        "text", said, x=f"{x:g}", y=f"{y + 3:g}", css_class=f"on-{shade}", aria_hidden="true"
    )
    return tag("a", shape + label, href=tile.href, aria_label=f"{tile.name}, {said}")


def _svg_path(ring: Ring) -> str:
    points = "L".join(f"{x:g} {y:g}" for x, y in ring)
    return f"M{points}Z"


def _framed(id: str, look: str, body: Html, words: MapWords) -> Html:
    """A map between its title and its source."""
    if not text_of(words.title).strip() or not text_of(words.subtitle).strip():
        raise ValueError("a map needs a title and a subtitle")
    table = link("The same values as a table", words.table)
    below = source_line(join([words.source, " ", table, "."]))
    title = captioned(words.title, words.subtitle)
    return tag("figure", join([title, body, below]), css_class=look, id=id)


@cache
def outlines(path: Path) -> Shapes:
    """The outlines in a GeoJSON file of wards. Raises InputError unless it is one."""
    found = read_boundaries(path, path.name)
    return dict(zip(found.codes, found.tree.geometries.tolist(), strict=True))


def squares(council: Council) -> Shapes:
    """A square for each ward, in its place of the council's tile map or in rows of six."""
    is_placed = all(ward.tile for ward in council.wards)
    shapes = {}
    for number, ward in enumerate(council.wards):
        row, column = divmod(number, 6)
        if is_placed and ward.tile:
            row, column = map(int, ward.tile.split("/"))
        top = -0.74 * row
        shapes[ward.code] = shapely.box(column, top - 0.7, column + 0.96, top)
    return shapes


def _atlas(tiles: Sequence[Tile], shapes: Shapes, width: float) -> Atlas:
    """The outlines on a canvas of that width. Raises ValueError for a ward without one."""
    missing = [tile.name for tile in tiles if tile.code not in shapes]
    if missing:
        raise ValueError(f"the boundaries hold no outline for {', '.join(missing)}")
    wanted = [shapes[tile.code] for tile in tiles]
    west, south, east, north = shapely.total_bounds(wanted)
    # A degree of longitude is shorter than one of latitude; one factor will do for a council.
    squeeze = math.cos(math.radians((south + north) / 2))
    breadth = (east - west) * squeeze
    scale = min((width - 4) / breadth, width * TALLEST / (north - south))
    margin = (width - breadth * scale) / 2

    def on_canvas(points: Any) -> Any:
        return (points - (west, north)) * (squeeze * scale, -scale) + (margin, 2)

    placed = shapely.transform(wanted, on_canvas)
    # Neighbours are made simple together, so that no gap opens between them.
    simple = shapely.coverage_simplify(placed, 1.5)
    rings = {}
    centres = {}
    for tile, area in zip(tiles, simple, strict=True):
        rings[tile.code] = _rings(area)
        circle = shapely.maximum_inscribed_circle(area, tolerance=1)
        centres[tile.code] = _points(circle)[0]
    return Atlas(width, (north - south) * scale + 4, rings, centres)


def _rings(area: Any) -> list[Ring]:
    """Outer and inner edges of an area of one part or more."""
    rings: list[Any] = []
    for part in shapely.get_parts(area):
        rings += [part.exterior, *part.interiors]
    return [_points(ring) for ring in rings]


def _points(line: Any) -> Ring:
    """The points of a line, in tenths of a point."""
    return [(round(float(x), 1), round(float(y), 1)) for x, y in line.coords]


def _draw(tiles: Sequence[Tile], atlas: Atlas, style: Style, highlight: str) -> Canvas:
    canvas = Canvas(atlas.width, atlas.height)
    shades = _shades(tiles)
    text_size = 6.5
    if atlas.width > 300:
        text_size = 8.5
    # The ward of the report comes last, so that no neighbour covers its edge.
    for tile in sorted(tiles, key=lambda tile: tile.code == highlight):
        shade = shades[tile.code]
        colour = INK
        if shade >= 4:
            colour = WHITE
        rings = [Outline(ring, closed=True) for ring in atlas.rings[tile.code]]
        area = Outline.make_compound_path(*rings)
        if tile.code == highlight:
            canvas.area(area, SHADES[shade], LOOK, 2.0)
        else:
            canvas.area(area, SHADES[shade], EDGE, 0.8)
        x, y = atlas.centres[tile.code]
        said = display(tile.number, style)
        canvas.text(x, y, said, text_size, bold=True, anchor="center", colour=colour)
    return canvas
