"""What an Elasticsearch error means for the work: wait, tell a person, or give one document up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError

from articles.errors import DepescheError, ServiceUnavailable, UsageError

Verdict = Literal["away", "denied", "no_index", "conflict", "refused"]

# These answer 403, 400 and 404, but a person lifts a block, and a search whose snapshot went
# with a restart can be made again: the work waits. So it does for `index migrate` where the index
# does not know a field: documents have none but those of this program's mapping.
_PASSES = frozenset(
    {
        *("cluster_block_exception", "index_closed_exception"),
        *("search_context_missing_exception", "strict_dynamic_mapping_exception"),
    }
)
_TOO_MANY, _SERVER_FAULT = 429, 500


def judge(status: int, kind: str) -> Verdict:
    """Class one error by its HTTP ``status`` and Elasticsearch's ``type`` of it.

    The same rule serves whole requests and single items of a bulk. Every 5xx counts as away:
    it tells of the server's state and not of the document.
    """
    if status == _TOO_MANY or status >= _SERVER_FAULT or kind in _PASSES:
        return "away"
    if status in {401, 403}:
        return "denied"
    if status == 404 and kind == "index_not_found_exception":  # noqa: PLR2004
        return "no_index"
    return "conflict" if status == 409 else "refused"  # noqa: PLR2004


def describe(error: object) -> str:
    """Return one line for Elasticsearch's ``error`` object: its type, reason and deepest cause."""
    if not isinstance(error, Mapping):
        return str(error)
    line = f"{error.get('type', 'error')}: {error.get('reason', 'no reason given')}"
    cause: Any = error
    while isinstance(cause.get("caused_by"), Mapping):
        cause = cause["caused_by"]
    return line if cause is error else f"{line} ({cause.get('reason', cause.get('type'))})"


def no_index(index: str) -> UsageError:
    """Return the error for an alias that does not exist."""
    return UsageError(f"There is no index {index!r}: run `depesche index create`.")


def error_of(answer: ApiError) -> object:
    """Return the ``error`` object of an answer, or its text where it is no JSON."""
    body = answer.body
    return body.get("error", body) if isinstance(body, Mapping) else (body or answer.message)


def kind_of(answer: ApiError) -> str:
    """Return Elasticsearch's type of what caused the error, ``""`` if it gives none."""
    error = error_of(answer)
    if not isinstance(error, Mapping):
        return ""
    causes = error.get("root_cause") or [error]
    return str(causes[0].get("type", ""))


def _missing(answer: ApiError) -> str:
    error = error_of(answer)
    return str(error.get("index", "")) if isinstance(error, Mapping) else ""


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn the client's errors into :class:`ServiceUnavailable` or :class:`UsageError`.

    Away: no connection, a timeout, 429, any 5xx, a blocked or closed index. UsageError: refused
    credentials, a missing index, a server that is not Elasticsearch. Anything else passes
    unchanged, for it is either the caller's business (404, 409) or a bug.
    """
    try:
        yield
    except ApiError as error:
        translated = _translated(error)
        if translated is None:
            raise
        raise translated from error
    except TransportError as error:
        raise ServiceUnavailable(unreachable(error)) from error


def unreachable(error: TransportError) -> str:
    """Return a sentence for a request that got no usable answer."""
    if isinstance(error, ConnectionTimeout):
        return "Elasticsearch did not answer in time."
    return f"Elasticsearch does not answer: {_deepest(error)}"


def _deepest(error: BaseException) -> str:
    # The transport wraps urllib3, which wraps the socket's error: only the last is readable.
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return str(error) or type(error).__name__


def _translated(error: ApiError) -> DepescheError | None:
    reason = describe(error_of(error))
    verdict = judge(error.status_code, kind_of(error))
    if verdict != "away" and "x-elastic-product" not in error.meta.headers:
        return UsageError("The server at this address is not Elasticsearch.")
    match verdict:
        case "away":
            return ServiceUnavailable(
                f"Elasticsearch takes no work now: {error.status_code} {reason}"
            )
        case "denied":
            return UsageError(f"Elasticsearch refuses these credentials: {reason}")
        case "no_index":
            return no_index(_missing(error))
        case _:
            return None
