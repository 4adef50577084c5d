"""What is sent to Kibana, against a server that looks at it as Kibana's route for imports does."""

from __future__ import annotations

import json
import re
from email.message import Message
from email.parser import BytesParser
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from articles.errors import UsageError
from indexing.kibana import Imported, import_objects
from indexing.kibana_objects import SHIPPED_FROM, fitted
from tests.kibana_objects import FILES, KIBANA, MODELS, Line, of_kind
from tests.kibana_server import KibanaServer

READER = "https://lesen.example/artikel/{id}?von=kibana"
#: Types whose absence ends the import of what refers to them.
ENFORCED = {"index-pattern", "search"}


class Refused(Exception):
    """A status other than 200, and what is said about it."""


def answered(path: str, headers: Message, body: bytes) -> dict[str, Any]:
    """Return what Kibana answers; raises :class:`Refused` as its checks of a request do."""
    address = urlsplit(path)
    if address.path == "/api/spaces/space/desk":
        return {"id": "desk", "name": "Desk"}
    # Into a space that there is none of it is imported, too (elastic/kibana, issue 67164).
    if not re.fullmatch(r"(/s/[a-z0-9_-]+)?/api/saved_objects/_import", address.path):
        raise Refused(404, "Not Found")
    if not headers.get("kbn-xsrf"):
        raise Refused(400, "Request must contain a kbn-xsrf header.")
    asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
    for name, value in asked.items():
        if name not in {"overwrite", "createNewCopies", "compatibilityMode"}:
            raise Refused(400, f"[request query.{name}]: definition for this key is missing")
        if value not in {"true", "false"}:
            raise Refused(400, f"[request query.{name}]: expected value of type [boolean]")
    if asked.get("overwrite") == asked.get("createNewCopies") == "true":
        raise Refused(400, "cannot use [overwrite] with [createNewCopies]")
    return _imported(_file(headers, body), overwrite=asked.get("overwrite") == "true")


def _file(headers: Message, body: bytes) -> bytes:
    if headers.get_content_type() != "multipart/form-data":
        raise Refused(415, "Unsupported Media Type")
    kind = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(kind + body).get_payload()
    assert isinstance(parts, list)
    messages = [part for part in parts if isinstance(part, Message)]
    named = {part.get_param("name", header="content-disposition"): part for part in messages}
    if named.keys() != {"file"}:
        raise Refused(400, "[request body.file]: expected value of type [Stream]")
    extension = PurePath(named["file"].get_filename() or "").suffix.lower()
    if extension != ".ndjson":
        raise Refused(400, f"Invalid file extension {extension}")
    content = named["file"].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _imported(content: bytes, *, overwrite: bool) -> dict[str, Any]:
    objects: list[Line] = [json.loads(line) for line in content.splitlines() if line.strip()]
    there = {(each["type"], each["id"]) for each in objects}
    errors = []
    for each in objects:
        missing = [
            {"type": r["type"], "id": r["id"]}
            for r in each["references"]
            if r["type"] in ENFORCED and (r["type"], r["id"]) not in there
        ]
        fault = (
            {"type": "unsupported_type"}
            if each["type"] not in MODELS
            else {"type": "missing_references", "references": missing}
            if missing
            else None
            if overwrite
            else {"type": "conflict"}
        )
        if fault:
            meta = {"title": each["attributes"].get("title")}
            errors.append({"type": each["type"], "id": each["id"], "meta": meta, "error": fault})
    return {"success": not errors, "successCount": len(objects) - len(errors), "errors": errors}


class Kibana(KibanaServer):
    """A server with that one route; ``content`` is the file that it took last."""

    def __init__(self) -> None:
        self.content = b""
        super().__init__(self._answer)

    def _answer(self, path: str, headers: Message, body: bytes) -> tuple[int, str]:
        try:
            said = answered(path, headers, body)
            self.content = _file(headers, body) if body else b""
        except Refused as refused:
            status, message = refused.args
            told = {"statusCode": status, "error": "Bad Request", "message": message}
            return status, json.dumps(told)
        return 200, json.dumps(said)


def shipped(language: str = "de") -> str:
    return (KIBANA / FILES[language]).read_text("utf-8")


def loaded(text: str) -> list[Line]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("language", FILES)
@pytest.mark.parametrize("space", ["default", "desk"])
def test_kibana_takes_every_object(language: str, space: str) -> None:
    objects = fitted(shipped(language), "nachrichten", since=None, language=language)
    with Kibana() as kibana:
        done = import_objects(kibana.url, objects.encode(), space=space)
    assert done == Imported(len(objects.splitlines()))
    assert kibana.content.decode() == objects


def test_what_kibana_does_not_take_is_told_by_name() -> None:
    lines = [
        line
        for line in shipped().splitlines()
        if json.loads(line)["id"] != "depesche-articles-failed"
    ]
    with Kibana() as kibana:
        done = import_objects(kibana.url, "\n".join(lines).encode())
    assert done.count == len(lines) - 1
    assert done.errors == (
        "dashboard Depesche: Zustand: missing_references search depesche-articles-failed",
    )


def test_another_space_than_there_is_and_a_wrong_address_are_told() -> None:
    with Kibana() as kibana:
        with pytest.raises(UsageError, match=r"no space 'sport' \(404 Not Found\)"):
            import_objects(kibana.url, shipped().encode(), space="sport")
        assert not kibana.content
        with pytest.raises(UsageError, match="404 Not Found"):
            import_objects(f"{kibana.url}/kibana", shipped().encode())


def test_objects_are_fitted_to_index_age_and_reader() -> None:
    objects = loaded(
        fitted(
            shipped(),
            "nachrichten",
            since="1990-01-01T00:00:00.000Z",
            reader=READER,
            language="de",
        )
    )
    *views, withdrawals = of_kind(objects, "index-pattern")
    assert withdrawals["attributes"]["title"] == "nachrichten-withdrawals"
    assert "_id" not in json.loads(withdrawals["attributes"]["fieldFormatMap"])
    for view in views:
        assert view["attributes"]["title"] == "nachrichten-readable"
        link = json.loads(view["attributes"]["fieldFormatMap"])["_id"]
        assert link["params"]["urlTemplate"] == READER.replace("{id}", "{{value}}")
        assert link["params"]["labelTemplate"] == "Lesen"
    for search in of_kind(objects, "search"):
        of_articles = search["id"] != "depesche-withdrawals-all"
        assert (search["attributes"]["columns"][0] == "_id") == of_articles
    begins = {line["id"]: line["attributes"]["timeFrom"] for line in of_kind(objects, "dashboard")}
    assert begins.pop("depesche-health") == "now-24h"
    assert set(begins.values()) == {"1990-01-01T00:00:00.000Z"}
    assert SHIPPED_FROM not in json.dumps(objects)


def test_without_reader_and_articles_the_objects_stay_as_they_ship() -> None:
    as_shipped = loaded(shipped())
    assert loaded(fitted(shipped(), "articles", language="de")) == as_shipped
