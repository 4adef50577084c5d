"""Indices in memory: documents with versions, aliases, blocks, and what a refresh lets be seen."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.fakes.analysis import Json
from tests.fakes.fields import Document, Schema
from tests.fakes.matching import Scope
from tests.fakes.refused import Refused


@dataclass
class Index:
    """One concrete index. A search sees what was there at the last refresh."""

    name: str
    mappings: Json = field(default_factory=dict)
    settings: Json = field(default_factory=dict)
    aliases: Json = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    visible: list[Document] = field(default_factory=list)
    next_seq_no: int = 0
    uuid: str = field(default_factory=lambda: uuid4().hex)

    @property
    def schema(self) -> Schema:
        """Its mapping."""
        return Schema(self.mappings)

    @property
    def blocks(self) -> list[str]:
        """The blocks that are set."""
        prefix = "index.blocks."
        return [k.removeprefix(prefix) for k, v in self.settings.items() if prefix in k and v]

    def refresh(self) -> None:
        """Let searches see all that was written."""
        self.visible = list(self.documents.values())

    def scope(self) -> Scope:
        """What searches see now, and from now on the same."""
        return Scope(self.schema, tuple(self.visible))

    def check_writes(self) -> None:
        """Raise where a block holds writes off."""
        if self.blocks:
            reason = f"index [{self.name}] blocked by: {self.blocks}"
            raise Refused(403, "cluster_block_exception", reason)

    def create(self, id_: str, source: Json) -> Document:
        """A new document; a conflict where there is one."""
        if id_ in self.documents:
            raise Refused(409, "version_conflict_engine_exception", f"[{id_}]: exists already")
        return self.put(id_, source)

    def update(self, id_: str, part: Json, seq_no: int | None = None) -> Document:
        """Change some fields, if nobody has written the document since ``seq_no``."""
        known = self.documents.get(id_)
        if known is None:
            raise Refused(404, "document_missing_exception", f"[{id_}]: document missing")
        self._check(id_, seq_no)
        return self.put(id_, merged(known.source, part))

    def replace(self, id_: str, source: Json, seq_no: int) -> Document:
        """Write a whole document over another, if nobody has written it since ``seq_no``."""
        self._check(id_, seq_no)
        return self.put(id_, source)

    def remove(self, id_: str, seq_no: int | None) -> None:
        """Take a document away, if nobody has written it since ``seq_no``, where that is given."""
        self.check_writes()
        self._check(id_, seq_no)
        del self.documents[id_]

    def _check(self, id_: str, seq_no: int | None) -> None:
        known = self.documents.get(id_)
        if seq_no is not None and (known is None or known.seq_no != seq_no):
            current = known.seq_no if known else "none"
            reason = f"[{id_}]: required seqNo [{seq_no}], current [{current}]"
            raise Refused(409, "version_conflict_engine_exception", reason)

    def put(self, id_: str, source: Json, version: int | None = None) -> Document:
        """Write it, whatever was there; ``version`` is an external one."""
        self.check_writes()
        if fault := self.schema.fault(source):
            raise Refused(400, *fault)
        known = self.documents.get(id_)
        version = version or (known.version + 1 if known else 1)
        made = Document(id_, source, self.next_seq_no, version)
        self.next_seq_no += 1
        self.documents[id_] = made
        return made


def merged(source: Json, part: Json) -> Json:
    """Objects are merged, all else is replaced."""
    both = dict(source)
    for name, value in part.items():
        old = both.get(name)
        both[name] = (
            merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
        )
    return both


class Store:
    """All indices, by name."""

    def __init__(self) -> None:
        self.indices: dict[str, Index] = {}
        self.moments: dict[str, Scope] = {}
        self.tasks: dict[str, Json] = {}
        self.data_nodes = 1
        #: Documents for which the copying has room at once.
        self.largest_page = sys.maxsize

    def named(self, expression: str) -> list[Index]:
        """Those that a name, an alias, a pattern or a list of them means."""
        indices: dict[str, Index] = {}
        for name in expression.split(","):
            pattern = re.compile(re.escape(name).replace(r"\*", ".*"))
            fit = [
                i
                for i in self.indices.values()
                if any(map(pattern.fullmatch, (i.name, *i.aliases)))
            ]
            if not fit and "*" not in name:
                reason = f"no such index [{name}]"
                raise Refused(404, "index_not_found_exception", reason, index=name)
            indices |= {index.name: index for index in fit}
        return list(indices.values())

    def single(self, name: str) -> Index:
        """The one that a name or an alias means."""
        (index,) = self.named(name)
        return index

    def to_write(self, name: str, params: Json) -> Index:
        """The one to write to; where the request wants an alias, a plain name is refused."""
        aliased = any(name in index.aliases for index in self.indices.values())
        if params.get("require_alias") == "true" and not aliased:
            reason = f"no such index [{name}] and [require_alias] request flag is [true]"
            raise Refused(404, "index_not_found_exception", reason, index=name)
        return self.single(name)

    def create(self, name: str, body: Json) -> None:
        """A new index."""
        if name in self.indices:
            reason = f"index [{name}] already exists"
            raise Refused(400, "resource_already_exists_exception", reason)
        self.indices[name] = Index(
            name, body.get("mappings", {}), _flat(body.get("settings", {})), body.get("aliases", {})
        )


def _flat(settings: Json, above: str = "index.") -> Json:
    flat: Json = {}
    for name, value in settings.items():
        key = name if name.startswith("index") else f"{above}{name}"
        keep: Any = value if name == "analysis" or not isinstance(value, dict) else None
        flat |= {key: keep} if keep is not None else _flat(value, f"{key}.")
    return flat
