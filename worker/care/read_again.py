"""What is to be read again, and since when: ``depesche reenrich``."""

from __future__ import annotations

from collections.abc import Iterator

from worker.care.note import Note
from worker.container import Container
from worker.wording import counted


def read_again(container: Container) -> Iterator[Note]:
    """How many documents are left of what was asked; they keep what was read before."""
    from indexing.writing import reenrich

    client, index = container.client, container.settings.index
    requests = reenrich.read(client, index)
    if requests.open and (
        left := reenrich.matching(client, index, reenrich.due_by(*requests.open))
    ):
        asked = ", ".join(sorted(request.at for request in requests.open))
        yield Note(
            "read_again", f"{counted(left, 'document')} to be read again, as was asked at {asked}"
        )
