"""Charts: refused without their words, drawn from their table, small, quick and the same each
time.
"""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from sample_report import number, pounds, table

from sv_lib.present import bar_charts, charts, line_chart, row_layout
from sv_lib.present.bar_charts import ChartData, ChartRow
from sv_lib.present.drawing import Canvas, data_uri
from sv_lib.present.markup import Html, figure, join
from sv_lib.present.tables import TableColumn

MONEY = TableColumn("Spend", "£ million", "millions")
ROWS = [
    ("Rotherham", pounds("g.a", "38100000")),
    ("Elsewhere", pounds("g.b", "64700000")),
    ("Not known", number("g.c", None, "pence")),
]
WORDS = {
    "title": "Most is spent elsewhere",
    "subtitle": "Payments, 2022, £",
    "alt": "Bar chart of spend by place.",
}


def spend(
    rows: Any = ROWS, columns: tuple[TableColumn, ...] = (TableColumn("Place"), MONEY)
) -> Any:
    return table("tiers", "Spend by place", columns, rows)


def drawings(html: str) -> list[ElementTree.Element]:
    """Every SVG of a chart, decoded as a browser would."""
    return [
        ElementTree.fromstring(unquote(uri))  # noqa: S314 our own
        for uri in re.findall(r'"data:image/svg\+xml,([^"]+)"', html)
    ]


def texts(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter("{http://www.w3.org/2000/svg}text")]


def test_a_chart_whole() -> None:
    title = join(["Elsewhere gets ", figure(ROWS[1][1])])
    html = charts.chart("bars", spend(), **{**WORDS, "title": title, "alt": title})
    printed = '<data class="figure" data-figure="g.b" value="6470000000">£64.7m</data>'
    assert f'<p class="chart-title">Elsewhere gets {printed}</p>' in html
    assert 'alt="Elsewhere gets £64.7m"' in html
    assert (
        'data-values="Values (Spend): Elsewhere: £64.7m; Rotherham: £38.1m; Not known: not known."'
        in html
    )
    assert '<p class="source">Source: ' in html
    assert '<details class="data"><summary>Data behind this chart<span class="unseen">' in html
    assert '<table id="tiers">' in html
    wide, narrow = sorted(drawings(html), key=lambda svg: -float(svg.get("width", "0pt")[:-2]))
    assert (
        texts(wide)
        == texts(narrow)
        == ["Elsewhere", "Rotherham", "Not known", "£64.7m", "£38.1m", "not known"]
    )


def test_small_multiples_print_the_first_and_the_last_of_each_series() -> None:
    rows = [
        ("June 2021", pounds("q.a", "1000000"), pounds("q.b", "9000000")),
        ("March 2022", pounds("q.c", "2000000"), pounds("q.d", "8000000")),
    ]
    columns = (TableColumn("Quarter"), MONEY, TableColumn("Elsewhere", "£ million", "millions"))
    html = charts.chart("multiples", spend(rows, columns), **WORDS)
    for svg in drawings(html):
        printed = texts(svg)
        assert {"Spend", "Elsewhere", "£1.0m", "£2.0m", "£9.0m", "£8.0m"} <= set(printed)


def test_a_dot_plot_keeps_the_order_of_its_table_and_names_values_once() -> None:
    rows = [
        ("1 East", pounds("d.a", "36"), pounds("d.b", "5")),
        ("2 West", pounds("d.c", "609"), pounds("d.d", "238")),
    ]
    columns = (
        TableColumn("Ward"),
        TableColumn("for each resident", "£", "bare"),
        TableColumn("without the largest", "£", "bare"),
    )
    html = charts.chart("dots", spend(rows, columns), **WORDS)
    for svg in drawings(html):
        printed = " ".join(texts(svg))
        assert printed.index("1 East") < printed.index("2 West")
        assert "£36 for each resident; £5 without the largest" in printed
        assert "£609 (£238)" in printed


@pytest.mark.parametrize(
    ("most", "expected"),
    [(100.0, [0, 25, 50, 75, 100]), (6.3, [0, 2, 4, 6]), (40.0, [0, 10, 20, 30, 40])],
)
def test_an_axis_has_a_few_round_values(most: float, expected: list[float]) -> None:
    assert line_chart.ticks(most) == expected


