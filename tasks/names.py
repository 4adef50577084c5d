"""What tasks and queues are called. It imports nothing heavy: whoever only counts needs no Celery.

Every name in Redis begins with ``depesche.<index>.``: two installations on one Redis never meet.
An index's name may have dots, a site's not; those dots are colons here, which no index's name has:
so no two names can be the same.
"""

from __future__ import annotations

from dataclasses import dataclass

INTAKE_FILES = "ingest.files"
INTAKE_ARTICLE = "ingest.article"
INTAKE_BATCH = "intake.batch"
ENRICH_DOCUMENTS = "enrich.documents"
#: Priorities of messages, as kombu orders its lists: those of work that had its turn come last.
FIRST, BEHIND = 0, 9
#: How kombu's lists for them end: for 0 to 2, that of nearly all messages, 3 to 5, 6 to 8, and 9.
PRIORITIES = ("", *(f"\x06\x16{step}" for step in (3, 6, 9)))
#: What is asked of the intake of each site: how it stands there.
SITE_ASKED = "site.asked"

#: Where a program that has only Celery and sends by name puts its messages.
DEFAULT_QUEUE = "celery"
#: What the queues were called in 0.1.0, and are called by people still: what waits for whom.
INTAKE_QUEUE = "intake"
ENRICH_QUEUE = "enrich"
#: What 0.1.0 kept there of messages that a worker held.
OLD_UNACKED = "unacked"


@dataclass(frozen=True, slots=True)
class QueueNames:
    """The names in Redis of an index and, of what is one site's own, of a site.

    ``known``: somebody has called it so; else it is the host's name, and may be no site at all.
    """

    index: str = "articles"
    site: str = "here"
    known: bool = False

    @property
    def prefix(self) -> str:
        """How every name of this installation begins, without the last dot."""
        return f"depesche.{self.index.replace('.', ':')}"

    @property
    def own(self) -> str:
        """For the intake of this site alone."""
        return self.of(self.site)

    def of(self, site: str) -> str:
        """For the intake of that site alone."""
        return f"{self.prefix}.{site}.intake"

    @property
    def shared(self) -> str:
        """For the intake of any site."""
        return f"{self.prefix}.intake"

    @property
    def files(self) -> str:
        """Where the paths of files are sent from here."""
        return self.own if self.known else self.shared

    @property
    def documents(self) -> str:
        """For enrichment, wherever it runs."""
        return f"{self.prefix}.enrich"

    @property
    def alive(self) -> str:
        """The set of heartbeats, and how the name of each begins."""
        return f"{self.prefix}.alive"

    @property
    def unacked(self) -> str:
        """What workers hold; how the name of its index begins."""
        return f"{self.prefix}.unacked"

    def is_queue(self, name: str) -> bool:
        """Whether messages of this installation may wait there: of this site, or of another."""
        site = name.removeprefix(f"{self.prefix}.").removesuffix(".intake")
        return name in self.kinds or ("." not in site and name == self.of(site))

    @property
    def of_intake(self) -> tuple[str, ...]:
        """What an intake worker takes, old names last."""
        return self.own, self.shared, DEFAULT_QUEUE, INTAKE_QUEUE

    @property
    def of_enrich(self) -> tuple[str, ...]:
        """What an enrich worker takes, the old name last."""
        return self.documents, ENRICH_QUEUE

    @property
    def kinds(self) -> dict[str, str]:
        """Every queue that a process of this site looks at, and what for: the names in `status`."""
        return {
            self.own: INTAKE_QUEUE,
            self.shared: INTAKE_QUEUE,
            INTAKE_QUEUE: INTAKE_QUEUE,
            self.documents: ENRICH_QUEUE,
            ENRICH_QUEUE: ENRICH_QUEUE,
            DEFAULT_QUEUE: DEFAULT_QUEUE,
        }
