"""What the licences of agencies take, and what they leave to a person.

Anybody may send another text of an article under its id or URL, of any day and agency. If that
could end the licence of all its texts, whoever knows an id would have the article taken down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from worker.care.note import Note
from worker.container import Container
from worker.wording import counted

if TYPE_CHECKING:  # `status`, which is quick, has no use for it where nothing has a licence
    from indexing.searching.expired import Expired, Expiry


def by_licence(retention: Mapping[str, int], now: datetime, zone: str) -> list[Expiry]:
    """What the days of each agency's licence mean now: before which day its articles go."""
    from indexing.searching.expired import Expiry

    today = now.astimezone(ZoneInfo(zone)).date()
    return [
        Expiry((today - timedelta(days=days)).isoformat(), agencies=(agency,), licence=True)
        for agency, days in retention.items()
    ]


def of_this_site(container: Container, expiry: Expiry) -> Iterator[list[Expired]]:
    """What of this site is older, in pages. Raises ``ServiceUnavailable`` and ``UsageError``."""
    from indexing.searching.expired import expired

    settings = container.settings
    pages = expired(container.client, settings.index, expiry, settings.time_zone)
    return ([one for one in page if container.site.owns(one.site)] for page in pages)


def licence(container: Container) -> Iterator[Note]:
    """What a licence would take, and has a text of another agency, or one that came since."""
    settings = container.settings
    if not settings.retention:
        return
    due = by_licence(settings.retention, datetime.now(UTC), settings.time_zone)
    firsts = (one for each in due for one in next(of_this_site(container, each), []))
    if left := [one.id for one in firsts if one.others]:
        text = f"{counted(len(left), 'article')} whose licence ended, with texts of others"
        to_do = "`depesche show ID --versions` tells of each; `depesche withdraw` takes it down"
        yield Note("licence", text, to_do, tuple(left))
