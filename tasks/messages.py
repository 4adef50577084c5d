"""What programs may send, checked before anything is done with it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from articles.errors import UsageError


class ArticleMessage(BaseModel):
    """The keyword arguments of ``ingest.article``; the same names as in a JSON article file."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    headline: str = Field(min_length=1)
    body: str = ""
    kicker: str = ""
    lead: str = ""
    published: str | None = Field(None, description="a date as programs or people write it")
    agencies: list[str] = []
    byline: list[str] = []
    language: str | None = None
    url: str | None = None
    id: str | None = Field(None, description="the source's own id, if it has one")


def read_article(content: dict[str, Any]) -> ArticleMessage:
    """The message, or ``UsageError`` that names each argument that is wrong."""
    try:
        return ArticleMessage.model_validate(content)
    except ValidationError as error:
        wrong = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)
        ]
        raise UsageError("ingest.article: " + "; ".join(wrong)) from None


def as_file(message: ArticleMessage, day: date) -> tuple[str, bytes]:
    """The article as a JSON file, and its path below the inbox: the same content, the same name."""
    content = message.model_dump_json(exclude_defaults=True).encode()
    return f"sent/{day.isoformat()}/{hashlib.sha256(content).hexdigest()[:16]}.json", content


def read_paths(paths: object) -> list[str]:
    """The argument of ``ingest.files``: a list of paths."""
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise UsageError("ingest.files takes one argument: a list of paths, each a string")
    return paths