def test_a_line_chart_has_an_axis() -> None:
    share = TableColumn("jobs", "%", "bare")
    rows = [
        (f"{n} of 5", number(f"c.{n}", n * 20, "percent"), number(f"c.{n}.b", n * 20, "percent"))
        for n in range(1, 6)
    ]
    columns = (TableColumn("Fifths"), share, TableColumn("residents", "%", "bare"))
    html = charts.chart("lines", spend(rows, columns), **WORDS)
    for svg in drawings(html):
        assert {"0%", "25%", "50%", "75%", "100%"} <= set(texts(svg))


def test_the_names_of_a_narrow_line_chart_stand_clear_of_its_lines() -> None:
    """Eight quarters of the demonstration: the lower name stood on the upper line."""
    claimed = (53.0, 56.5, 55.4, 55.1, 55.8, 58.7, 63.7, 59.9)
    validated = (23.2, 26.1, 38.2, 37.8, 36.8, 39.6, 45.3, 50.1)
    xs = [34.0 + 27 * index for index in range(8)]
    layout = line_chart.LineLayout(241.0, 18.0, 132.0, 63.7, xs)
    drawn = [
        [(x, layout.y(value)) for x, value in zip(xs, series, strict=True)]
        for series in (claimed, validated)
    ]
    names = ["Claimed 59.9%", "Validated 50.1%"]
    ends = [line[-1][1] for line in drawn]
    heights = line_chart._clear_of_lines(layout, names, drawn, ends)
    for name, height in zip(names, heights, strict=True):
        covered = layout.width - line_chart.text_width(name, 10)
        ys = [y for line in drawn for x, y in line if x >= covered]
        assert min(abs(height - y) for y in ys) >= line_chart.APART
    assert heights[0] < min(ends) < max(ends) < heights[1] < layout.floor


@pytest.mark.parametrize("missing", ["title", "subtitle", "alt"])
def test_a_chart_without_its_words_is_refused(missing: str) -> None:
    with pytest.raises(
        ValueError, match="chart tiers has no " + {"alt": "alt text"}.get(missing, missing)
    ):
        charts.chart("bars", spend(), **{**WORDS, missing: Html("<b> </b>")})


def test_a_kind_refuses_a_table_that_does_not_suit_it() -> None:
    with pytest.raises(ValueError, match="pairs takes 2 to 2 number columns, not 1"):
        charts.chart("pairs", spend(), **WORDS)


def test_a_bridge_must_add_up_to_the_penny() -> None:
    def bridge(end: str) -> str:
        rows = [
            ("Before", pounds("b.a", "100")),
            ("New", pounds("b.b", "50")),
            ("Ended", pounds("b.c", "-30.01")),
            ("Now", pounds("b.d", end)),
        ]
        return charts.chart(
            "waterfall",
            spend(rows, (TableColumn("Cause"), TableColumn("Amount", "£", "full"))),
            **WORDS,
        )

    assert texts(drawings(bridge("119.99"))[0])[-4:] == ["£100.00", "+£50.00", "−£30.01", "£119.99"]
    for wrong in ("120.00", "119.98"):
        with pytest.raises(ValueError, match="add up exactly"):
            bridge(wrong)


def test_text_that_could_break_a_drawing_does_not() -> None:
    nasty = "A & B <Ltd> 100% 'x' \"y\" $z$ Mz"
    html = charts.chart("bars", spend([(nasty, pounds("g.a", "5"))]), **WORDS)
    assert [texts(svg)[0] for svg in drawings(html)] == [nasty, nasty]


def test_every_text_stays_on_the_sheet() -> None:
    rows = [
        ChartRow("Thurcroft & Wickersley South", (1.0, 2.0), ("£1m", "£2m")),
        ChartRow("Wath", (-3.0, 9.0), ("−£3m", "£9m")),
    ]
    for width in (147.4, 228.0, 467.7):
        drawn = bar_charts.bars(ChartData(rows, ["this", "last"]), width).svg()
        svg = ElementTree.fromstring(drawn)  # noqa: S314 our own
        for element in svg.iter("{http://www.w3.org/2000/svg}text"):
            long = row_layout.text_width(element.text or "", 10)
            x, anchor = float(element.get("x", "0")), element.get("style", "")
            left = x - (long if "anchor:end" in anchor else 0)
            assert -0.5 <= left <= left + long <= width + 0.5, element.text


