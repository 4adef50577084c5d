"""What an Elasticsearch error means for the work: wait, tell a person, or give one document up."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from elastic_transport import ConnectionTimeout, SerializationError, TransportError
from elasticsearch import ApiError

from articles.addresses import EMBEDDED
from articles.errors import DepescheError, NotNow, ServiceUnavailable, TooLarge, UsageError
from articles.tls import fault_of_tls
from indexing.index.answers import TooMuch

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
_TOO_MANY, _SERVER_FAULT, _UNAVAILABLE = 429, 500, 503
#: What tells of a queue that is full, or of a node, and nothing of what was asked for.
_MOMENTARY = frozenset({"es_rejected_execution_exception", "no_shard_available_action_exception"})
SETTING = "DEPESCHE_ELASTICSEARCH_URL"
#: Characters of an answer that are shown: a web page of a proxy has thousands.
SHORT = 500

_TITLE = re.compile(r"<title[^>]*>\s*([^<]+)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
# What Elasticsearch 8 says to a client of 9: "Accept version must be either version 8 or 7, but
# found 9." Without asking again, no more is known of its version.
_VERSION = re.compile(r"must be either version (\d+)")
#: How a server that expects TLS treats whoever speaks none.
_CUT = (http.client.BadStatusLine, http.client.RemoteDisconnected, ConnectionResetError)
#: What Elasticsearch says where an alias has several indices, or one that knows nothing of our
#: fields, or has settings of others: no document is at fault, though its answer is 400.
_NOT_OURS = re.compile(
    r"has more than one index associated with it|no write index is defined for alias"
    r"|Fielddata is disabled on |No mapping found for \[|pipeline with id \[.*\] does not exist"
    r"|routing is required for \[|document source missing"
)
_UNAUTHORIZED = re.compile(
    r"action \[(?P<action>\S+)\] is unauthorized for (?P<who>.+?)"
    r"(?: with (?:effective|assigned) roles \[[^\]]*\])?"
    r"(?: on (?:restricted )?indices \[(?P<on>[^\]]*)\])?"
    r"(?:, this action is granted by the (?P<kind>index|cluster) privileges "
    r"\[(?P<rights>[^\]]*)\].*)?$"
)


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


def not_ours(reason: str) -> UsageError | None:
    """Return the error for what is behind the alias, if it is not one index as we have made it."""
    if not _NOT_OURS.search(reason):
        return None
    return UsageError(
        "The alias in DEPESCHE_INDEX must point to one index, and that be as Depesche has made it: "
        f"{reason} (`depesche index status` says where it points)."
    )


def error_of(answer: ApiError) -> object:
    """Return the ``error`` object of an answer, or its text where it is no JSON."""
    body = answer.body
    return body.get("error", body) if isinstance(body, Mapping) else (body or answer.message)


def kind_of(answer: ApiError) -> str:
    """Return Elasticsearch's type of what caused the error, ``""`` if it gives none."""
    return str(_root(answer).get("type", ""))


def is_momentary(kind: str, status: int = 0) -> bool:
    """Whether an error of this type may be of any request, and tells nothing of what it reads.

    A document that is too much for Elasticsearch has it refuse for its memory, or by a fault.
    """
    return kind in _MOMENTARY or status == _UNAVAILABLE


def _root(answer: ApiError) -> Mapping[str, Any]:
    """What caused the error; empty where the answer does not say it as Elasticsearch does."""
    error = error_of(answer)
    causes = error.get("root_cause") if isinstance(error, Mapping) else None
    first = causes[0] if isinstance(causes, list) and causes else error
    return first if isinstance(first, Mapping) else {}


