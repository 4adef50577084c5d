"""Title, author and times of a document, from the small XML files that packed formats have."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.documents.xml import read_xml

_LONGEST = 2_000


def read_properties(data: bytes, names: Mapping[str, str], depth: int) -> dict[str, str]:
    """Return the texts of the elements named, by what ``names`` calls them; the first of each."""
    if not data:
        return {}
    wanted = _Texts(names)
    read_xml(data, wanted, depth)
    return {name: " ".join(text.split()) for name, text in wanted.texts.items() if text.strip()}


class _Texts:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names, self._within, self.texts = names, "", dict[str, str]()

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        wanted = self._names.get(name, "")
        self._within = "" if wanted in self.texts else wanted

    def end(self, _name: str) -> None:
        self._within = ""

    def data(self, text: str) -> None:
        if self._within:
            self.texts[self._within] = (self.texts.get(self._within, "") + text)[:_LONGEST]
