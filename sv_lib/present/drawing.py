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
from matplotlib.artist import Artist
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from sv_lib.present import fonts
from sv_lib.present.markup import Html, tag

ACCENT = "#12436D"
LOOK = "#F46A25"
TEAL = "#28A197"
PLUM = "#801650"
INK = "#3D3D3D"
FAINT = "#E8EDF2"
AXIS = "#8A949E"
SERIES = (ACCENT, LOOK, TEAL, PLUM)
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (5, 2, 1.5, 2)))

Size = Literal["full", "half", "third"]
WIDTHS: dict[Size, float] = {"full": 467.7, "half": 228.0, "third": 147.4}
"""In points. "full" is 165 mm, which paper stretches to the width of its text; a half and a third
leave room for a gap.
"""
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
NEEDLESS = re.compile(
    r"<metadata>.*?</metadata>|</?g\b[^>]*>| transform=\"rotate\(-0 [^\"]*\"", re.DOTALL
)
PATH = re.compile(r' d="[^"]*"')
STYLE = re.compile(r' style="[^"]*"')
BEFORE_COMMAND = re.compile(r"\s+(?=[MLCQz\"])")
AFTER_SIGN = re.compile(r"(?<=[:;]) ")
BETWEEN_TAGS = re.compile(r">\s+<")
WORDS = re.compile(r">[^<]+<")
NARROW = 228.0
"""The second drawing of a full-width chart, for telephones."""


@cache
def _settings() -> RcParams:
    """The Analysis Function's style with our typeface."""
    with matplotlib.style.context("afcharts.afcharts"):
        settings = matplotlib.rcParams.copy()
    settings["font.family"] = [fonts.FAMILY]
    # Text stays text, and ids are the same each time.
    settings["svg.fonttype"] = "none"
    settings["svg.hashsalt"] = "sv_lib"
    return settings


class Canvas:
    """A drawing ``width`` by ``height`` points, y downwards from the top."""

    def __init__(self, width: float, height: float) -> None:
        fonts.register()
        self.width = width
        self.height = height
        # An SVG is drawn at 72 dots an inch, so that a dot is a point.
        self._drawing = Drawing(figsize=(width / 72, height / 72), dpi=72, frameon=False)
        self._downwards = Affine2D().scale(1, -1).translate(0, height)
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
        self._drawing.text(
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
            transform=self._downwards,
        )

    def bar(
        self, x: float, y: float, width: float, height: float, colour: str, outlined: bool = False
    ) -> None:
        """A rectangle from its top left corner; a negative width goes to the left."""
        edge = 0.0
        fill = colour
        if outlined:
            # The edge lies half outside a shape, so the shape is smaller by it.
            edge = 1.0
            fill = "white"
        corner = (x + edge / 2, y + edge / 2)
        shape = Rectangle(
            corner, width - edge, height - edge, facecolor=fill, edgecolor=colour, linewidth=edge
        )
        self._add(shape)

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float = 0.75,
        dashes: Any = "-",
    ) -> None:
        """A line through points."""
        stroke = Line2D(
            xs, ys, color=colour, linewidth=width, linestyle=dashes, solid_capstyle="butt"
        )
        self._add(stroke)

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
        self._add(mark)

    def area(self, outline: Outline, colour: str, edge: str, edge_width: float) -> None:
        """A filled outline, such as a ward."""
        shape = PathPatch(outline, facecolor=colour, edgecolor=edge, linewidth=edge_width)
        self._add(shape)

    def _add(self, shape: Artist) -> None:
        shape.set_transform(self._downwards)
        self._drawing.add_artist(shape)

    def svg(self) -> str:
        """The drawing with the characters it needs and nothing that changes from run to run."""
        written = io.StringIO()
        with rc_context(_settings()):
            self._drawing.savefig(written, format="svg", metadata=NO_METADATA)
        regular = "".join(sorted(self._characters[False]))
        semibold = "".join(sorted(self._characters[True]))
        typeface = fonts.svg_css(regular, semibold)
        svg = _small(written.getvalue())
        return svg.replace("<defs>", f"<defs><style>{typeface}</style>", 1)


def _small(svg: str) -> str:
    """Matplotlib's SVG without what a drawing of ours never needs."""
    svg = svg[svg.index("<svg") :]
    # The typeface is said once, not at every text.
    svg = svg.replace("<svg ", f'<svg font-family="{fonts.FAMILY}" ', 1)
    svg = NEEDLESS.sub("", svg)
    svg = svg.replace(f"font-family: '{fonts.FAMILY}'; ", "")
    svg = PATH.sub(_short_path, svg)
    svg = STYLE.sub(_short_style, svg)
    return BETWEEN_TAGS.sub("><", svg).strip()


def _short_path(path: re.Match[str]) -> str:
    return BEFORE_COMMAND.sub("", path[0]).replace("\n", " ")


def _short_style(style: re.Match[str]) -> str:
    return AFTER_SIGN.sub("", style[0])


def picture(wide: Canvas, narrow: Canvas | None, alt: str, values: str) -> Html:
    """A drawing as an image, with its narrow version for telephones.

    ``values`` completes the alt text in print, where no table is behind the picture.
    """
    image = tag("img", src=data_uri(wide.svg()), alt=alt, data_values=values, **_pixels(wide))
    if narrow is None:
        return image
    uri = data_uri(narrow.svg())
    other = tag("source", media="(max-width: 40rem)", srcset=uri, **_pixels(narrow))
    return tag("picture", other + image)


def _pixels(canvas: Canvas) -> dict[str, Any]:
    """The size of a canvas in pixels of a screen, so that a page does not jump as it loads."""
    return {"width": round(canvas.width * 1.5), "height": round(canvas.height * 1.5)}


def data_uri(svg: str) -> str:
    """An SVG as an address of itself: shorter than base64, safe in an attribute and a srcset."""
    # Double quotes of texts become entities, because all others become single quotes below.
    svg = WORDS.sub(_escape_quotes, svg)
    return "data:image/svg+xml," + quote(svg, safe="=:/;()+@*!?").replace("%22", "'")


def _escape_quotes(words: re.Match[str]) -> str:
    return words[0].replace('"', "&quot;")
