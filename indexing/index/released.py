"""What readers may see by now: all but articles whose embargo has not ended.

One filter says so, by Elasticsearch's clock, so that an article is released without anyone's doing.
It is in every request of a :class:`ReadersClient`, whoever makes it, and in the alias for readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elastic_transport import ApiResponseMeta
from elasticsearch import Elasticsearch, NotFoundError

#: Until when an article may not be published.
EMBARGO = "embargo_until"
RELEASED: dict[str, Any] = {"bool": {"must_not": [{"range": {EMBARGO: {"gt": "now"}}}]}}

Body = dict[str, Any]


def readable(index: str) -> str:
    """Return the alias for readers: it finds what is released alone."""
    return f"{index}-readable"


class ReadersClient(Elasticsearch):
    """A client that finds, counts and gets what is released alone, whatever it is asked for.

    A request that is none of those below is refused, aloud: nobody has thought of how it reads.
    """

    @classmethod
    def of(cls, client: Elasticsearch) -> ReadersClient:
        """Return one with the connections and options of ``client``."""
        made = cls(_transport=client.transport)
        own = vars(made)  # its options, as ``Elasticsearch.options`` hands them on
        options = {name for name in own if name[0] == "_" and not hasattr(own[name], "transport")}
        own.update({name: value for name, value in vars(client).items() if name in options})
        return made

    def perform_request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        endpoint_id: str | None = None,
        path_parts: Mapping[str, Any] | None = None,
    ) -> Any:
        """Send a request, as the client does, for what is released."""
        if endpoint_id in _ASKED:
            headers = {"content-type": (headers or {}).get("accept", ""), **(headers or {})}
            body = _ASKED[endpoint_id](body)
        elif endpoint_id in _GOT:
            params = _with_embargo(params)
        elif endpoint_id not in _HARMLESS:
            raise NotImplementedError(f"Nobody has thought of embargoes in {endpoint_id}.")
        answer = super().perform_request(
            method,
            path,
            params=params,
            headers=headers,
            body=body,
            endpoint_id=endpoint_id,
            path_parts=path_parts,
        )
        if endpoint_id in _GOT:
            self._hide(answer.body, answer.meta, str((path_parts or {}).get("index", "")))
        return answer

    def _hide(self, body: Body, meta: ApiResponseMeta, index: str) -> None:
        """Make of documents that are held such as are not there; raises as for one of these."""
        entries: list[Body] = body.get("docs", [body])
        doubted = [e for e in entries if e.get("found") and _may_be_held(e.get("_source") or {})]
        ids = [entry["_id"] for entry in doubted]
        free = self._released(index, ids) if ids else set()
        for entry in (entry for entry in doubted if entry["_id"] not in free):
            entry.pop("_source", None)
            entry["found"] = False
        if "docs" not in body and not body.get("found"):
            raise NotFoundError("not found", meta=meta, body=body)

    def _released(self, index: str, ids: Sequence[str]) -> set[str]:
        query = {"ids": {"values": list(ids)}}
        found = self.search(index=index, query=query, source=False, size=len(ids))
        return {hit["_id"] for hit in found["hits"]["hits"]}


def _may_be_held(source: Body) -> bool:
    """Whether it says anything of an embargo; whether that has ended the server tells."""
    return bool(source.get(EMBARGO))


def _with_embargo(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a get by which a document tells of its embargo, too."""
    asked = dict(params or {})
    if wanted := asked.get("_source_includes"):
        names = wanted.split(",") if isinstance(wanted, str) else list(wanted)
        asked["_source_includes"] = [*names, EMBARGO]
    elif str(asked.get("_source", "")).lower() == "false":
        del asked["_source"]
        asked["_source_includes"] = [EMBARGO]
    return asked


def only_released(body: Body | None) -> Body:
    """Return the body of a search or a count for what is released of it."""
    asked = dict(body or {})
    if "query" in asked or "knn" not in asked:
        asked["query"] = _both(asked.get("query"))
    if near := asked.get("knn"):
        asked["knn"] = [_near(one) for one in near] if isinstance(near, list) else _near(near)
    return asked


def _both(query: Body | None) -> Body:
    return {"bool": {**({"must": [query]} if query else {}), **RELEASED["bool"]}}


def _near(near: Body) -> Body:
    own = near.get("filter", [])
    return {**near, "filter": [*(own if isinstance(own, list) else [own]), RELEASED]}


def _each(bodies: Sequence[Body]) -> list[Body]:
    """Of many searches every second part is a query, behind its head."""
    return [only_released(part) if number % 2 else part for number, part in enumerate(bodies)]


#: Requests that find -> how they are made to find what is released.
_ASKED: dict[str | None, Callable[[Any], Any]] = {
    "search": only_released,
    "count": only_released,
    "msearch": _each,
}
#: Requests for documents by their ids.
_GOT = frozenset({"get", "mget"})
#: What tells of no document; terms are asked of texts that are given and of what was found before.
_HARMLESS = frozenset(
    {
        *("info", "open_point_in_time", "close_point_in_time", "mtermvectors"),
        *("indices.refresh", "indices.get", "indices.get_field_mapping"),
    }
)
