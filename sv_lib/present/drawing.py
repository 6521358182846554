"""The canvas of charts and maps: a matplotlib figure measured in points, written as a small SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal
from urllib.parse import quote

import matplotlib.style
from matplotlib import RcParams, rc_context
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from sv_lib.present import fonts
from sv_lib.present.markup import Html, tag

ACCENT, LOOK, TEAL, PLUM, INK = "#12436D", "#F46A25", "#28A197", "#801650", "#3D3D3D"
SERIES = (ACCENT, LOOK, TEAL, PLUM)
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (5, 2, 1.5, 2)))
FAINT, AXIS = "#E8EDF2", "#8A949E"

Size = Literal["full", "half", "third"]
WIDTHS: dict[Size, float] = {"full": 467.7, "half": 228.0, "third": 147.4}
"""Points: 165 mm, which paper stretches to the width of its text; a half and a third leave room for
a
gap.
"""
NARROW = 228.0
"""The second drawing of a full-width chart, for telephones."""


@cache
def _settings() -> RcParams:
    """The Analysis Function's style with our typeface; text stays text and ids are the same each
    time.
    """
    with matplotlib.style.context("afcharts.afcharts"):
        settings = matplotlib.rcParams.copy()
    settings.update(
        {"svg.fonttype": "none", "svg.hashsalt": "sv_lib", "font.family": [fonts.FAMILY]}
    )
    return settings


class Canvas:
    """A drawing ``width`` by ``height`` points, y downwards from the top."""

    def __init__(self, width: float, height: float) -> None:
        fonts.register()
        self.width, self.height = width, height
        with rc_context(_settings()):
            self._drawing = Drawing(figsize=(width / 72, height / 72), frameon=False)
            self._axes = self._drawing.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()
        self._characters = {False: set[str](), True: set[str]()}

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 10,
        *,
        bold: bool = False,
        anchor: str = "left",
        colour: str = INK,
    ) -> None:
        """One line of text, centred upon the height ``y``."""
        self._characters[bold].update(words)
        self._axes.text(
            x,
            y + 0.33 * size,
            words,
            fontsize=size,
            fontweight=600 if bold else 400,
            ha=anchor,
            va="baseline",
            color=colour,
            parse_math=False,
            fontfamily=fonts.FAMILY,
        )

    def bar(
        self, x: float, y: float, width: float, height: float, colour: str, outlined: bool = False
    ) -> None:
        """A rectangle from its top left corner; a negative width goes to the left."""
        edge = 1.0 if outlined else 0.0
        corner, fill = (x + edge / 2, y + edge / 2), "white" if outlined else colour
        shape = Rectangle(
            corner, width - edge, height - edge, facecolor=fill, edgecolor=colour, linewidth=edge
        )
        self._axes.add_patch(shape).set_clip_on(False)

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float = 0.75,
        dashes: Any = "-",
    ) -> None:
        """A line through points."""
        self._axes.add_line(
            Line2D(
                xs,
                ys,
                color=colour,
                linewidth=width,
                linestyle=dashes,
                clip_on=False,
                solid_capstyle="butt",
            )
        )

    def dot(self, x: float, y: float, colour: str, size: float = 6) -> None:
        """A round mark with a white rim."""
        mark = Line2D(
            [x],
            [y],
            linewidth=0,
            marker="o",
            markersize=size,
            color=colour,
            markeredgecolor="white",
        )
        self._axes.add_line(mark).set_clip_on(False)

    def area(self, outline: Outline, colour: str, edge: str, edge_width: float) -> None:
        """A filled outline, such as a ward."""
        shape = PathPatch(outline, facecolor=colour, edgecolor=edge, linewidth=edge_width)
        self._axes.add_patch(shape).set_clip_on(False)

    def svg(self) -> str:
        """The drawing with the characters it needs and nothing that changes from run to run."""
        written = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with rc_context(_settings()):
            self._drawing.savefig(written, format="svg", metadata=nothing)
        typeface = fonts.svg_css(
            *("".join(sorted(self._characters[bold])) for bold in (False, True))
        )
        return _small(written.getvalue()).replace("<defs>", f"<defs><style>{typeface}</style>", 1)


def _small(svg: str) -> str:
    """Matplotlib's SVG without what a drawing of ours never needs."""
    svg = svg[svg.index("<svg") :].replace("<svg ", f'<svg font-family="{fonts.FAMILY}" ', 1)
    svg = re.sub(
        r"<metadata>.*?</metadata>|</?g\b[^>]*>| transform=\"rotate\(-0 [^\"]*\"",
        "",
        svg,
        flags=re.DOTALL,
    )
    svg = svg.replace(f"font-family: '{fonts.FAMILY}'; ", "")
    svg = re.sub(
        r' d="[^"]*"', lambda path: re.sub(r"\s+(?=[MLCQz\"])", "", path[0]).replace("\n", " "), svg
    )
    svg = re.sub(r' style="[^"]*"', lambda style: re.sub(r"(?<=[:;]) ", "", style[0]), svg)
    return re.sub(r">\s+<", "><", svg).strip()


def picture(wide: Canvas, narrow: Canvas | None, alt: str, values: str) -> Html:
    """A drawing as an image, with its narrow version for telephones. ``values`` completes the alt
    text
    in print.
    """
    image = tag("img", src=data_uri(wide.svg()), alt=alt, data_values=values, **_pixels(wide))
    if narrow is None:
        return image
    other = tag(
        "source", media="(max-width: 40rem)", srcset=data_uri(narrow.svg()), **_pixels(narrow)
    )
    return tag("picture", other + image)


def _pixels(canvas: Canvas) -> dict[str, Any]:
    return {"width": round(canvas.width * 1.5), "height": round(canvas.height * 1.5)}


def data_uri(svg: str) -> str:
    """An SVG as an address of itself: shorter than base64, and safe inside an attribute and a
    srcset.
    """
    svg = re.sub(
        r">[^<]+<", lambda words: words[0].replace('"', "&quot;"), svg
    )  # the other quotes become single
    return "data:image/svg+xml," + quote(svg, safe="=:/;()+@*!?").replace("%22", "'")
