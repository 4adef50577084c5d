"""What a document has in a field, as the mapping says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.analysis import Json, Placed, placed
from tests.fakes.times import instant

#: The largest ``integer``.
MOST = 2**31 - 1


@dataclass(frozen=True)
class Document:
    """One version of a document; a nested one has the path of its list in front of its fields."""

    id: str
    source: Json
    seq_no: int = 0
    version: int = 1
    terms: dict[str, list[Placed]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Schema:
    """The mapping of an index."""

    mappings: Json

    def kind(self, path: str) -> str:
        """The type of a field, ``""`` where there is none."""
        about = self._about(path)
        return str(about.get("type", "object" if "properties" in about else ""))

    def analyzer(self, path: str) -> str:
        """How a text field is cut into terms."""
        return str(self._about(path).get("analyzer", "exact"))

    def asks(self, path: str) -> str:
        """How a query for a text field is."""
        return str(self._about(path).get("search_analyzer", self.analyzer(path)))

    def terms(self, document: Document, path: str) -> list[Placed]:
        """The terms of a field with their places; keywords are one term each."""
        if path not in document.terms:
            texts = self.values(document, path)
            made = enumerate(texts) if self.kind(path) == "keyword" else None
            document.terms[path] = list(made or placed(texts, self.analyzer(path)))
        return document.terms[path]

    def values(self, document: Document, path: str) -> list[Any]:
        """All values of a field, of a subfield those of its parent, of ``text`` what it gathers."""
        parent = path.removesuffix(".exact").removesuffix(".folded")
        if self._is_subfield(parent):
            parent = parent.rpartition(".")[0]
        sources = [parent, *self._copied(parent)]
        return [value for name in sources for value in values(document.source, name)]

    def fault(self, source: Mapping[str, Any]) -> tuple[str, str] | None:
        """Type and reason of the error with which a document is refused, if so."""
        return next(_faults(source, self.mappings["properties"], ""), None)

    def _copied(self, target: str) -> list[str]:
        about = self.mappings["properties"].items()
        return [name for name, about_field in about if about_field.get("copy_to") == target]

    def _is_subfield(self, path: str) -> bool:
        parent, _, last = path.rpartition(".")
        return bool(parent) and last in self._about(parent).get("fields", {})

    def _about(self, path: str) -> Json:
        about: Json = {"properties": self.mappings.get("properties", {})}
        for name in path.split("."):
            inner = about.get("properties") or about.get("fields") or {}
            if name not in inner:
                return {}
            about = inner[name]
        return about


def values(source: Any, path: str) -> list[Any]:
    """All values under a dotted path, lists opened."""
    if isinstance(source, list):
        return [value for part in source for value in values(part, path)]
    if not path:
        return [] if source is None else [source]
    name, _, rest = path.partition(".")
    if not isinstance(source, Mapping) or name not in source:
        return []
    return values(source[name], rest)


def only(source: Json, wanted: Any) -> Json:
    """The parts of a source that are asked for: a list of paths or their beginnings."""
    paths = [wanted] if isinstance(wanted, str) else list(wanted)
    return _only(source, "", paths)


def _only(source: Json, above: str, paths: list[str]) -> Json:
    kept: Json = {}
    for name, value in source.items():
        path = f"{above}{name}"
        if path in paths:
            kept[name] = value
        elif any(wanted.startswith(f"{path}.") for wanted in paths):
            inner = value if isinstance(value, list) else [value]
            parts = [
                _only(wanted, f"{path}.", paths) for wanted in inner if isinstance(wanted, dict)
            ]
            kept[name] = parts if isinstance(value, list) else (parts or [{}])[0]
    return kept


def _faults(source: Any, properties: Json, above: str) -> Iterator[tuple[str, str]]:
    for name, value in source.items():
        about = properties.get(name)
        if about is None:
            yield "strict_dynamic_mapping_exception", f"[{above}{name}] is not allowed"
        elif "properties" in about:
            for part in value if isinstance(value, list) else [value]:
                yield from _faults(part, about["properties"], f"{above}{name}.")
        elif about.get("type") == "date" and value is not None:
            try:
                instant(str(value))
            except ValueError:
                yield "document_parsing_exception", f"failed to parse date field [{value}]"
        elif about.get("type") == "integer" and isinstance(value, int) and value > MOST:
            yield "document_parsing_exception", f"Numeric value ({value}) out of range of int"