def _missing(answer: ApiError) -> str:
    error = error_of(answer)
    return str(error.get("index", "")) if isinstance(error, Mapping) else ""


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn the client's errors into :class:`ServiceUnavailable` or :class:`UsageError`.

    Away: no connection, a timeout, 429, any 5xx, a blocked or closed index. UsageError: refused
    credentials, a right that is missing, a missing index, a server that is not Elasticsearch 9,
    an address or a certificate that is wrong for TLS. Anything else passes unchanged, for it is
    either the caller's business (404, 409) or a bug.
    """
    try:
        yield
    except ApiError as error:
        translated = _translated(error)
        if translated is None:
            raise
        raise translated from error
    except TransportError as error:
        raise unanswered(error) from error


def denied(reason: str, index: str = "") -> UsageError:
    """Return the error for credentials that are refused, or lack the right ``reason`` is about.

    ``index`` is the one that was asked for, where the reason does not name it.
    """
    lacking = _UNAUTHORIZED.search(reason)
    if not lacking:
        return UsageError(
            f"Elasticsearch refuses these credentials: {reason} (they are the user and password "
            f"in {SETTING}, or DEPESCHE_ELASTICSEARCH_API_KEY)."
        )
    action, who, indices, kind, rights = lacking.group("action", "who", "on", "kind", "rights")
    on = (indices or index).replace(",", ", ")
    where = f" on the index {on}" if on else ""
    wanted = f": give it one of the {kind} privileges {rights.replace(',', ', ')}" if rights else ""
    return UsageError(
        f"Elasticsearch does not let {who} do {action}{where}{wanted} "
        f"(it is who {SETTING} or DEPESCHE_ELASTICSEARCH_API_KEY names)."
    )


def unanswered(error: TransportError) -> DepescheError:
    """Return the error for a request that got no usable answer."""
    where = " ".join(getattr(error, "__notes__", [])) or SETTING
    if isinstance(error, TooMuch):
        return TooLarge(f"The answer of Elasticsearch at {where} is too much: {error.message}.")
    chain = list(_chain(error))
    wrong = fault_of_tls(chain, "DEPESCHE_ELASTICSEARCH", "http://")
    if wrong and EMBEDDED in where:
        # Whoever holds its port is an impostor, or in its way: it comes back, and is waited for.
        return ServiceUnavailable(
            f"What answers at {where} does not prove to be it, and nothing was sent to it: another "
            "program has taken its port. `depesche up` says more."
        )
    if wrong:
        return UsageError(f"Elasticsearch at {where}: {wrong}.")
    if isinstance(error, SerializationError):
        return UsageError(f"What answers at {where} is not Elasticsearch: it answers no JSON.")
    return NotNow(_away(error, chain[-1], where))


def _away(error: TransportError, deepest: BaseException, where: str) -> str:
    if isinstance(error, ConnectionTimeout):
        return f"Elasticsearch did not answer in time at {where}."
    # The transport wraps urllib3, which wraps the socket's error: only the last is readable.
    said = short(str(deepest) or type(deepest).__name__)
    if isinstance(deepest, socket.gaierror):
        said = f"no host has that name ({said})"
    elif isinstance(deepest, _CUT) and where.startswith("http://"):
        said = f"{said} (a server that speaks https:// alone does this)"
    elif isinstance(deepest, (ssl.SSLEOFError, *_CUT)):
        said = f"{said} (a server that wants DEPESCHE_ELASTICSEARCH_CERT does this)"
    return f"Elasticsearch does not answer at {where}: {said}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _translated(error: ApiError) -> DepescheError | None:
    reason = short(describe(error_of(error)))
    verdict = judge(error.status_code, kind_of(error))
    if verdict == "away":
        momentary = is_momentary(kind_of(error), error.status_code)
        kind = NotNow if momentary else ServiceUnavailable
        return kind(f"Elasticsearch takes no work now: {error.status_code} {reason}")
    if not answers_as_elasticsearch(error):
        node = error.meta.node
        where = f"{node.scheme}://{node.host}:{node.port}{node.path_prefix}"
        return UsageError(
            f"What answers at {where} ({SETTING}) is not Elasticsearch: "
            f"{error.status_code} {reason}"
        )
    if kind_of(error) == "media_type_header_exception" and (older := _VERSION.search(reason)):
        return UsageError(
            f"The server is {older[1]}.x, Depesche needs 9: {SETTING} must name an Elasticsearch 9."
        )
    match verdict:
        case "denied":
            return denied(reason)
        case "no_index":
            return no_index(_missing(error))
        case _:
            return not_ours(reason) or not_ours(short(str(_root(error).get("reason", ""))))


def answers_as_elasticsearch(error: ApiError) -> bool:
    """Whether Elasticsearch itself has answered, and not a proxy before it or another server.

    By its header, or by its words: what its security refuses comes without the header.
    """
    return "x-elastic-product" in error.meta.headers or kind_of(error).endswith("_exception")


def short(text: str) -> str:
    """Return a server's answer on one line: of a web page its title, or else its words."""
    if "<" in text and (page := _TITLE.search(text)):
        text = page[1]
    elif text.lstrip().startswith("<"):
        text = _TAG.sub(" ", text)
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[:SHORT]} …"