def test_bars_start_at_zero_and_lengths_keep_their_proportion() -> None:
    rows = [ChartRow("a", (1.0,), ("1",)), ChartRow("b", (4.0,), ("4",))]
    svg = bar_charts.bars(ChartData(rows, ["n"]), 467.7).svg()
    ends = [
        [float(x) for x in re.findall(r"[ML] ?([\d.]+) ", path)]
        for path in re.findall(r'd="([^"]+)" style="fill:#12436d"', svg)
    ]
    starts, lengths = {min(xs) for xs in ends}, [max(xs) - min(xs) for xs in ends]
    assert len(starts) == 1
    assert lengths[1] / lengths[0] == pytest.approx(4, rel=1e-3)


def test_a_drawing_is_the_same_each_time_and_quick() -> None:
    rows = [ChartRow(f"Ward {n}", (float(n),), (str(n),)) for n in range(25)]
    first = bar_charts.bars(ChartData(rows, ["n"]), 467.7).svg()
    started = time.perf_counter()
    assert bar_charts.bars(ChartData(rows, ["n"]), 467.7).svg() == first
    assert time.perf_counter() - started < 1.5  # about 0.05 s; a slow machine is not a fault
    assert len(data_uri(first)) < 30_000


def test_a_drawing_holds_only_the_characters_it_shows() -> None:
    few, many = Canvas(50, 20), Canvas(50, 20)
    few.text(0, 10, "1")
    many.text(0, 10, "The quick brown fox jumps over the lazy dog")
    assert len(few.svg()) < len(many.svg())
    assert "<script" not in few.svg()
    assert "date" not in few.svg().lower()


def test_on_a_narrow_chart_the_line_at_zero_crosses_no_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names stand above their bars there, so the line stands beside the bars alone."""
    drawn: list[list[float]] = []
    monkeypatch.setattr(Canvas, "line", lambda _, _x, y, **_more: drawn.append(y))
    below_zero = row_layout.ChartBar(0, -5, "\N{MINUS SIGN}5")
    names = ["Ended within the period", "Continuing all through"]
    layout = row_layout.fit_rows(names, 200, [below_zero, below_zero])
    assert layout.is_stacked and layout.zero > 0
    row_layout.named_canvas(layout, [False, False])
    half = layout.bar / 2
    assert drawn == [[layout.y(row) - half, layout.y(row) + half] for row in (0, 1)]


@pytest.mark.parametrize("width", [228.0, 467.7])
def test_the_text_of_no_step_of_a_bridge_lies_on_its_bar(
    monkeypatch: pytest.MonkeyPatch, width: float
) -> None:
    """A rise above the level before, and falls through it and below it."""
    steps = {"before": 9.0, "rise": 1.0, "through": -3.0, "below": -4.0, "back": 2.0, "this": 5.0}
    rows = [ChartRow(name, (value,), (f"£{value:g}m",)) for name, value in steps.items()]
    bars: dict[float, tuple[float, float]] = {}
    where: dict[str, tuple[float, float]] = {}

    def bar(_: Canvas, x: float, y: float, across: float, height: float, *_more: object) -> None:
        bars[y + height / 2] = min(x, x + across), max(x, x + across)

    def text(_: Canvas, x: float, y: float, words: str, size: float, **how: Any) -> None:
        long = row_layout.text_width(words, size)
        where[words] = (x - long, x) if how.get("anchor") == "right" else (x, x + long)
        beside = bars.get(y)
        if beside:
            first, last = where[words]
            assert last <= beside[0] or beside[1] <= first, words
            assert first >= 0 and last <= width, words

    monkeypatch.setattr(Canvas, "bar", bar)
    monkeypatch.setattr(Canvas, "text", text)
    bar_charts.waterfall(ChartData(rows, ["n"]), width)
    assert len(bars) == len(rows) and {row.texts[0] for row in rows} <= where.keys()
