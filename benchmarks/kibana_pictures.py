"""Pictures of Kibana's dashboards, drawn of what Elasticsearch answers to their panels: SVG files.

They show what a dashboard holds and where, not how Kibana draws it. matplotlib draws them (extra
``benchmarks``); the same answers always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from tests.kibana_articles import World
from tests.kibana_by_hand import down
from tests.kibana_objects import Line, controls, of_kind, panels
from tests.kibana_panels import CHOSEN, LINES, SEARCHES, answer, grid, hits
from tests.kibana_shown import Shown, listed, shown

#: Inches of one of the 48 columns and of one row of Kibana's grid; lines of text in an inch.
_COLUMN, _ROW, _LINES = 0.27, 0.21, 5.4
_INK, _PALE, _LINE = "#1d2a3e", "#69707d", "#d3dae6"
_COLOURS = ("#16406c", "#c4572e", "#3c8d5a", "#8a5aa8", "#b38600", "#2a8c99", "#a3324a", "#5b6b7a")
#: Of the map's tiles; the lines that are drawn on it, in degrees.
_PRECISION, _EAST, _NORTH = 5, range(0, 150, 20), range(20, 71, 10)
_HEAD = 4


def draw(filled: World, folder: Path) -> Iterator[Path]:
    """Draw every dashboard into ``folder`` and yield the files."""
    settings = {"svg.fonttype": "none", "svg.hashsalt": "depesche", "font.size": 8}
    with mpl.rc_context(settings):
        for line in of_kind(LINES, "dashboard"):
            path = folder / f"{line['id'].removeprefix('depesche-')}.svg"
            _dashboard(filled, line).savefig(path, metadata={"Date": None, "Creator": None})
            yield path


def _dashboard(filled: World, line: Line) -> Figure:
    laid_out = panels(line)
    rows = _HEAD + max(p["gridData"]["y"] + p["gridData"]["h"] for p in laid_out)
    figure = Figure(figsize=(48 * _COLUMN, rows * _ROW))
    _head(figure, line, rows)
    for panel in laid_out:
        at = panel["gridData"]
        left, bottom = at["x"] / 48, 1 - (_HEAD + at["y"] + at["h"]) / rows
        axes = figure.add_axes((left, bottom, at["w"] / 48, at["h"] / rows))
        _frame(axes, at)
        _panel(filled, panel, axes, CHOSEN.get(line["id"], ""))
    return figure


def _head(figure: Figure, line: Line, rows: int) -> None:
    """The title, and the controls with what is chosen in them."""
    axes = figure.add_axes((0, 1 - _HEAD / rows, 1, _HEAD / rows))
    _frame(axes, {"w": 48, "h": _HEAD}, border=False)
    axes.text(0.4, _HEAD - 1.3, line["attributes"]["title"], size=13, weight="bold", color=_INK)
    chosen = CHOSEN.get(line["id"], "")
    if chosen:
        axes.text(24, _HEAD - 1.3, f"KQL  {chosen}", size=9, color=_PALE, family="monospace")
    for number, control in enumerate(controls(line)):
        axes.add_patch(Rectangle((0.4 + 12 * number, 0.3), 11, 1.3, fc="white", ec=_LINE))
        axes.text(0.8 + 12 * number, 0.7, f"{control['title']}: alle", color=_PALE)


def _frame(axes: Axes, at: Line, *, border: bool = True) -> None:
    """Make an axes of as many units as the panel has columns and rows, y upwards."""
    axes.set_xlim(0, at["w"])
    axes.set_ylim(0, at["h"])
    axes.axis("off")
    if border:
        box = (0.15, 0.1), at["w"] - 0.3, at["h"] - 0.2
        axes.add_patch(Rectangle(*box, fc="white", ec=_LINE, lw=0.8))


def _panel(filled: World, panel: Line, axes: Axes, kql: str) -> None:
    config = panel["embeddableConfig"]
    if panel["type"] == "lens":
        what = shown(panel, answer(filled, panel, kql))
        _FORMS.get(what.kind, _table)(axes, what)
    elif panel["type"] == "search":
        search = SEARCHES[_named(panel)]
        total, found = hits(filled, search, kql)
        what = listed(search, found)
        _table(axes, Shown(f"{config['title']} ({total})", what.kind, what.columns, what.rows))
    elif panel["type"] == "map":
        (line,) = of_kind(LINES, "map")
        _map(axes, config["title"], grid(filled, line, _PRECISION, kql))
    elif panel["type"] == "links":
        _links(axes, [link["label"] for link in config["attributes"]["links"]])
    else:
        _words(axes, config["savedVis"]["title"], config["savedVis"]["params"]["markdown"])


def _named(panel: Line) -> str:
    """The id of the saved object that a panel shows."""
    name = f"{panel['panelIndex']}:{panel['panelRefName']}"
    references = [r for line in of_kind(LINES, "dashboard") for r in line["references"]]
    return str(next(r["id"] for r in references if r["name"] == name))


def _size(axes: Axes) -> tuple[float, float]:
    return axes.get_xlim()[1], axes.get_ylim()[1]


def _title(axes: Axes, title: str) -> None:
    width, height = _size(axes)
    axes.text(0.5, height - 1.2, _cut(title, width), weight="bold", color=_INK)


def _cut(text: str, width: float, size: float = 8) -> str:
    """As much of a text as goes into so many columns of the grid."""
    most = max(2, int(width * _COLUMN * 72 / size / 0.56))
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _tile(axes: Axes, what: Shown) -> None:
    width, height = _size(axes)
    ((number,),) = what.rows
    axes.text(0.5, height - 1.5, _cut(what.columns[0], width - 0.6), color=_PALE)
    axes.text(0.5, 0.9, number, size=20, weight="bold", color=_INK)


def _table(axes: Axes, what: Shown) -> None:
    """Rows as far as there is room, and how many there are more; widths by what is in them."""
    _title(axes, what.title)
    width, height = _size(axes)
    step = 1 / _ROW / _LINES
    fits = max(1, int((height - 2.2) / step) - 2)
    starts, widths = _widths(what, width - 1, what.rows[:fits])
    for number, row in enumerate([what.columns, *what.rows[:fits]]):
        y = height - 2.5 - number * step
        for cell, start, room in zip(row, starts, widths, strict=True):
            axes.text(start, y, _cut(cell, room - 0.4), color=_INK if number else _PALE)
        axes.plot((0.5, width - 0.5), (y - 0.3, y - 0.3), color=_LINE, lw=0.5)
    if len(what.rows) > fits:
        more = f"… und {len(what.rows) - fits} weitere"
        axes.text(0.5, 0.5, more, color=_PALE, style="italic")
    if not what.rows:
        axes.text(0.5, height / 2 - 1, "Keine Ergebnisse", color=_PALE, style="italic")


def _widths(
    what: Shown, room: float, rows: Sequence[Sequence[str]]
) -> tuple[list[float], list[float]]:
    cells = [what.columns, *rows]
    longest = [max(len(row[n]) for row in cells) for n in range(len(what.columns))]
    lengths = [min(60, max(9, each) + 3) for each in longest]
    widths = [room * length / sum(lengths) for length in lengths]
    starts = [0.5 + sum(widths[:n]) for n in range(len(widths))]
    return starts, widths


def _inner(axes: Axes, legend: float = 0) -> Axes:
    """An axes for a chart, below the title, with so many columns beside it."""
    width, height = _size(axes)
    room = width - 2.6 - legend, height - 4
    inner = axes.inset_axes((2 / width, 1.8 / height, room[0] / width, room[1] / height))
    inner.tick_params(colors=_PALE, labelsize=7, length=2)
    inner.spines[["top", "right"]].set_visible(False)
    inner.spines[["left", "bottom"]].set_color(_LINE)
    inner.grid(axis="y", color=_LINE, lw=0.5)
    inner.set_axisbelow(True)
    return inner


def _series(what: Shown) -> dict[str, dict[str, float]]:
    """Part -> point in time -> number; of several numbers the parts are their names."""
    series: dict[str, dict[str, float]] = {}
    dated = _dated(what)
    for row in what.rows:
        parts = [cell for n, cell in enumerate(row[:-1]) if n != dated and _is_text(what, n)]
        for number in range(len(row)):
            if number == dated or (parts and number != len(row) - 1):
                continue
            name = parts[0] if parts else what.columns[number]
            value = row[number].replace(",", "")
            if value != "–":
                series.setdefault(name, {})[row[dated][:10]] = float(value)
    return series


def _dated(what: Shown) -> int:
    """Which column is the time."""
    return next(n for n, cell in enumerate(what.rows[0]) if cell[:4].isdigit() and "-" in cell)


def _is_text(what: Shown, column: int) -> bool:
    return not what.rows[0][column].replace(",", "").replace(".", "").replace("–", "").isdigit()


def _over_time(axes: Axes, what: Shown) -> None:
    _title(axes, what.title)
    if not what.rows:
        return
    series = _series(what)
    inner = _inner(axes, legend=6.5 if len(series) > 1 else 0)
    times = sorted({time for points in series.values() for time in points})
    bottom = [0.0] * len(times)
    for number, (name, points) in enumerate(series.items()):
        heights = [points.get(time, 0.0) for time in times]
        look: Any = {"color": _COLOURS[number % len(_COLOURS)], "label": _cut(name, 6)}
        if what.kind == "line":
            inner.plot(range(len(times)), heights, marker="o", ms=4, lw=1.4, **look)
        else:
            inner.bar(range(len(times)), heights, bottom=bottom, width=0.7, **look)
            bottom = [b + h for b, h in zip(bottom, heights, strict=True)]
    inner.set_xticks(range(len(times)), [time[:4] for time in times])
    inner.set_xlim(-0.6, len(times) - 0.4)
    inner.set_ylim(0, inner.get_ylim()[1] * 1.1)
    inner.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    if len(series) > 1:
        inner.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1, 1.05))


def _pie(axes: Axes, what: Shown) -> None:
    _title(axes, what.title)
    width, height = _size(axes)
    inner = axes.inset_axes((0.05, 0.05, 0.5, 1 - 2.5 / height))
    inner.pie(
        [float(row[-1].replace(",", "")) for row in what.rows],
        colors=_COLOURS,
        wedgeprops={"width": 0.45, "ec": "white"},
    )
    for number, row in enumerate(what.rows):
        y = height * 0.6 - 1.2 * number
        axes.add_patch(Rectangle((width * 0.58, y), 0.6, 0.6, fc=_COLOURS[number]))
        axes.text(width * 0.58 + 1, y, f"{row[0]}  {row[-1]}", color=_INK)


def _map(axes: Axes, title: str, counted: dict[str, int]) -> None:
    """Circles where the tiles lie, on the lines of the globe: the ground itself is Elastic's."""
    _title(axes, title)
    inner = _inner(axes)
    for key, number in sorted(counted.items()):
        zoom, x, y = map(int, key.split("/"))
        at = (x + 0.5) / 2**zoom, 1 - (y + 0.5) / 2**zoom
        inner.scatter(*at, s=60 + 60 * number, color=_COLOURS[0], alpha=0.75, lw=0)
        inner.text(*at, str(number), **_MIDDLE)
    inner.set_xticks([(each + 180) / 360 for each in _EAST], [f"{each}° O" for each in _EAST])
    inner.set_yticks([1 - down(each) for each in _NORTH], [f"{each}° N" for each in _NORTH])
    inner.margins(0.08, 0.1)
    inner.grid(color=_LINE, lw=0.5)


_MIDDLE: Any = {"ha": "center", "va": "center", "color": "white", "size": 7, "weight": "bold"}


def _links(axes: Axes, labels: Sequence[str]) -> None:
    width, height = _size(axes)
    for number, label in enumerate(labels):
        short = label.removeprefix("Depesche: ")
        x = 0.6 + number * (width - 1) / len(labels)
        axes.text(x, height / 2 - 0.3, _cut(short, width / len(labels)), color="#0b64dd")


def _words(axes: Axes, title: str, markdown: str) -> None:
    _title(axes, title)
    width, height = _size(axes)
    plain = markdown.replace("**", "").replace("`", "")
    axes.text(0.5, height - 2.2, "\n".join(_lines(plain, width)), va="top", color=_INK)


def _lines(text: str, width: float) -> Iterator[str]:
    left = " ".join(text.split())
    while left:
        cut = _cut(left, width - 1)
        taken = cut[: cut.rfind(" ")] if cut.endswith("…") else cut
        yield taken
        left = left[len(taken) :].strip()


_FORMS: dict[str, Callable[[Axes, Shown], None]] = {
    "lnsMetric": _tile,
    "lnsPie": _pie,
    "bar_stacked": _over_time,
    "line": _over_time,
}
