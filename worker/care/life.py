"""What has happened to a file or an article, told by what is written down of it. Pure.

The ledger has a row for each end of a file, a document a line for each of its texts, a failed file
its reason. Each tells a part, and any of them may be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from articles.article import Version
from indexing.writing.by_hand import Setting
from indexing.writing.versions import every
from worker.spool.ledger import Entry
from worker.spool.spool import claimed_at, iso
from worker.spool.withdrawal import Past, Withdrawal

Document = Mapping[str, Any]

#: Fates by which a document has a text.
_TEXTS = {"indexed", "corrected"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: ``at`` is ISO 8601, ``path`` the file's below the inbox.

    ``what`` is ``claimed``, a fate of the ledger, ``enriched``, ``reparsed``,
    ``corrected by hand``, ``withdrawn``, ``restored``, and in a mirror ``moved`` or ``deleted``;
    ``detail`` says how or why.
    """

    at: str
    what: str
    path: str
    id: str = ""
    detail: str = ""


def of_rows(rows: Iterable[Entry], documents: Mapping[str, Document]) -> Iterator[Step]:
    """Of the ledger's rows: each file's claim and its end. ``documents`` are those of the ids."""
    for row in rows:
        claimed = iso(claimed_at(row.batch))
        yield Step(claimed, "claimed", row.path)
        if row.fate == "withdrawn" and not row.reason:
            continue  # ``of_withdrawal`` tells when; what it was before an older release forgot
        known = every(documents[row.id]) if row.id in documents else []
        made = next((v for v in known if _is_file(v, row.path, claimed)), None)
        detail = row.reason or (f"version {made.number}" if made and len(known) > 1 else "")
        if row.fate == "duplicate":
            detail = "the article is there already"
        yield Step(row.at, row.fate, row.path, row.id, detail)


def of_document(id_: str, document: Document, rows: Sequence[Entry]) -> Iterator[Step]:
    """Of a document: its texts that the ledger has no ``rows`` of, and its enrichment."""
    claims = [(row, iso(claimed_at(row.batch))) for row in rows]
    told = {(row.path, claimed) for row, claimed in claims}
    # The file of a mirror may have moved since.
    moved = {claimed for row, claimed in claims if row.id == id_ and row.fate in _TEXTS}
    texts = every(document)
    for text in texts:
        is_told = (text.path, text.received_at) in told or text.received_at in moved
        if not (is_told or text.reparsed):
            yield Step(text.received_at, "claimed", text.path)
            fate = "indexed" if text.number == 1 else "corrected"
            yield Step(text.received_at, fate, text.path, id_, f"version {text.number}")
        if text.reparsed:
            yield Step(text.reparsed, "reparsed", text.path, id_, f"version {text.number}")
    mark = document.get("enrichment") or {}
    if mark.get("state") in {"enriched", "failed"} and mark.get("at"):
        failed = mark["state"] == "failed"
        detail = mark.get("error" if failed else "pipeline") or ""
        path = (document.get("source") or {}).get("path") or ""
        yield Step(mark["at"], "failed" if failed else "enriched", path, id_, detail)


def of_reason(path: str, reason: Mapping[str, Any]) -> Iterator[Step]:
    """Of a failed file's reason: every failure that it tells of."""
    for entry in (*reason.get("earlier", ()), reason):
        why = [str(entry.get(name) or "") for name in ("error", "advice")]
        stage = str(entry.get("stage") or "unknown")
        detail = f"at {stage}: {' '.join(filter(None, why))}"
        yield Step(str(entry.get("time") or ""), "failed", path, "", detail)


def of_withdrawal(withdrawn: Withdrawal) -> Step:
    """Of a withdrawal: when, why and by whom."""
    kept = "its text is kept nowhere" if withdrawn.purged else "`depesche restore` brings it back"
    detail = f"{withdrawn.reason} (by {withdrawn.who}); {kept}"
    return Step(withdrawn.at, "withdrawn", withdrawn.path, withdrawn.id, detail)


def of_past(past: Past) -> Step:
    """Of a withdrawal that holds no more, or the end of one."""
    by = f"by {past.who}" if past.who else ""
    detail = f"{past.reason} ({by})" if past.reason else by
    return Step(past.at, past.what, past.path, past.id, detail)


def of_setting(id_: str, path: str, one: Setting) -> Step:
    """Of what was set by hand: which field, when and by whom."""
    value = one.key or one.fields.get(one.field) or "none"
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Step(one.at, "corrected by hand", path, id_, f"{one.field}: {said} (by {one.who})")


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Each once, as they came; those whose time nobody knows first.

    What is told in whole seconds comes behind what is known to have been in that second: a file is
    claimed before it is enriched.
    """
    return sorted(dict.fromkeys(steps), key=lambda step: _moment(step.at))


def _is_file(version: Version, path: str, claimed: str) -> bool:
    return (version.path, version.received_at) == (path, claimed)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if "." in text else moment.replace(microsecond=999_999)
