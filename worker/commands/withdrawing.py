"""``withdraw``, ``expire``, ``restore``, ``withdrawn``: articles that go, and come in again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from articles.errors import DepescheError, SeveralMeant, UsageError
from worker.commands.common import (
    AsJson,
    By,
    archive,
    below_inbox,
    confirm,
    container,
    err,
    example,
    identify,
    out,
    print_json,
    say,
    who,
)
from worker.foreign import plain
from worker.wording import counted

if TYPE_CHECKING:
    from depesche import Archive
    from indexing.searching.expired import Clock, Expiry
    from worker.care.withdraw import Order
    from worker.container import Container
    from worker.spool.withdrawal import Past, Withdrawal

Ids = Annotated[
    list[str],
    typer.Argument(
        metavar="ARTICLE…", help="Ids, their beginnings, or paths of files; also of failed ones."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="With --purge: do not ask.")]
SHOWN, SHOWN_CHARS = 5, 200


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog=example("withdraw t-1f0c9a7be2d4 --reason 'court order 7 O 12/26'"))(
        withdraw
    )
    app.command(
        epilog=example("expire --before 2024-01-01 --agency dpa --dry-run", "expire --yes")
    )(expire)
    app.command(epilog=example("restore t-1f0c9a7be2d4"))(restore)
    app.command(epilog=example("withdrawn --json"))(withdrawn)


def withdraw(
    articles: Ids,
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why, for the list.")],
    purge: Annotated[
        bool, typer.Option("--purge", help="Keep the text nowhere; it cannot be restored.")
    ] = False,
    by: By = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take articles down: nobody finds them any more, and they are refused, at all sites.

    Their files rest in withdrawn/. With --purge the text goes from there, too, and from the files
    of Redis and Elasticsearch; it asks before. Exit status 1 where that is not finished: what is
    left is done by itself (`depesche watch`), or by this command once more.
    """
    from worker.care.withdraw import Order, other_sites
    from worker.care.withdraw import withdraw as take_down

    if not reason.strip():
        raise UsageError("A reason is missing: it stands in the list of what was withdrawn.")
    parts = container()
    ids, failed = _meant(parts, articles)
    order = Order(reason.strip(), by or who(), purge)
    if purge and not yes:
        _ask([*_named(parts, ids), *failed])
    elsewhere = other_sites(parts, ids)
    done = take_down(parts, ids, order) + [_failed(parts, path, order) for path in failed]
    _tell(parts, [one.id for one in done])
    left = _finish(parts, [one.id for one in done])
    if as_json:
        print_json([_plain(parts, one) for one in _now(parts, done)])
    else:
        _print(parts, _now(parts, done))
    for id_, sites in elsewhere.items():
        at = f"{id_} has files at other sites, too ({', '.join(sites)})"
        err().print(plain(f"{at}: the watcher there takes them away."), soft_wrap=True)
    if purge:
        _say_open(parts)
    if left:
        err().print(f"Not finished, and done by itself later: {left}", soft_wrap=True)
    raise typer.Exit(1 if _say_left_out(parts, [one.id for one in done]) or left else 0)


def _say_left_out(parts: Container, ids: list[str]) -> bool:
    """Tell which of these had more to be recognised by than is kept, if any."""
    counts = parts.tombstones.left_out()
    there = [id_ for id_ in ids if id_ in counts]
    for id_ in there:
        told = (
            f"{id_}: {counts[id_]:,} keys or documents had no place, of others under its path: "
            "what has them may be there still, or come again. `depesche where PATH` shows what "
            f"is there; withdraw that by id, then {id_} once more."
        )
        err().print(plain(told), soft_wrap=True)
    return _say_left_documents(parts, ids) or bool(there)


def _say_left_documents(parts: Container, ids: list[str]) -> bool:
    """Tell which documents stay for what they say of themselves, if any."""
    from worker.care.withdrawn_documents import left_under_keys

    try:
        left = left_under_keys(parts, ids)
    except DepescheError:  # away: what is not finished says so
        return False
    for id_ in left[:SHOWN]:
        told = (
            f"{id_} stays: as its document says it is of another site, and what was withdrawn says "
            f"that it is known by this key. `depesche show {id_}`; withdraw it by this id if it is "
            "of the same article."
        )
        err().print(plain(told), soft_wrap=True)
    return bool(left)


def _meant(parts: Container, texts: list[str]) -> tuple[list[str], list[str]]:
    """The ids of articles, and the paths of failed files, in the order given."""
    where = archive(embargoed=True)  # what is held can be taken down, too
    told = [_one_meant(parts, where, text) for text in texts]
    ids = [text for text, has_failed in told if not has_failed]
    failed = [text for text, has_failed in told if has_failed]
    return list(dict.fromkeys(ids)), list(dict.fromkeys(failed))


