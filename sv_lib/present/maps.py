"""Wards on a page: real outlines when the council has them, else tiles that are plain, readable
text.
"""

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
from sv_lib.present import formats
from sv_lib.present.drawing import INK, LOOK, NARROW, WIDTHS, Canvas, Size, picture
from sv_lib.present.markup import Html, captioned, figure, join, link, tag, text_of
from sv_lib.present.tables import source_line

SHADES = ("#EAF1F7", "#C6DAEA", "#93BBDB", "#2E6FA7", "#12436D")
EDGE = "#828D97"
"""Edges of areas: about 3 to 1 on the lightest shade and on the darkest."""
TALLEST = 0.85
"""Height of a map over its width, at most."""


@dataclass(frozen=True)
class Tile:
    """A ward on a map: its value, where it links to, and its row/column in the grid when the
    council
    gives one.
    """

    code: str
    name: str
    number: Figure
    href: str = ""
    at: str = ""


def tile_map(
    id: str,
    tiles: Sequence[Tile],
    *,
    title: str,
    subtitle: str,
    source: str,
    table_id: str,
    highlight: str = "",
) -> Html:
    """Wards as tiles in the order given, darker for more. They are text, so they need no alt text
    and
    can be links.
    """
    shades = _shades(tiles)
    placed = all(tile.at for tile in tiles)
    items = join(_tile(tile, shades[tile.code], tile.code == highlight, placed) for tile in tiles)
    grid = tag("ul", items, css_class="tile-grid placed" if placed else "tile-grid", role="list")
    return _framed(id, "tiles", grid, title, subtitle, source, table_id)


def _tile(tile: Tile, shade: int, is_here: bool, placed: bool) -> Html:
    name = link(tile.name, tile.href) if tile.href else tag("span", tile.name)
    words = join(
        [tag("span", name, css_class="tile-name"), " ", tag("strong", figure(tile.number))]
    )
    look = f"tile shade-{shade}" + (" here" if is_here else "")
    return tag("li", words, css_class=look, style=f"--at:{tile.at}" if placed else None)


def _shades(tiles: Sequence[Tile]) -> dict[str, int]:
    """Five shades with as many wards each, equal values alike; 0 for a ward whose value is not
    shown.
    """
    values = sorted(tile.number.value for tile in tiles if tile.number.value is not None)
    return {
        tile.code: 0
        if tile.number.value is None
        else 1 + 5 * values.index(tile.number.value) // len(values)
        for tile in tiles
    }


def outline_map(
    id: str,
    tiles: Sequence[Tile],
    boundaries: Path | Shapes,
    *,
    title: str,
    subtitle: str,
    source: str,
    alt: str,
    table_id: str,
    style: formats.Style = "short",
    highlight: str = "",
    size: Size = "full",
    page: str = "",
) -> Html:
    """Wards in their outlines, each with its printed value. ``page``: where the table is, when on
    another page.

    Raises ValueError for a ward without an outline.
    """
    if not text_of(alt).strip():
        raise ValueError(f"map {id} has no alt text")
    values = (
        "; ".join(f"{tile.name}: {formats.display(tile.number, style)}" for tile in tiles) + "."
    )
    widths = (WIDTHS[size], NARROW) if size == "full" else (WIDTHS[size],)
    canvases = [
        _draw(tiles, _atlas(tiles, boundaries, width), style, highlight) for width in widths
    ]
    image = picture(canvases[0], canvases[1] if len(canvases) > 1 else None, text_of(alt), values)
    return _framed(id, f"chart chart-{size}", image, title, subtitle, source, table_id, page)


def linked_map(
    id: str,
    tiles: Sequence[Tile],
    boundaries: Path,
    *,
    title: str,
    subtitle: str,
    source: str,
    table_id: str,
) -> Html:
    """The same outlines as links, for a screen: each area is named with its value. Raises
    ValueError
    likewise.
    """
    atlas, shades = _atlas(tiles, boundaries, WIDTHS["full"]), _shades(tiles)
    areas = []
    for tile in tiles:
        said, (x, y) = formats.display(tile.number), atlas.centres[tile.code]
        lines = "".join(
            "M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in atlas.rings[tile.code]
        )
        shape = tag("path", d=lines, css_class=f"shade-{shades[tile.code]}")
        label = tag(
            "text",
            said,
            x=f"{x:g}",
            y=f"{y + 3:g}",
            css_class=f"on-{shades[tile.code]}",
            aria_hidden="true",
        )
        areas.append(tag("a", shape + label, href=tile.href, aria_label=f"{tile.name}, {said}"))
    box = f"0 0 {atlas.width:g} {atlas.height:g}"
    drawing = tag(
        "svg",
        join(areas),
        viewBox=box,
        role="group",
        aria_label=text_of(title),
        css_class="ward-areas",
    )
    return _framed(id, "chart chart-full", drawing, title, subtitle, source, table_id)


