"""``search``: find articles by word and by name."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from articles.fields import with_a_hit
from worker import wording
from worker.commands.common import AsJson, Embargoed, archive, example, origin, out, print_json, say
from worker.commands.filters import Kql, Names, Quoted, Since, Until, asked
from worker.console import PlainConsole
from worker.foreign import plain, plain_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from depesche import Bucket, Highlight, Hit, Results

VALUES_SHOWN = 8

#: Before the hits that have most of the words, behind those that have all.
FURTHER = "With most of the words, not with all:"
_MATCH = "bold yellow"
#: What is said of a reason by its kind (``indexing.searching.forms``): nothing where the mark says
#: it, its name behind the words where nothing stands here.
_WHY = {
    **dict.fromkeys(("word", "phrase", "form", "pattern"), ""),
    "spelling": "{asked} spelt {found}",
    "respelled": "{asked} taken for {found}",
    "family": "{asked} by {found}",
    "regional": "{asked} is {found}",
    "abbreviation": "{asked} is {found}",
    "synonym": "{asked} by {found}",
    "compound": "{asked} in {found}",
    "part": "{asked} by its parts: {found}",
    "name": "{asked}",
    "lacking": "without {asked}",
    "meaning": "near in meaning",
    "earlier": "in an earlier version: `show ID --versions`",
}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(
        epilog=example("search 'Verträge near Putin' --place Moskau --from 2024-06 --newest")
    )(search)


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", -exclusions, OR, near, person:"…", in:2024.')
    ] = "",
    person: Names = None,
    organisation: Names = None,
    place: Names = None,
    quoted: Quoted = None,
    since: Since = None,
    until: Until = None,
    kql: Kql = "",
    size: Annotated[int, typer.Option(metavar="N", min=0, max=1000)] = 10,
    offset: Annotated[int, typer.Option(metavar="N", min=0, help="Skip the first hits.")] = 0,
    newest: Annotated[
        bool, typer.Option("--newest", help="The latest first, not the best.")
    ] = False,
    by_meaning: Annotated[
        bool | None,
        typer.Option("--meaning/--no-meaning", help="Else as DEPESCHE_MEANING says."),
    ] = None,
    every_copy: Annotated[
        bool, typer.Option("--all", help="Show every copy of a story, not the best alone.")
    ] = False,
    all_versions: Annotated[
        bool,
        typer.Option("--all-versions", help="Find what articles said before they were corrected."),
    ] = False,
    embargoed: Embargoed = False,
    as_json: AsJson = False,
) -> None:
    """Search full text and names; exit status 1 if nothing is found.

    What helps to search better is said on standard error.
    """
    looked_for = asked(query, person, organisation, place, quoted, since, until, kql)
    wanted = replace(looked_for, size=size, offset=offset, newest=newest, all_versions=all_versions)
    results = archive(embargoed=embargoed).search(wanted, every_copy=every_copy, meaning=by_meaning)
    say(results.hints)
    if as_json:
        print_json(asdict(results))
    else:
        print_results(out(), results, offset)
    raise typer.Exit(0 if results.total else 1)


def print_results(console: PlainConsole, results: Results, offset: int = 0) -> None:
    """For people: hits with highlights and which of all they are, then facets."""
    console.print(f"{counted(results)} ({results.took_ms} ms)\n")
    for before, hit in zip([None, *results.hits], results.hits, strict=False):
        if hit.loosened and not results.loosened and not (before and before.loosened):
            console.print(f"{FURTHER} {wording.counted(results.further, 'story', 'stories')}\n")
        kicker = f"{hit.kicker} : " if hit.kicker else ""
        console.print(
            Text.assemble((plain(kicker + hit.headline), "bold"), "  ", (after(hit), "dim"))
        )
        for highlight in hit.highlights:
            console.print(Text("  ").append_text(_marked(highlight)))
        for line in (why(hit), names(hit), origin(hit.id, hit.agency, hit.path, hit.url)):
            if line:
                console.print(Text(f"  {line}", style="dim"))
        console.print()
    if where := paged(results.total + results.further, offset, len(results.hits)):
        console.print(f"{where}\n")
    for name, buckets in results.facets.items():
        if buckets:
            values = results.facet_values.get(name, 0)
            console.print(Text.assemble((name, "bold"), facet(buckets, values)))


def facet(buckets: Sequence[Bucket], values: int) -> str:
    """The first values of a facet, and of how many: `` (8 of 41): Berlin (12), …``."""
    shown = buckets[:VALUES_SHOWN]
    counts = ", ".join(f"{bucket.value} ({bucket.count:,})" for bucket in shown)
    all_of = f" ({len(shown):,} of {values:,})" if values > len(shown) else ""
    return plain(f"{all_of}: {counts}")


def counted(results: Results) -> str:
    """``12 articles``, or ``12 stories in 15 articles`` where some have copies."""
    articles = wording.counted(results.articles, "article")
    if results.total == results.articles:
        return articles
    return f"{wording.counted(results.total, 'story', 'stories')} in {articles}"


def paged(total: int, offset: int, shown: int) -> str:
    """``1-10 of 175, --offset 10`` shows the next; nothing where all are shown."""
    if not shown:
        return f"None from --offset {offset} on: there are {total:,}." if total and offset else ""
    end = offset + shown
    after = f", --offset {end}" if end < total else ""
    return f"{offset + 1:,}-{end:,} of {total:,}{after}" if offset or after else ""


def after(hit: Hit) -> str:
    """What stands behind a headline: when, and how many copies: ``2024-06-19 +3 copies``."""
    copies = {0: "", 1: "+1 copy"}.get(hit.copies, f"+{hit.copies:,} copies")
    return " ".join(part for part in (hit.published, copies) if part)


def names(hit: Hit) -> str:
    """The first names of each kind, ``Wladimir Putin, Nato, Moskau``."""
    return ", ".join(
        name for field in with_a_hit() for name in getattr(hit, field.name)[: field.in_hit]
    )


def why(hit: Hit) -> str:
    """Why it is a hit, where its words alone do not tell: ``Pakt in Verteidigungspakt``."""
    told = (
        _WHY.get(reason.kind, "{asked}: {found} (" + reason.kind + ")").format(
            asked=plain(reason.asked), found=plain(reason.found)
        )
        for reason in hit.reasons
    )
    return plain("; ".join(part for part in told if part))


def _marked(highlight: Highlight) -> Text:
    """The matches in the terminal's bold, everything else as it is."""
    marked = Text()
    for text, match in highlight.parts():
        marked.append(plain_lines(text), _MATCH if match else "")
    return marked