def _one_meant(parts: Container, where: Archive, typed: str) -> tuple[str, bool]:
    """An id, or the path of a file in ``failed/``, and which of both it is."""
    from worker.care.withdraw import came_as, failed_as

    text = below_inbox(typed)
    try:
        return identify(where, typed), False
    except SeveralMeant:  # not another one that was withdrawn, or came, by this name
        raise
    except UsageError:
        known = parts.tombstones.meant(text)
        if len(known) == 1:
            return known[0].id, False
        if known:
            raise SeveralMeant(_several(text, known)) from None
        if path := failed_as(parts, text):
            return path, True
        if id_ := came_as(parts, text):
            return id_, False
        raise


def _several(text: str, known: list[Withdrawal]) -> str:
    named = ", ".join(f"{one.id} ({one.path})" for one in known[:5])
    return f"{text} may be any of {len(known):,} that were withdrawn: {named}. Name one by its id."


def _failed(parts: Container, path: str, order: Order) -> Withdrawal:
    from worker.care.withdraw import withdraw_failed

    return withdraw_failed(parts, path, order)


def _tell(parts: Container, ids: list[str]) -> None:
    """Tell other sites of these; who may not, as the user that may purge in Compose, leaves that.

    What others have withdrawn is the watcher's: nobody knows how much that is.
    """
    from worker.care.sharing import settle

    try:
        settle(parts, ids)
    except DepescheError as error:
        err().print(plain(f"The watcher tells other sites: {error}"), soft_wrap=True)


def _finish(parts: Container, ids: list[str]) -> str:
    """Why it is not finished, or "". What others purge is left to the watcher."""
    from worker.care.taking_away import finish

    try:
        finish(parts, lambda line: say([line]), ids=ids)
    except DepescheError as error:  # a right that is missing, too
        return str(error)
    left = {step for one in parts.tombstones.of(ids).values() for step in one.todo}
    return f"{', '.join(sorted(left))} once more" if left else ""


def _say_open(parts: Container) -> None:
    """Whoever searches need not end, so that a purge waits for none; who purges is to know."""
    from indexing.writing.withdraw import open_searches

    try:
        if not open_searches(parts.client, parts.settings.index):
            return
    except DepescheError:  # away, or no right: what is not finished says so
        return
    told = (
        "Searches are open in Elasticsearch (points in time, as of exports and Kibana): those that "
        "began before find what was purged until they end, and its files keep it so long."
    )
    err().print(told, soft_wrap=True)


def _now(parts: Container, done: list[Withdrawal]) -> list[Withdrawal]:
    known = parts.tombstones.of(one.id for one in done)
    return [known[one.id] for one in done if one.id in known]


def _print(parts: Container, done: list[Withdrawal]) -> None:
    from worker.care.withdraw import files_set_apart, in_mirrors, still_in
    from worker.spool.withdrawal import FILES

    for one in done:
        how = "not purged yet" if FILES in one.todo else "purged"
        if not one.purged:
            how = f"withdrawn, {counted(files_set_apart(parts, one), 'file')} in withdrawn/"
        out().one_line(f"{one.id}  {one.path}: {how}")
        for holder in still_in(parts, one):
            out().one_line(
                f"  its text is still in {holder}, a file of many articles: --purge removes that, "
                "and its other articles stay, each a file of its own"
            )
        for path in in_mirrors(parts, one):
            out().one_line(f"  {path} stays as it is: files of a mirror are not taken away")


def _named(parts: Container, ids: list[str]) -> list[str]:
    """What is meant, to be looked at: each with its path, and its headline where there is one.

    As many as are shown.
    """
    from indexing.index.source import source_of
    from indexing.writing.stored import readable

    wanted = ["source.path", "headline"]
    entries = readable(parts.client, parts.settings.index, ids[:SHOWN], wanted)
    documents = {entry["_id"]: source_of(entry) for entry in entries}
    known = parts.tombstones.of(ids[:SHOWN])
    told: list[str] = []
    for id_ in ids[:SHOWN]:
        document = documents.get(id_, {})
        path = document.get("source", {}).get("path") or (known[id_].path if id_ in known else "")
        headline = (document.get("headline") or "")[:SHOWN_CHARS]
        told.append("  ".join(filter(None, [id_, path, headline])))
    return [*told, *ids[SHOWN:]]


def _ask(names: list[str]) -> None:
    total = counted(len(names), "article")
    for name in names[:SHOWN]:
        err().one_line(f"  {name}")
    confirm(f"Delete {total} for good, everywhere?", f"This deletes {total} for good")


