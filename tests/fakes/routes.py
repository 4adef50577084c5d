"""The requests that are understood, and what each does in the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from tests.fakes.analysis import Json
from tests.fakes.fields import Document, only
from tests.fakes.refused import Refused
from tests.fakes.searching import search
from tests.fakes.store import Index, Store
from tests.fakes.term_vectors import of_no_document

Route = Callable[..., Any]
NOT_FOUND = 404


def _json(body: bytes) -> Json:
    content: Json = json.loads(body) if body else {}
    return content


def _info(store: Store, params: Json, body: bytes) -> Json:
    return {"name": "fake", "version": {"number": "9.4.0"}, "tagline": "You Know, for Search"}


def _create(store: Store, params: Json, body: bytes, name: str) -> Json:
    store.create(name, _json(body))
    return {"acknowledged": True, "index": name}


def _get_index(store: Store, params: Json, body: bytes, name: str) -> Json:
    return {index.name: _about(index) for index in store.named(name)}


def _about(index: Index) -> Json:
    settings: Json = {"number_of_shards": "1", "number_of_replicas": "0"}
    for key, value in index.settings.items():
        if key.startswith("index.blocks.") and value:
            settings.setdefault("blocks", {})[key.removeprefix("index.blocks.")] = "true"
        elif key.count(".") == 1 and value is not None:
            settings[key.removeprefix("index.")] = str(value)
    return {"aliases": index.aliases, "mappings": index.mappings, "settings": {"index": settings}}


def _delete_index(store: Store, params: Json, body: bytes, name: str) -> Json:
    for index in store.named(name):
        del store.indices[index.name]
    return {"acknowledged": True}


def _field_mapping(store: Store, params: Json, body: bytes, name: str, path: str) -> Json:
    known = {concrete.name: bool(concrete.schema.kind(path)) for concrete in store.named(name)}
    return {index: {"mappings": {path: {}} if there else {}} for index, there in known.items()}


def _refresh(store: Store, params: Json, body: bytes, name: str) -> Json:
    for index in store.named(name):
        index.refresh()
    return {"_shards": {"failed": 0}}


def _mget(store: Store, params: Json, body: bytes, name: str) -> Json:
    try:
        index = store.single(name)
    except Refused as refused:
        return {"docs": [{"_id": id_, "error": refused.error} for id_ in _json(body)["ids"]]}
    ids = _json(body)["ids"]
    return {"docs": [_entry(index, id_, params) if id_ else _OF_NONE for id_ in ids]}


_OF_NONE = {
    "_id": "",
    "error": {"type": "illegal_argument_exception", "reason": "Ids can't be empty"},
}


def _entry(index: Index, id_: str, params: Json) -> Json:
    document = index.documents.get(id_)
    if document is None:
        return {"_id": id_, "found": False}
    return {"_id": id_, "found": True, **_stand(document), "_source": _source(document, params)}


def _stand(document: Document) -> Json:
    return {"_seq_no": document.seq_no, "_primary_term": 1, "_version": document.version}


def _source(document: Document, params: Json) -> Json:
    wanted = params.get("_source_includes") or params.get("_source")
    return only(document.source, wanted.split(",")) if wanted else document.source


def _get(store: Store, params: Json, body: bytes, name: str, id_: str) -> Json:
    entry = _entry(store.single(name), id_, params)
    if not entry["found"]:
        raise Refused(404, "resource_not_found_exception", f"Document not found [{id_}]")
    return entry


def _bulk(store: Store, params: Json, body: bytes, name: str) -> Json:
    index = store.to_write(name, params)
    items = [_item(index, *pair) for pair in _pairs(body)]
    if params.get("refresh") == "true":
        index.refresh()
    return {
        "items": items,
        "errors": any("error" in outcome for i in items for outcome in i.values()),
    }


def _pairs(body: bytes) -> Iterator[tuple[Json, Json]]:
    lines = iter([json.loads(line) for line in body.splitlines() if line.strip()])
    for head in lines:
        yield head, {} if "delete" in head else next(lines)


def _item(index: Index, head: Json, source: Json) -> Json:
    ((action, meta),) = head.items()
    id_ = meta["_id"]
    try:
        index.check_writes()
        if action == "create":
            made, status = index.create(id_, source), 201
        elif action == "delete":
            index.check_writes()
            if id_ not in index.documents:
                return {action: {"_id": id_, "status": 404, "result": "not_found"}}
            index.remove(id_, None)
            return {action: {"_id": id_, "status": 200, "result": "deleted"}}
        elif action == "index":
            made, status = index.replace(id_, source, meta["if_seq_no"]), 200
        else:
            made, status = index.update(id_, source["doc"], meta.get("if_seq_no")), 200
    except Refused as refused:
        return {action: {"_id": id_, "status": refused.status, "error": refused.error}}
    return {action: {"_id": id_, "status": status, **_stand(made)}}


def _update(store: Store, params: Json, body: bytes, name: str, id_: str) -> Json:
    seq_no = params.get("if_seq_no")
    index = store.to_write(name, params)
    made = index.update(id_, _json(body)["doc"], None if seq_no is None else int(seq_no))
    return {"_id": id_, "result": "updated", **_stand(made)}


def _index(store: Store, params: Json, body: bytes, name: str, id_: str) -> Json:
    index, source = store.single(name), _json(body)
    if params.get("op_type") == "create":
        made = index.create(id_, source)
    else:
        made = index.replace(id_, source, int(params["if_seq_no"]))
    if params.get("refresh") == "true":
        index.refresh()
    return {"_id": id_, "result": "created", **_stand(made)}


def _delete(store: Store, params: Json, body: bytes, name: str, id_: str) -> Json:
    seq_no = params.get("if_seq_no")
    store.single(name).remove(id_, None if seq_no is None else int(seq_no))
    return {"_id": id_, "result": "deleted"}


def _search(store: Store, params: Json, body: bytes, name: str) -> Json:
    return search(store.single(name).scope(), {**_json(body), **_flags(params)})


def _search_then(store: Store, params: Json, body: bytes) -> Json:
    content = _json(body)
    scope = store.moments.get(content["pit"]["id"])
    if scope is None:
        raise Refused(404, "search_context_missing_exception", "No search context found")
    return {"pit_id": content["pit"]["id"], **search(scope, {**content, **_flags(params)})}


def _flags(params: Json) -> Json:
    """Parameters that the client puts into the address."""
    wanted = params.get("_source_includes")
    return {"_source": {"includes": wanted.split(",")}} if wanted else {}


def _msearch(store: Store, params: Json, body: bytes, name: str) -> Json:
    """Each in the index that its head names, or else in that of the address."""
    return {
        "responses": [_each(store, {"index": name, **head}, asked) for head, asked in _heads(body)]
    }


def _each(store: Store, head: Json, asked: Json) -> Json:
    try:
        return {**search(store.single(head["index"]).scope(), asked), "status": 200}
    except Refused as refused:
        if refused.status == NOT_FOUND and head.get("ignore_unavailable"):
            return {"hits": {"hits": []}, "status": 200}
        return {"error": refused.error, "status": refused.status}


def _heads(body: bytes) -> Iterator[tuple[Json, Json]]:
    lines = iter([json.loads(line) for line in body.splitlines() if line.strip()])
    return zip(lines, lines, strict=True)


def _term_vectors(store: Store, params: Json, body: bytes, name: str) -> Json:
    scope = store.single(name).scope()
    return {"docs": [of_no_document(scope, each) for each in _json(body)["docs"]]}


def _count(store: Store, params: Json, body: bytes, name: str) -> Json:
    query = _json(body).get("query") or {"match_all": {}}
    return {"count": len(store.single(name).scope().matching(query))}


def _open_moment(store: Store, params: Json, body: bytes, name: str) -> Json:
    id_ = uuid4().hex
    store.moments[id_] = store.single(name).scope()
    return {"id": id_}


def _close_moment(store: Store, params: Json, body: bytes) -> Json:
    return {"succeeded": store.moments.pop(_json(body)["id"], None) is not None}


def _stats(store: Store, params: Json, body: bytes, name: str, _metric: str | None) -> Json:
    index = store.single(name)
    size = sum(len(json.dumps(document.source)) for document in index.documents.values())
    last = index.next_seq_no - 1
    copy = {"seq_no": {"max_seq_no": last, "global_checkpoint": last}}
    return {
        "_all": {"total": {"store": {"size_in_bytes": size}}},
        "indices": {
            index.name: {
                "uuid": index.uuid,
                "shards": {"0": [copy]},
                "total": {"search": {"open_contexts": len(store.moments)}},
            }
        },
    }


def _reindex(store: Store, params: Json, body: bytes) -> Json:
    content = _json(body)
    old, new = store.single(content["source"]["index"]), store.single(content["dest"]["index"])
    documents = old.scope().matching(content["source"]["query"])
    counts = {"created": 0, "updated": 0, "version_conflicts": 0, "total": len(documents)}
    failures = []
    for document in documents:
        there = new.documents.get(document.id)
        if there and there.version >= document.version:
            counts["version_conflicts"] += 1
            continue
        try:
            new.put(document.id, document.source, document.version)
            counts["updated" if there else "created"] += 1
        except Refused as refused:
            failures.append({"id": document.id, "cause": refused.error})
    task = f"fake:{len(store.tasks)}"
    if content["source"]["size"] > store.largest_page:
        fault = {"type": "search_phase_execution_exception", "reason": "all shards failed"}
        store.tasks[task] = {"completed": True, "task": {"status": {}}, "error": fault}
        return {"task": task}
    store.tasks[task] = {
        "completed": True,
        "task": {"status": counts},
        "response": {**counts, "failures": failures},
    }
    return {"task": task}


def _flush(store: Store, params: Json, body: bytes, name: str) -> Json:
    return {"_shards": {"failed": 0}}


def _segments(store: Store, params: Json, body: bytes, name: str) -> Json:
    """What is removed is gone at once here."""
    return {"indices": {index.name: {"shards": {}} for index in store.named(name)}}


def _task(store: Store, params: Json, body: bytes, task: str) -> Json:
    if task not in store.tasks:
        raise Refused(404, "resource_not_found_exception", f"task [{task}] isn't running")
    return store.tasks[task]


def _cancel(store: Store, params: Json, body: bytes, task: str) -> Json:
    return {"nodes": {}}


def _block(store: Store, params: Json, body: bytes, name: str, kind: str) -> Json:
    store.single(name).settings[f"index.blocks.{kind}"] = True
    return {"acknowledged": True}


def _settings(store: Store, params: Json, body: bytes, name: str) -> Json:
    store.single(name).settings |= _json(body)
    return {"acknowledged": True}


def _mapping(store: Store, params: Json, body: bytes, name: str) -> Json:
    """Only what an index knows of itself is ever changed."""
    store.single(name).mappings["_meta"] = _json(body)["_meta"]
    return {"acknowledged": True}


def _health(store: Store, params: Json, body: bytes, name: str | None) -> Json:
    """One shard an index, and each replica on a node of its own, as far as there are any."""
    wanted = sum(
        int(index.settings.get("index.number_of_replicas", 0))
        for index in (store.named(name) if name else store.indices.values())
    )
    away = max(0, wanted - store.data_nodes + 1)
    status = "yellow" if away else "green"
    return {"status": status, "number_of_data_nodes": store.data_nodes, "unassigned_shards": away}


def _aliases(store: Store, params: Json, body: bytes) -> Json:
    actions = _json(body)["actions"]
    for action in (about["remove"] for about in actions if "remove" in about):
        if action["alias"] not in store.single(action["index"]).aliases:
            if action.get("must_exist") is False:
                continue
            raise Refused(
                404, "aliases_not_found_exception", f"aliases [{action['alias']}] missing"
            )
        del store.single(action["index"]).aliases[action["alias"]]
    for action in (about["add"] for about in actions if "add" in about):
        store.single(action["index"]).aliases[action["alias"]] = {
            name: about for name, about in action.items() if name not in {"index", "alias"}
        }
    return {"acknowledged": True}


def _alias(store: Store, params: Json, body: bytes, name: str) -> Json:
    return {index.name: {"aliases": index.aliases} for index in store.named(name)}


def _nodes(store: Store, params: Json, body: bytes, _metric: str) -> Json:
    return {"nodes": {"fake": {"jvm": {"uptime_in_millis": 65_000}}}}


ROUTES: dict[str, Route] = {
    r"(?:GET|HEAD) /": _info,
    r"POST /_search": _search_then,
    r"POST /_reindex": _reindex,
    r"POST /_aliases": _aliases,
    r"DELETE /_pit": _close_moment,
    r"GET /_tasks/([^/]+)": _task,
    r"POST /_tasks/([^/]+)/_cancel": _cancel,
    r"GET /_alias/([^/]+)": _alias,
    r"PUT /([^/_][^/]*)": _create,
    r"GET /([^/_][^/]*)": _get_index,
    r"DELETE /([^/_][^/]*)": _delete_index,
    r"GET /([^/]+)/_mapping/field/([^/]+)": _field_mapping,
    r"POST /([^/]+)/_refresh": _refresh,
    r"POST /([^/]+)/_flush": _flush,
    r"GET /([^/]+)/_segments": _segments,
    r"POST /([^/]+)/_mget": _mget,
    r"GET /([^/]+)/_doc/(.+)": _get,
    r"PUT /([^/]+)/_doc/(.+)": _index,
    r"DELETE /([^/]+)/_doc/(.+)": _delete,
    r"PUT /([^/]+)/_bulk": _bulk,
    r"POST /([^/]+)/_update/(.+)": _update,
    r"POST /([^/]+)/_search": _search,
    r"POST /([^/]+)/_msearch": _msearch,
    r"POST /([^/]+)/_count": _count,
    r"POST /([^/]+)/_mtermvectors": _term_vectors,
    r"POST /([^/]+)/_pit": _open_moment,
    r"GET /_nodes/stats/(\w+)": _nodes,
    r"GET /([^/]+)/_stats(?:/(.+))?": _stats,
    r"PUT /([^/]+)/_block/(\w+)": _block,
    r"PUT /([^/]+)/_settings": _settings,
    r"PUT /([^/]+)/_mapping": _mapping,
    r"GET /_cluster/health(?:/(.+))?": _health,
}
