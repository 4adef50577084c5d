"""Loading saved objects into Kibana over its HTTP interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from articles.addresses import UNREADABLE, shown, without_logins
from articles.errors import ServiceUnavailable, UsageError
from indexing.kibana_answers import SETTING, asked, in_time

_SPACE = "DEPESCHE_KIBANA_SPACE"
_LOGIN = "DEPESCHE_KIBANA_USER and DEPESCHE_KIBANA_PASSWORD"
#: For all that is asked; an import of what Depesche has takes some seconds.
_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Imported:
    """What Kibana took: the number of objects, and a line for each that it refused."""

    count: int
    errors: tuple[str, ...] = ()


def import_objects(
    kibana_url: str,
    ndjson: bytes,
    *,
    api_key: str | None = None,
    user: str | None = None,
    password: str | None = None,
    space: str = "default",
    timeout: float = 60.0,
    seconds: float = _SECONDS,
) -> Imported:
    """Load ``ndjson`` into Kibana; objects that are there already are replaced.

    ``timeout`` is for each part of an answer, ``seconds`` for all. Raises
    :class:`ServiceUnavailable` where Kibana does not answer or is not ready, :class:`UsageError`
    where it refuses the credentials, there is no such space or the address is wrong.
    """
    headers = {"kbn-xsrf": "depesche", "accept-encoding": "identity"}
    if api_key:
        headers["Authorization"] = f"ApiKey {api_key}"
    login = (user, password or "") if user and not api_key else None
    try:
        with httpx.Client(headers=headers, auth=login, timeout=timeout) as client:
            base = kibana_url.rstrip("/")
            return in_time(lambda: _import(client, base, ndjson, space), seconds)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise UsageError(
            f"{SETTING} is no address, {shown(kibana_url)!r}: {_reason(kibana_url, error)}"
        ) from None
    except (httpx.RequestError, TimeoutError) as error:
        where, reason = shown(kibana_url), _reason(kibana_url, error)
        raise ServiceUnavailable(
            f"Kibana does not answer at {where}: {reason}. {SETTING} names its address."
        ) from None


def _import(client: httpx.Client, base: str, ndjson: bytes, space: str) -> Imported:
    named = quote(space, safe="")
    room = "" if space == "default" else f"/s/{named}"
    if room:
        _check_space(asked(client, "GET", f"{base}/api/spaces/space/{named}"), space)
    answer = asked(
        client,
        "POST",
        f"{base}{room}/api/saved_objects/_import",
        params={"overwrite": "true"},
        files={"file": ("objects.ndjson", ndjson, "application/ndjson")},
    )
    return _read(answer)


def _check_space(answer: httpx.Response, space: str) -> None:
    """Kibana loads objects into a space that there is none of, too, and nobody ever sees them."""
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise UsageError(
            f"Kibana has no space {space!r} (404 {_message(answer)}): make it in Kibana first. "
            f"{_SPACE} names the space, {SETTING} Kibana's address."
        )
    _check(answer)
    if "id" not in _json(answer):
        raise UsageError(f"Kibana does not say its space {space!r}: {_said(answer)}")


def _reason(url: str, error: Exception) -> str:
    """What is wrong; not what of an address with a password cannot be read, for it may be that."""
    if isinstance(error, httpx.InvalidURL) and "@" in url:
        return UNREADABLE
    return without_logins(str(error).replace(url, shown(url)))


def _check(answer: httpx.Response) -> None:
    """Raise what Kibana says instead of an answer."""
    status = answer.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        raise ServiceUnavailable(f"Kibana is not ready: {status} {_message(answer)}")
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise UsageError(
            f"Kibana refuses these credentials: {_message(answer)}. "
            f"Set {_LOGIN} to a user who may import objects."
        )
    if answer.has_redirect_location:
        there = without_logins(answer.headers["location"])[:200]
        raise UsageError(f"Kibana is not there, but sent to {there}: {SETTING} names its address.")
    if not answer.is_success:
        raise UsageError(f"Kibana refuses the import: {_said(answer)}")


def _read(answer: httpx.Response) -> Imported:
    _check(answer)
    body = _json(answer)
    if not isinstance(count := body.get("successCount"), int):
        raise UsageError(f"Kibana refuses the import: {_said(answer)}")
    return Imported(count, tuple(_refusal(error) for error in _objects(body.get("errors"))))


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        return _object(answer.json())
    except (ValueError, RecursionError):
        return {}


def _object(value: Any) -> Mapping[str, Any]:
    """What a server says is looked at before it is read: another shape says nothing."""
    return value if isinstance(value, dict) else {}


def _objects(values: Any) -> list[Mapping[str, Any]]:
    return [_object(value) for value in values] if isinstance(values, list) else []


def _message(answer: httpx.Response) -> str:
    said = str(_json(answer).get("message") or answer.text[:200] or answer.reason_phrase)
    return " ".join(said.split())  # a page of a proxy has many lines


def _said(answer: httpx.Response) -> str:
    return f"{answer.status_code} {_message(answer)}"


def _refusal(error: Mapping[str, Any]) -> str:
    fault = _object(error.get("error"))
    said = fault.get("message") or fault.get("reason")
    missing = [
        f"{reference.get('type', '?')} {reference.get('id', '?')}"
        for reference in _objects(fault.get("references"))
    ]
    detail = said or ", ".join(missing)
    name = _object(error.get("meta")).get("title") or error.get("id", "?")
    return f"{error.get('type', 'object')} {name}: {fault.get('type', 'unknown')} {detail}".strip()