def expire(
    before: Annotated[
        str, typer.Option("--before", metavar="DATE", help="What is of an earlier day goes.")
    ] = "",
    agency: Annotated[
        list[str] | None,
        typer.Option("--agency", metavar="NAME", help="Of this agency; more than once: of any."),
    ] = None,
    query: Annotated[
        str, typer.Option("--query", metavar="QUERY", help="Only what this finds.")
    ] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="published|received", help="Which day it is of.")
    ] = "published",
    purge: Annotated[
        bool, typer.Option("--purge", help="Keep the text nowhere; it cannot be restored.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count them, and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Withdraw articles that are older than a day, for the reason `expired`. It asks before.

    By publication, or, where none is known, by receipt. Without --before, what DEPESCHE_RETENTION
    says of each agency is done now, as `watch` does every hour. Exit status as for `withdraw`.
    """
    from worker.care.expire import REASON, expired
    from worker.care.expire import expire as take_down
    from worker.care.withdraw import Order

    parts = container()
    wanted = _expiries(parts, before, agency or [], query, by)
    found = {one.id: one for each in wanted for page in expired(parts, each) for one in page}
    _say_unknown(parts, agency or [])
    total, left = counted(len(found), "article"), ""
    if found and not (dry_run or yes):
        confirm(f"Withdraw {total}?", f"This withdraws {total}")
    order = Order(REASON, who(), purge or (not before and parts.settings.retention_purge))
    if not dry_run:
        for each in wanted:
            take_down(parts, each, order, lambda _: None)
        _tell(parts, list(found))
        left = _finish(parts, list(found))
    if as_json:
        print_json([asdict(one) for one in found.values()])
    else:
        out().print(f"{total} {'would be ' if dry_run else ''}withdrawn.")
    if found and not dry_run and order.purge:
        _say_open(parts)
    if left:
        err().print(f"Not finished, and done by itself later: {left}", soft_wrap=True)
    left_out = not dry_run and _say_left_out(parts, list(found))
    raise typer.Exit(1 if left_out or left else 0)


def _say_unknown(parts: Container, agencies: list[str]) -> None:
    """A name that no article has finds nothing, and may be a mistake."""
    from indexing.searching.expired import agencies_like

    for name in agencies:
        if (known := agencies_like(parts.client, parts.settings.index, name)) is not None:
            there = f"; there are {', '.join(known)}" if known else ""
            err().print(plain(f"No article is of the agency {name}{there}."), soft_wrap=True)


def _expiries(
    parts: Container, before: str, agencies: list[str], query: str, by: str
) -> list[Expiry]:
    from datetime import UTC, datetime

    from indexing.index.dates import span
    from indexing.searching.expired import Expiry
    from indexing.searching.syntax import day_of
    from worker.care.licence import by_licence

    if by not in {"published", "received"}:
        raise UsageError("--by is published or received.")
    if before:
        day = span(day_of(before))["gte"][:10]
        clock: Clock = "received" if by == "received" else "published"
        return [Expiry(day, clock, tuple(agencies), query)]
    if agencies or query or not parts.settings.retention:
        raise UsageError("Say --before which day, or set DEPESCHE_RETENTION (dpa=30).")
    return by_licence(parts.settings.retention, datetime.now(UTC), parts.settings.time_zone)


def restore(articles: Ids, by: By = "") -> None:
    """Let articles in again that were withdrawn; their files go through the pipeline.

    Other sites do the same with theirs. Of what was purged there are no files: from now on it may
    be dropped again.
    """
    from worker.care.restore import meant
    from worker.care.restore import restore as let_in

    parts = container()
    withdrawals = [meant(parts, below_inbox(text)) for text in dict.fromkeys(articles)]
    ids = [one.id for one in withdrawals]
    files = let_in(parts, withdrawals, tell=lambda: _tell(parts, ids), who=by or who())
    again = f"{counted(files, 'file')} {'is' if files == 1 else 'are'} on the way again"
    out().print(f"{again}; `depesche status` shows how far.")
    for one in withdrawals:
        if one.purged:
            out().one_line(f"{one.id}  {one.path}: was purged; it may be dropped again")


def withdrawn(
    past: Annotated[
        bool,
        typer.Option("--past", help="What holds no more, instead: withdrawn and let in again."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what was withdrawn: what, when, why, by whom; the latest first."""
    parts = container()
    if past:
        _print_past(parts.tombstones.past(), as_json)
        return
    known, sites = parts.tombstones.all(), parts.tombstones.agreement.sites()
    left_out = parts.tombstones.left_out()
    if as_json:
        here = parts.site.name
        told = [
            _plain(parts, one)
            | {"site": sites.get(one.id, here), "left_out": left_out.get(one.id, 0)}
            for one in known
        ]
        print_json(told)
        return
    for one in known:
        how = "purged" if one.purged else "withdrawn"
        left = f"; still to do: {', '.join(one.todo)}" if one.todo else ""
        left += (
            f"; {left_out[one.id]:,} keys or documents had no place" if one.id in left_out else ""
        )
        by = f"{one.who} at {sites[one.id]}" if one.id in sites else one.who
        out().one_line(f"{one.at}  {one.id}  {one.path}  {how} by {by}: {one.reason}{left}")
    if not known:
        out().print("Nothing was withdrawn.")


def _print_past(past: list[Past], as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in past])
        return
    for one in past:
        what = "purged" if one.purged and one.what == "withdrawn" else one.what
        reason = f": {one.reason}" if one.reason else ""
        out().one_line(f"{one.at}  {one.id}  {one.path}  {what} by {one.who or '?'}{reason}")
    if not past:
        out().print("Nothing that was withdrawn was let in again.")


def _plain(parts: Container, one: Withdrawal) -> dict[str, Any]:
    content = asdict(one)
    for name in ("turn", "day", "minhash"):
        del content[name]
    return content | {"files": [asdict(file) for file in parts.tombstones.files(one.id)]}
