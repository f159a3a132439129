"""Each benchmark runs, at a size at which nothing it says means anything; the table and the chart say what was told."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks import report
from tests.benchmarks.__main__ import BENCHMARKS, main
from tests.benchmarks.timing import FIGURES, POINTS, SCALE, SKIPPED, Figure, Point, Scale, ran


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    most, times = SCALE.most, SCALE.times
    yield
    SCALE.most, SCALE.times = most, times
    for told in (FIGURES, POINTS, SKIPPED):
        told.clear()


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_runs(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, chart = tmp_path / "table.md", tmp_path / "chart.svg"
    drawn = ["--svg", str(chart)] if name == "growth" else []
    main(["--only", name, "--size", "20", "--times", "1", "--markdown", str(table), *drawn])
    said = capsys.readouterr().out
    assert FIGURES or SKIPPED
    for figure in FIGURES:
        assert figure.name in said
        assert f"| {figure.name} |" in table.read_text(encoding="utf-8")
        assert 0 < figure.least <= figure.figure <= figure.greatest
    if drawn:
        ElementTree.parse(chart)


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "everything"])
    assert "invalid choice: 'everything'" in capsys.readouterr().err


def test_a_chart_wants_growth(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "append", "--svg", "chart.svg"])
    assert "--only leaves out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("promise", "figure", "is_met"),
    [
        ("at most 2", 2.0, True),
        ("at most 2", 2.01, False),
        ("at least 0.15, and the same at every size", 0.15, True),
        ("at least 0.15, and the same at every size", 0.14, False),
        ("under 1 ms", 0.5, True),
        ("", 0.5, None),
    ],
)
def test_a_promise_is_met_or_not(promise: str, figure: float, *, is_met: bool | None) -> None:
    assert Figure("", promise, figure, figure, figure).is_met is is_met


@pytest.mark.parametrize(
    ("most", "sizes"),
    [(10**7, [1_000, 100_000, 10**6]), (20_000, [1_000, 20_000]), (1_000, [1_000]), (20, [20])],
)
def test_sizes_are_cut_to_the_most(most: int, sizes: list[int]) -> None:
    assert Scale(most).sizes(1_000, 100_000, 10**6) == sizes


def test_the_table() -> None:
    figures = [
        Figure("ours / theirs", "at most 2", 2.5, 2.25, 3.0),
        Figure("theirs / ours", "at least 0.5", 0.75, 0.5, 1.0),
        Figure("memory", "", 1234.0, 1234.0, 1234.0, "MB"),
    ]
    assert report.table(figures, ["hledger: it is not installed"]) == (
        "| figure | median | least–greatest | target | |\n"
        "| --- | ---: | ---: | --- | --- |\n"
        "| ours / theirs | 2.50 × | 2.25–3.00 | at most 2 | **not met** |\n"
        "| theirs / ours | 0.75 × | 0.50–1.00 | at least 0.5 | met |\n"
        "| memory | 1,234 MB |  |  |  |\n"
        "\n"
        "Not measured: hledger: it is not installed.\n"
    )


def test_the_chart_has_a_labelled_line_a_figure() -> None:
    points = [
        *(Point("rights record", 10**power, 30.0) for power in (4, 5, 6)),
        *(Point("scan & decode", 10**power, 0.9) for power in (4, 5, 6)),
    ]
    root = ElementTree.fromstring(report.chart(points))
    space = "{http://www.w3.org/2000/svg}"
    texts = [each.text for each in root.iter(f"{space}text")]
    assert len(list(root.iter(f"{space}polyline"))) == 2
    assert len(list(root.iter(f"{space}circle"))) == 6
    assert {"rights record: 30.00 µs", "scan & decode: 0.90 µs", "10,000", "1,000,000", "0.1", "100"} <= set(texts)


def test_a_process_is_told_its_own_memory() -> None:
    """Not that of the process that starts it."""
    ballast = bytearray(200_000_000)
    small = ran([sys.executable, "-c", "pass"])
    large = ran([sys.executable, "-c", "len(bytearray(100_000_000).replace(b'\\0', b'1'))"])
    assert small.megabytes < 100 <= large.megabytes
    assert len(ballast) == 200_000_000


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        ran([sys.executable, "-c", "raise SystemExit(1)"])
