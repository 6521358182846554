"""How a run tells how far it is."""

from __future__ import annotations

import io

from rich.console import Console

from sv_lib.publish.run.progress import Progress


def told(console: Console | None) -> None:
    with Progress(console) as progress:
        progress.stage("test/2022: [calculating]")
        progress.begin("test/2022", 2)
        progress.done("mid-year")


def test_one_line_a_report_where_there_is_no_terminal() -> None:
    output = io.StringIO()
    told(Console(file=output))
    assert output.getvalue().splitlines() == ["test/2022: [calculating]", "  made mid-year"]


def test_a_bar_with_the_time_left_in_a_terminal() -> None:
    output = io.StringIO()
    told(Console(file=output, force_terminal=True, width=100))
    assert "test/2022: reports" in output.getvalue()
    assert "1/2" in output.getvalue()


def test_silence_without_a_console() -> None:
    told(None)
