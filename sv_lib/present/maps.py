"""Wards on a page: real outlines when the council has them, else tiles that are plain, readable text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib.path import Path as Outline

from sv_lib.figures.figure import Figure
from sv_lib.present import formats
from sv_lib.present.drawing import INK, LOOK, NARROW, WIDTHS, Sheet, picture
from sv_lib.present.html import Html, figure, join, link, paragraph, tag, text_of
from sv_lib.present.tables import source_line

SHADES = ("#EAF1F7", "#C6DAEA", "#93BBDB", "#2E6FA7", "#12436D")
TALLEST = 0.85
"""Height of a map over its width, at most."""
WARD_CODE_KEY = re.compile(r"WD\d\dCD")


@dataclass(frozen=True)
class Tile:
    """A ward on a map: its value, where it links to, and its place in the grid (from 1) when the council gives one."""

    code: str
    name: str
    number: Figure | formats.Amount
    href: str = ""
    row: int | None = None
    column: int | None = None


def tile_map(
    id: str, tiles: Sequence[Tile], *, title: str, subtitle: str, source: str, table_id: str,
    style: formats.Style = "short", highlight: str = "",
) -> Html:  # fmt: skip
    """Wards as tiles in the order given, darker for more. They are text, so they need no alt text and can be links."""
    shades = _shades(tiles)
    placed = all(tile.row and tile.column for tile in tiles)
    items = join(_tile(tile, shades[tile.code], style, tile.code == highlight, placed) for tile in tiles)
    grid = tag("ul", items, css_class="tile-grid placed" if placed else "tile-grid", role="list")
    return tag("figure", join([_caption(title, subtitle), grid, _below(source, table_id)]), css_class="tiles", id=id)


def _tile(tile: Tile, shade: int, style: formats.Style, is_here: bool, placed: bool) -> Html:
    name = link(tile.name, tile.href) if tile.href else tag("span", tile.name)
    number = figure(tile.number, style) if isinstance(tile.number, Figure) else formats.display(tile.number, style)
    where = f"--at:{tile.row}/{tile.column}" if placed else None
    return tag(
        "li", join([tag("span", name, css_class="tile-name"), " ", tag("strong", number)]),
        css_class=f"tile shade-{shade}" + (" here" if is_here else ""), style=where,
    )  # fmt: skip


def _shades(tiles: Sequence[Tile]) -> dict[str, int]:
    """Five shades with as many wards each, equal values alike; 0 for a ward whose value is not shown."""
    values = sorted(tile.number.value for tile in tiles if tile.number.value is not None)
    return {
        tile.code: 0 if tile.number.value is None else 1 + 5 * values.index(tile.number.value) // len(values)
        for tile in tiles
    }


def _caption(title: str, subtitle: str) -> Html:
    if not text_of(title).strip() or not text_of(subtitle).strip():
        raise ValueError("a map needs a title and a subtitle")
    return tag(
        "figcaption", join([paragraph(title, css_class="chart-title"), paragraph(subtitle, css_class="chart-subtitle")])
    )


def _below(source: str, table_id: str) -> Html:
    return source_line(join([source, " ", tag("a", "The same values as a table", href=f"#{table_id}"), "."]))


def outline_map(
    id: str, tiles: Sequence[Tile], boundaries: Path, *, title: str, subtitle: str, source: str, alt: str,
    table_id: str, style: formats.Style = "short", highlight: str = "",
) -> Html:  # fmt: skip
    """Wards in their real outlines, each with its printed value. Raises ValueError for a ward without an outline."""
    if not text_of(alt).strip():
        raise ValueError(f"map {id} has no alt text")
    shapes = read_boundaries(boundaries)
    missing = [tile.name for tile in tiles if tile.code not in shapes]
    if missing:
        raise ValueError(f"{boundaries.name} holds no outline for {', '.join(missing)}")
    values = "; ".join(f"{tile.name}: {formats.display(tile.number, style)}" for tile in tiles) + "."
    sheets = [_draw(tiles, shapes, width, style, highlight) for width in (WIDTHS["full"], NARROW)]
    image = picture(sheets[0], sheets[1], text_of(alt), values)
    return tag(
        "figure",
        join([_caption(title, subtitle), image, _below(source, table_id)]),
        css_class="chart chart-full",
        id=id,
    )


Ring = list[tuple[float, float]]


def read_boundaries(path: Path) -> dict[str, list[Ring]]:
    """Ward code -> rings of longitude and latitude, from GeoJSON whose code property is named like ``WD25CD``."""
    shapes: dict[str, list[Ring]] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        code = next((value for key, value in feature["properties"].items() if WARD_CODE_KEY.fullmatch(key)), None)
        geometry: dict[str, Any] = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        if code is not None:
            shapes[code] = [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]
    return shapes


def _draw(
    tiles: Sequence[Tile], shapes: dict[str, list[Ring]], width: float, style: formats.Style, highlight: str
) -> Sheet:
    points = [point for tile in tiles for ring in shapes[tile.code] for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min((width - 4) / ((east - west) * squeeze), width * TALLEST / (north - south))
    sheet = Sheet(width, (north - south) * scale + 4)
    margin = (width - (east - west) * squeeze * scale) / 2
    shades = _shades(tiles)
    text_size = 8.5 if width > 300 else 7.0
    for tile in sorted(tiles, key=lambda tile: tile.code == highlight):
        rings = [
            _thin([(margin + (x - west) * squeeze * scale, (north - y) * scale + 2) for x, y in ring])
            for ring in shapes[tile.code]
        ]
        outline = Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))
        is_here, shade = tile.code == highlight, shades[tile.code]
        sheet.area(
            outline, SHADES[shade - 1] if shade else "#FFFFFF", LOOK if is_here else INK, 2.0 if is_here else 0.6
        )
        x, y = _centre(max(rings, key=lambda ring: abs(_ring_area(ring))))
        colour = "#FFFFFF" if shade >= 4 else INK
        sheet.text(x, y, formats.display(tile.number, style), text_size, bold=True, anchor="center", colour=colour)
    return sheet


def _thin(ring: Ring) -> Ring:
    """Points closer than half a point on paper are one."""
    kept = ring[:1]
    for x, y in ring[1:-1]:
        if math.hypot(x - kept[-1][0], y - kept[-1][1]) >= 0.5:
            kept.append((round(x, 1), round(y, 1)))
    return [*kept, kept[0]]


def _ring_area(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _centre(ring: Ring) -> tuple[float, float]:
    """The centre of gravity of an outline, where its value is printed."""
    size = _ring_area(ring) * 6
    crosses = [(x1 + x2, y1 + y2, x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairwise(ring)]
    return sum(x * cross for x, _, cross in crosses) / size, sum(y * cross for _, y, cross in crosses) / size
