"""Which document a mirror's text without an id of its own is: the rule. Pure.

Its path tells, where that alone has a document; else its text. A document may have gone on to
another text since: then it is none of a copy of what it was. Copies of a text to which a document
goes on now are that document's, as they are those of one that has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from articles.article import TEXT_FIELDS, Article
from extraction.formats.identity import OF_CONTENT
from indexing.writing.same_text import text_digest


@dataclass(frozen=True, slots=True)
class Held:
    """A file: the document that its path alone has ("": none), the one that its text tells.

    ``text`` is the text's digest.
    """

    own: str
    told: str
    text: str


def identities(files: Sequence[Held], current: Mapping[str, str]) -> list[str]:
    """The id of each; "" where the document that its text tells is that of another text.

    ``current``: the digests of the texts that documents have now, by id.
    """
    becomes = {file.own: file.text for file in files if file.own}
    ids = [_identity(file, {**current, **_of(becomes, file.told, current)}) for file in files]
    takes: dict[tuple[str, str], str] = {}
    for file, id_ in zip(files, ids, strict=True):
        if id_ and id_ == file.own:
            takes.setdefault((file.told, file.text), id_)
    return [takes.get((f.told, f.text), id_) for f, id_ in zip(files, ids, strict=True)]


def _of(becomes: Mapping[str, str], id_: str, current: Mapping[str, str]) -> dict[str, str]:
    """What a document of another file of the batch will have as its text, if it is there."""
    return {id_: becomes[id_]} if id_ in becomes and id_ in current else {}


def _identity(file: Held, texts: Mapping[str, str]) -> str:
    if file.told == file.own:
        return file.own
    if file.told in texts and texts[file.told] == file.text:
        return file.told  # a copy
    if file.own:
        return file.own
    return "" if file.told in texts else file.told


def text_of(article: Article) -> str:
    """The digest of its text."""
    return text_digest({name: getattr(article, name) for name in TEXT_FIELDS})


def apart(id_: str, text: str) -> str:
    """Another id for a text than the one that has gone on to another."""
    return f"{OF_CONTENT}{sha256(f'{id_} {text}'.encode()).hexdigest()[:40]}"
