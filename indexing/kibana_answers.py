"""What answers at Kibana's address, read within limits: anybody may listen there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import httpx

from articles.addresses import shown
from articles.errors import UsageError
from articles.limits import MEBIBYTE

SETTING = "DEPESCHE_KIBANA_URL"
#: Bytes of an answer; Kibana's own, with a line for each object that it refuses, have some 100 kB.
_MOST = 16 * MEBIBYTE

T = TypeVar("T")


def in_time(work: Callable[[], T], seconds: float) -> T:
    """What comes of ``work`` within these seconds, however little comes, and however often.

    Who is not waited for any more ends with the client, which is closed then.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
            done.set_exception(error)

    threading.Thread(target=run, name="kibana", daemon=True).start()
    try:
        return done.result(seconds)
    except TimeoutError:
        raise TimeoutError(f"nothing whole within {seconds:g} seconds") from None


def asked(client: httpx.Client, method: str, url: str, **request: Any) -> httpx.Response:
    """The answer, read as far as one of Kibana's can go."""
    content = bytearray()
    with client.stream(method, url, **request) as answer:
        _check_packing(answer, url)
        for part in answer.iter_raw():
            content += part
            if len(content) > _MOST:
                raise UsageError(
                    f"{shown(url)} answers with more than {_MOST // MEBIBYTE} MB: "
                    f"that is no Kibana. {SETTING} names its address."
                )
    headers = {name: answer.headers[name] for name in ("location",) if name in answer.headers}
    return httpx.Response(
        answer.status_code, headers=headers, content=bytes(content), request=answer.request
    )


def _check_packing(answer: httpx.Response, url: str) -> None:
    """Before it is read: of a few hundred bytes gigabytes may come out, in one part."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing not in {"", "identity"}:
        raise UsageError(
            f"{shown(url)} answers {answer.status_code} packed (Content-Encoding: {packing[:60]}), "
            f"which it was asked not to do: that is no Kibana. {SETTING} names its address."
        )
