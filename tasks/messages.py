"""What programs may send, checked before anything is done with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from articles import parts
from articles.errors import UsageError
from articles.limits import LARGEST_ARTICLE
from tasks.envelope import LARGEST_SENT

#: What positional arguments of ``ingest.article`` are, in their order.
_BY_POSITION = ("headline", "body")
#: Each has to be looked at, and has a row in the answer, which Redis keeps.
MOST_PATHS = 10_000
#: Of all paths together: each name of a path is asked for by itself, and may have one character.
MOST_CHARACTERS = 5_000_000
#: As many as a batch of enrichment may have, and as long as Elasticsearch takes them.
MOST_IDS, LONGEST_ID = 512, 512
#: Names in a question: each failed file is compared with all of them.
MOST_NAMES = 1000
#: A path as it is printed: each byte has four characters at most.
LONGEST_NAME = 4 * 4096
#: Wrong arguments that a refusal names.
_NAMED = 10
#: As ``indexing.writing.reenrich`` has it.
MOST_REQUESTS = 2**30


def read_article(content: Mapping[str, Any], positional: Sequence[Any] = ()) -> dict[str, Any]:
    """Return the parts of an article (``articles.parts``) without those that say nothing.

    ``content`` are the keyword arguments of ``ingest.article``, ``positional`` the others: one
    object with parts, as in a JSON file, or headline and body. Raises ``UsageError`` that names
    each argument that is wrong.
    """
    values = {**_named(positional, content), **content}
    wrong = parts.faults(values)
    wrong |= {name: "is no part of an article" for name in values if name not in parts.NAMES}
    if wrong:
        said = (f"{_short(name)}: {fault}" for name, fault in wrong.items())
        raise UsageError(f"ingest.article: {_first(said, len(wrong))}")
    size = sum(len(value.encode("utf-8", "replace")) for value in _texts(values))
    if size > LARGEST_ARTICLE:
        raise UsageError(
            f"ingest.article: the article has {size:,} bytes in UTF-8, more than the limit of "
            f"{LARGEST_ARTICLE:,}"
        )
    return {name: value for name, value in values.items() if value is not None and value != ""}


def article_to_send(content: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an article, for a message. Raises ``UsageError`` as ``read_article`` does.

    And where they are longer than a worker may take: umlauts have six bytes there.
    """
    values = read_article(content)
    size = len(json.dumps(values))
    if size > LARGEST_SENT:
        raise UsageError(
            f"ingest.article: the article has {size:,} bytes as JSON, more than a message may have "
            f"({LARGEST_SENT:,}): drop it as a file"
        )
    return values


def _texts(values: Mapping[str, Any]) -> list[str]:
    return [value for value in values.values() if isinstance(value, str)]


def _named(positional: Sequence[Any], content: Mapping[str, Any]) -> dict[str, Any]:
    if len(positional) == 1 and isinstance(positional[0], Mapping):
        values = dict(positional[0])
    elif len(positional) <= len(_BY_POSITION):
        values = dict(zip(_BY_POSITION, positional, strict=False))
    else:
        raise UsageError(
            "ingest.article: give the parts of the article by their names, or as one object"
        )
    if twice := [name for name in values if name in content]:
        raise UsageError(f"ingest.article: {_short(twice[0])}: is given twice")
    return values


def _short(name: str) -> str:
    return name[:60]


def _first(said: Iterable[str], count: int) -> str:
    """What is said of the first of so many, and how many there are more: he may name any number."""
    more = f"; and {count - _NAMED:,} more" if count > _NAMED else ""
    return "; ".join(islice(said, _NAMED)) + more


def as_file(parts: Mapping[str, Any], day: date) -> tuple[str, bytes]:
    """The article as a JSON file, and its path below the inbox: the same content, the same name."""
    content = _as_json(parts)
    return f"sent/{day.isoformat()}/{hashlib.sha256(content).hexdigest()[:16]}.json", content


def _as_json(parts: Mapping[str, Any]) -> bytes:
    """UTF-8, but for lone surrogates, which only an escape can hold."""
    try:
        return json.dumps(dict(parts), ensure_ascii=False, sort_keys=True).encode()
    except UnicodeEncodeError:
        return json.dumps(dict(parts), sort_keys=True).encode()


def read_paths(paths: object, *more: object, **others: object) -> list[str]:
    """The argument of ``ingest.files``: a list of paths. Raises ``UsageError``."""
    is_list = isinstance(paths, list) and all(isinstance(path, str) for path in paths)
    if more or others or not isinstance(paths, list) or not is_list:
        said = (repr(_short(name)) for name in others)
        named = f", and none called {_first(said, len(others))}" if others else ""
        raise UsageError(f"ingest.files takes one argument: a list of paths, each a string{named}")
    if len(paths) > MOST_PATHS:
        raise UsageError(f"ingest.files takes at most {MOST_PATHS:,} paths at once")
    if sum(map(len, paths)) > MOST_CHARACTERS:
        raise UsageError(
            f"ingest.files takes paths of at most {MOST_CHARACTERS:,} characters together"
        )
    return paths


def read_name(batch: object) -> str:
    """The argument of ``intake.batch``. Raises ``UsageError``."""
    if not isinstance(batch, str):
        raise UsageError("intake.batch takes the name of a batch")
    return batch


def read_said(said: object) -> dict[str, Any]:
    """What ``site.asked`` says beside its question: texts, and lists of texts. No other is read.

    Raises ``UsageError`` for many of them, and for long ones.
    """
    told = said if isinstance(said, dict) else {}
    words = {name: value for name, value in told.items() if isinstance(value, str | list)}
    each = [[value] if isinstance(value, str) else value for value in words.values()]
    if any(len(texts) > MOST_NAMES for texts in each):
        raise UsageError(f"site.asked takes at most {MOST_NAMES:,} names at once")
    if not all(isinstance(text, str) and len(text) <= LONGEST_NAME for t in each for text in t):
        raise UsageError(f"site.asked takes names of at most {LONGEST_NAME:,} characters")
    return words


def read_number(number: object) -> int:
    """The last argument of ``enrich.documents``, a request's number. Raises ``UsageError``."""
    if type(number) is not int or not 0 <= number <= MOST_REQUESTS:
        raise UsageError("enrich.documents takes a request's number")
    return number


def read_ids(ids: object) -> list[str]:
    """The argument of ``enrich.documents``: ids of documents. Raises ``UsageError``."""
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise UsageError("enrich.documents takes a list of ids, each a string")
    if len(ids) > MOST_IDS or any(len(id_) > LONGEST_ID for id_ in ids):
        raise UsageError(
            f"enrich.documents takes at most {MOST_IDS:,} ids of {LONGEST_ID} characters"
        )
    return ids