def _framed(
    id: str,
    look: str,
    body: Html,
    title: str,
    subtitle: str,
    source: str,
    table_id: str,
    page: str = "",
) -> Html:
    if not text_of(title).strip() or not text_of(subtitle).strip():
        raise ValueError("a map needs a title and a subtitle")
    below = source_line(
        join([source, " ", link("The same values as a table", f"{page}#{table_id}"), "."])
    )
    return tag("figure", join([captioned(title, subtitle), body, below]), css_class=look, id=id)


Ring = list[tuple[float, float]]
Shapes = Mapping[str, Any]


class Atlas(NamedTuple):
    """Outlines of wards in points on a canvas, y downwards, and where the value of each is
    printed.
    """

    width: float
    height: float
    rings: dict[str, list[Ring]]
    centres: dict[str, tuple[float, float]]


@cache
def outlines(path: Path) -> Shapes:
    """Ward code -> outline in longitude and latitude. Raises InputError unless it is a GeoJSON of
    wards.
    """
    found = read_boundaries(path, path.name)
    return dict(zip(found.codes, found.tree.geometries.tolist(), strict=True))


def squares(council: Council) -> Shapes:
    """Ward code -> a square in the ward's place of the council's tile map, or in rows of six where
    it
    has none.
    """
    is_placed = all(ward.tile for ward in council.wards)
    shapes = {}
    for n, ward in enumerate(council.wards):
        row, column = map(int, ward.tile.split("/")) if is_placed and ward.tile else divmod(n, 6)
        shapes[ward.code] = shapely.box(column, -0.74 * row - 0.7, column + 0.96, -0.74 * row)
    return shapes


def _atlas(tiles: Sequence[Tile], boundaries: Path | Shapes, width: float) -> Atlas:
    """The outlines on a canvas of that width. Raises ValueError for a ward without one."""
    shapes = outlines(boundaries) if isinstance(boundaries, Path) else boundaries
    missing = [tile.name for tile in tiles if tile.code not in shapes]
    if missing:
        raise ValueError(f"the boundaries hold no outline for {', '.join(missing)}")
    wanted = [shapes[tile.code] for tile in tiles]
    west, south, east, north = shapely.total_bounds(wanted)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min((width - 4) / ((east - west) * squeeze), width * TALLEST / (north - south))
    margin = (width - (east - west) * squeeze * scale) / 2
    origin, factors = (west, north), (squeeze * scale, -scale)
    placed = shapely.transform(wanted, lambda points: (points - origin) * factors + (margin, 2))
    areas = dict(
        zip((tile.code for tile in tiles), shapely.coverage_simplify(placed, 1.5), strict=True)
    )
    return Atlas(
        width,
        (north - south) * scale + 4,
        {code: [_ring(ring) for ring in _rings(area)] for code, area in areas.items()},
        {
            code: _ring(shapely.maximum_inscribed_circle(area, tolerance=1))[0]
            for code, area in areas.items()
        },
    )


def _rings(area: Any) -> list[Any]:
    """Outer and inner edges of an area of one part or more."""
    return [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]


def _ring(line: Any) -> Ring:
    return [(round(float(x), 1), round(float(y), 1)) for x, y in line.coords]


def _draw(tiles: Sequence[Tile], atlas: Atlas, style: formats.Style, highlight: str) -> Canvas:
    canvas, shades = Canvas(atlas.width, atlas.height), _shades(tiles)
    text_size = 8.5 if atlas.width > 300 else 6.5
    for tile in sorted(tiles, key=lambda tile: tile.code == highlight):
        outline = Outline.make_compound_path(
            *(Outline(ring, closed=True) for ring in atlas.rings[tile.code])
        )
        shade = shades[tile.code]
        edge, edge_width = (LOOK, 2.0) if tile.code == highlight else (EDGE, 0.8)
        canvas.area(outline, SHADES[shade - 1] if shade else "#FFFFFF", edge, edge_width)
        colour = "#FFFFFF" if shade >= 4 else INK
        said = formats.display(tile.number, style)
        canvas.text(
            *atlas.centres[tile.code], said, text_size, bold=True, anchor="center", colour=colour
        )
    return canvas
