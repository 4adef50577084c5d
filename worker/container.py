"""Put the parts together from the settings: the one place that knows how they fit.

Each part is imported when it is first asked for: a search needs no Celery, and a worker no
search, and an idle process should be small.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tasks.settings import (
    Settings,
    elasticsearch_api_key,
    elasticsearch_origin,
    elasticsearch_tls,
    elasticsearch_url,
    redis_address,
)
from tasks.site import NAME as NAME_OF_SITE
from tasks.site import own_names, queue_names
from worker import lean
from worker.folders import Folders
from worker.meter import Meter
from worker.site import Site
from worker.spool.copied import NAME as COPIES
from worker.spool.copied import ArchiveCopies
from worker.spool.ledger import Ledger
from worker.spool.settings_by_hand import NAME as BY_HAND
from worker.spool.settings_by_hand import SettingsByHand
from worker.spool.spool import Spool
from worker.spool.tombstones import Tombstones
from worker.spool.tombstones_file import NAME

if TYPE_CHECKING:
    from celery import Celery
    from elasticsearch import Elasticsearch

    from tasks.names import QueueNames
    from worker.copies.bucket import Bucket
    from worker.copies.copier import Copier
    from worker.enrichment.rules import Rules
    from worker.heartbeat.beat import Process
    from worker.heartbeat.heart import Heart
    from worker.heartbeat.keys import BeatKeys
    from worker.inbox.watch import Watcher
    from worker.intake.intake import Intake
    from worker.intake.second_look import SecondLooks
    from worker.intake.senders import Senders
    from worker.intake.unpack import Portions
    from worker.mirror.follow import Follower
    from worker.mirror.mirrors import Mirrors
    from worker.reconcile.persistence import Persistence
    from worker.reconcile.publisher import TaskPublisher
    from worker.reconcile.queues import Queues
    from worker.reconcile.reconcile import Reconciler


class Container:
    """The parts of one process, each made when it is first asked for.

    Make no connection before a fork: children that share a socket read each other's answers.
    """

    def __init__(self, settings: Settings, *, make_folders: bool = True) -> None:
        """Without ``make_folders`` a folder that holds no data is refused, and stays as it is."""
        self.settings = settings
        self._make_folders = make_folders
        self.meter = Meter()

    @cached_property
    def folders(self) -> Folders:
        """The data folders, created where that is wanted."""
        folders = Folders(self.settings.data)
        return folders.prepare() if self._make_folders else folders.present()

    @cached_property
    def names(self) -> QueueNames:
        """Which index and site this is, and what stands in Redis for them."""
        return queue_names(self.settings)

    @cached_property
    def site(self) -> Site:
        """Which documents are of this data folder."""
        return Site(self.names.site, own_names(self.settings))

    @cached_property
    def client(self) -> Elasticsearch:
        """The Elasticsearch client of this process."""
        return self.connected(elasticsearch_url(self.settings))

    def connected(self, url: str, timeout: float = 30.0) -> Elasticsearch:
        """A client as the settings want it, for these addresses."""
        lean.import_elasticsearch()
        from indexing.index.connect import connect

        return connect(
            url,
            elasticsearch_api_key(self.settings),
            timeout=timeout,
            tls=elasticsearch_tls(self.settings),
            origin=elasticsearch_origin(self.settings),
        )

    @cached_property
    def app(self) -> Celery:
        """The Celery application."""
        from tasks import broker

        address, lease = redis_address(self.settings), self.settings.lease_seconds
        return broker.connect(address, lease, self.names)

    @cached_property
    def publisher(self) -> TaskPublisher:
        """Notifies the workers of work that is to be done."""
        from worker.reconcile.publisher import TaskPublisher

        return TaskPublisher(self.app)

    @cached_property
    def queues(self) -> Queues:
        """Reads what stands in the queues."""
        # First: without an address, its library need not be loaded.
        address = redis_address(self.settings)
        from worker.reconcile.queues import Queues

        return Queues(address, self.names, self._sites)

    def _sites(self) -> set[str]:
        """Those of which a process has said lately that it is there."""
        told = {seen.beat.site for seen in self.heartbeats.read()}
        return {site for site in told if NAME_OF_SITE.fullmatch(site)}

    @cached_property
    def heartbeats(self) -> BeatKeys:
        """What the processes of all hosts say of themselves in Redis."""
        from worker.heartbeat.keys import BeatKeys

        return BeatKeys(redis_address(self.settings), self.names.alive)

    def heart(self, process: Process, takes: Sequence[str] = ()) -> Heart:
        """What tells others that this process lives, and of which folders it takes files.

        Enrichment says its version when it has loaded its pipeline.
        """
        from indexing.index.mapping import MAPPING_VERSION
        from worker.heartbeat.files import BeatFile
        from worker.heartbeat.heart import Heart
        from worker.heartbeat.pulse import Pulse

        version = "" if process == "enrich" else f"mapping {MAPPING_VERSION}"
        pulse = Pulse(process, self.names.site, takes, version)
        return Heart(pulse, BeatFile(self.folders.alive), self.heartbeats)

    @cached_property
    def spool(self) -> Spool:
        """All batches."""
        return Spool(self.folders.spool)

    @cached_property
    def rules(self) -> Rules:
        """The user's rules about names."""
        from worker.enrichment.rules import Rules
        from worker.enrichment.shared_rules import SharedRules

        path = self.folders.data / "aliases.txt"
        return Rules(path, SharedRules(path, lambda: self.client, self.settings.index))

    @cached_property
    def ledger(self) -> Ledger:
        """What became of every file."""
        return Ledger(self.folders.data / "ledger.sqlite")

    @cached_property
    def tombstones(self) -> Tombstones:
        """What was withdrawn."""
        return Tombstones(self.folders.data / NAME)

    @cached_property
    def by_hand(self) -> SettingsByHand:
        """What persons have set of articles."""
        return SettingsByHand(self.folders.data / BY_HAND)

    @cached_property
    def copies(self) -> ArchiveCopies:
        """Which files of the archive have a copy elsewhere."""
        return ArchiveCopies(self.folders.data / COPIES)

    @cached_property
    def bucket(self) -> Bucket:
        """Where these are. Raises ``UsageError`` without the extra `s3`."""
        from worker.copies.bucket import Bucket

        return Bucket(self.settings.archive)

    @cached_property
    def copier(self) -> Copier:
        """Makes them."""
        from worker.copies.copier import Copier

        return Copier(self.folders, self.copies, self.bucket)

    @cached_property
    def persistence(self) -> Persistence:
        """What Redis keeps on its disk."""
        address = redis_address(self.settings)
        from worker.reconcile.persistence import Persistence

        return Persistence(address)

    @cached_property
    def intake(self) -> Intake:
        """Works batches."""
        from worker.intake.intake import Intake

        return Intake(
            self.folders,
            lambda: self.client,
            self.settings.index,
            self.publisher,
            max_file_bytes=self.settings.max_file_bytes,
            enrich_batch=self.settings.enrich_batch,
            leases=not self.settings.poll,
            zone=self.settings.time_zone,
            limits=self.settings.reader_limits(),
            meter=self.meter,
            portions=self._portions(),
            site=self.site,
        )

    def _portions(self) -> Portions:
        """How containers are unpacked."""
        from extraction.containers.member import Limits
        from worker.intake.unpack import Portions

        settings = self.settings
        limits = Limits(
            settings.max_file_bytes,
            settings.max_members,
            settings.max_ratio,
            settings.reader_limits(),
        )
        return Portions(nesting=settings.max_nesting, limits=limits)

    @cached_property
    def second_looks(self) -> SecondLooks:
        """Looks again at archived files that may have been open for writing."""
        from worker.intake.second_look import SecondLooks

        return SecondLooks(self.folders, self.publisher)

    @cached_property
    def senders(self) -> Senders:
        """Works what programs send."""
        from worker.intake.senders import Senders
        from worker.intake.sites import Others

        limits = self.settings.batch_files, self.settings.batch_bytes
        others = Others(self.heartbeats.read, self.names)
        folders, most = self.settings.ingest_folders, self.settings.spool_batches
        return Senders(self.intake, folders, limits, others, most)

    @cached_property
    def wake(self) -> threading.Event:
        """Set when the watcher has claimed something: the reconciler rests no longer."""
        return threading.Event()

    @cached_property
    def watcher(self) -> Watcher:
        """Claims what is ready in the inbox."""
        from worker.inbox.watch import Watcher
        from worker.reconcile.publisher import BackgroundTaskPublisher

        s = self.settings
        return Watcher(
            self.folders,
            BackgroundTaskPublisher(self.app),
            quiet=s.quiet_seconds,
            quiet_unproven=s.quiet_seconds_unproven,
            batch_files=s.batch_files,
            batch_bytes=s.batch_bytes,
            spool_batches=s.spool_batches,
            leases=not s.poll,
            meter=self.meter,
            wake=self.wake,
        )

    @cached_property
    def mirrors(self) -> Mirrors:
        """The folder trees that are followed where they are."""
        from worker.mirror.mirrors import Mirrors

        return Mirrors(self.folders)

    @cached_property
    def follower(self) -> Follower:
        """Follows them."""
        from worker.mirror.documents import Documents
        from worker.mirror.elsewhere import Elsewhere
        from worker.mirror.feed import Feed
        from worker.mirror.follow import Follower
        from worker.mirror.take import Taking

        s = self.settings
        quiet = s.quiet_seconds, s.quiet_seconds_unproven
        taking = Taking(s.max_file_bytes, quiet, self.spool.folder, leases=not s.poll)
        limits = s.batch_files, s.batch_bytes
        feed = Feed(self.spool, self.publisher, limits, taking, s.spool_batches)
        own = self.folders, self.mirrors, self.spool, self.ledger, self.publisher
        documents = Documents(lambda: self.client, s.index, Elsewhere(*own))
        times = {"rescan": s.mirror_seconds, "grace": s.mirror_grace_seconds}
        return Follower(self.mirrors, feed, documents, **times, events=not s.poll)

    @cached_property
    def reconciler(self) -> Reconciler:
        """Publishes messages for work that no message speaks of."""
        from worker.enrichment.in_flight import InFlight
        from worker.reconcile.reconcile import Reconciler

        s = self.settings
        return Reconciler(
            self.spool,
            self.queues,
            lambda: self.client,
            s.index,
            self.publisher,
            InFlight(self.folders.enriching),
            enrich_batch=s.enrich_batch,
            enrich_queue=s.enrich_queue,
            lease_seconds=s.lease_seconds,
            fields=s.fields(),
        )
