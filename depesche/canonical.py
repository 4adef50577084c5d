"""The name under which the archive has a name, by the rules about names and the lists."""

from __future__ import annotations

import os
from pathlib import Path

from articles.fields import BY_NAME
from indexing.searching.query import Canonical
from tasks.data_folder import planted
from worker.enrichment.rules import Rules


class CanonicalNames:
    """The shipped rules, ``seeds/aliases.txt``, and those of a file, read anew when it changes.

    The file need not be there, and neither it nor its folder is ever made. One that another user
    may have planted is not opened.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._rules, self._shipped = path, Rules(path), Rules(Path(os.devnull))

    def current(self) -> Canonical:
        """Return what gives a name of an index field the name that indexing gives it now.

        Raises :class:`UsageError` with the number of a line that is no rule.
        """
        from extraction.entities.archive_name import archive_name

        rules = (self._shipped if planted(self._path) else self._rules).current()

        def named(field: str, name: str) -> str:
            label = BY_NAME[field].label
            return archive_name(label, name, rules) if label else name

        return named
