"""Documents that an intake of an older release wrote into an index of this one."""

from __future__ import annotations

from collections.abc import Iterator

from worker.care.note import Note
from worker.container import Container
from worker.wording import counted


def behind(container: Container) -> Iterator[Note]:
    """How many: no search by date finds them, and Kibana shows none of them."""
    from indexing.writing import states

    if lacking := states.behind(container.client, container.settings.index):
        yield Note(
            "behind",
            f"{counted(lacking, 'document')} of an older release came after "
            "`index migrate`: no search by date finds any",
            "End what runs of the older release, then run `depesche index migrate --force`",
            wrong=True,
        )
