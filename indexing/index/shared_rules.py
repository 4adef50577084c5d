"""What all hosts share beside the articles' index: the user's rules about names, in one document.

Another holds what is asked to be read again (``indexing.writing.reenrich``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError

from articles.errors import TooLarge, UsageError
from indexing.index.answers import limited
from indexing.index.faults import answers_as_elasticsearch, kind_of, translate_errors

RULES = "rules"
_SECONDS = 5.0
#: It is read by its id alone.
_TEXT = {"type": "keyword", "index": False, "doc_values": False}
_MAPPINGS = {"dynamic": "strict", "properties": {"text": _TEXT}}
_SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A document's text, and which write it is of."""

    text: str
    seq_no: int
    primary_term: int


def name(index: str) -> str:
    """The index that all is in, of those whose articles are behind the alias ``index``."""
    return f"{index}-rules"


def read(client: Elasticsearch, index: str, id_: str = RULES) -> Stored | None:
    """One of them as it is, ``None`` where nobody has shared any. Raises as all requests do."""
    try:
        answer = _asked(client, name(index), id_)
    except TooLarge as error:
        raise UsageError(f"Another program wrote {id_!r} in {name(index)}: {error}") from error
    if answer is None:
        return None
    text = answer["_source"].get("text")
    if not isinstance(text, str):
        raise UsageError(f"Another program wrote {id_!r} in {name(index)}: it is no text.")
    return Stored(text, answer["_seq_no"], answer["_primary_term"])


def _asked(client: Elasticsearch, index: str, id_: str) -> Any:
    with translate_errors(), limited(texts=False):
        try:
            return _brief(client).get(index=index, id=id_)
        except NotFoundError as error:
            if not answers_as_elasticsearch(error):
                raise
            return None


def write(
    client: Elasticsearch, index: str, text: str, before: Stored | None, id_: str = RULES
) -> bool:
    """Put ``text`` in place of ``before``; false where another was quicker, and nothing is done.

    Searches find it at once.
    """
    condition: dict[str, Any] = {"op_type": "create"}
    if before:
        condition = {"if_seq_no": before.seq_no, "if_primary_term": before.primary_term}
    elif _is_missing(client, index):
        make(client, index)
    try:
        with translate_errors():
            _brief(client).index(
                index=name(index), id=id_, document={"text": text}, refresh=True, **condition
            )
    except ConflictError:
        return False
    return True


def make(client: Elasticsearch, index: str) -> None:
    """Make their index, if it is not there. It needs the right ``create_index``."""
    make_beside(client, name(index), _MAPPINGS)


def make_beside(client: Elasticsearch, name: str, mappings: dict[str, Any]) -> None:
    """Make a small index that is no version of the articles', if it is not there."""
    try:
        with translate_errors():
            client.indices.create(index=name, mappings=mappings, settings=_SETTINGS)
    except BadRequestError as error:
        if kind_of(error) != "resource_already_exists_exception":
            raise


def _is_missing(client: Elasticsearch, index: str) -> bool:
    with translate_errors():
        lenient = _brief(client, ignore_status=404)
        answer = lenient.indices.get(index=name(index), features=["aliases"])
    return bool(answer.meta.status == 404)  # noqa: PLR2004


def _brief(client: Elasticsearch, **options: Any) -> Elasticsearch:
    return client.options(request_timeout=_SECONDS, **options)
