"""The console that everything for people is printed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from worker.foreign import plain, plain_lines


class PlainConsole(Console):
    """Prints text as it stands: no ``[brackets]`` and no ``:names:`` mean anything in it.

    Styles come from ``Text`` and ``style=`` alone. Control characters of what is printed are taken
    out here, behind everything that is printed by; Rich's own are added later.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "markup": False, "emoji": False, "highlight": False})

    def one_line(self, text: object, style: str | None = None) -> None:
        """Print what others wrote on one line, however long."""
        self.print(plain(text), style=style, soft_wrap=True)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As Rich renders it, in characters that move no cursor."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else _shown(segment)


def _shown(segment: Segment) -> Segment:
    text = plain_lines(segment.text)
    return segment if text == segment.text else Segment(text, segment.style)
