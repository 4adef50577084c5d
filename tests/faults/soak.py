"""The soak: articles of every kind under random faults of every kind, then the judgement.

    python -m tests.faults.soak --seed 7 --articles 5000 --minutes 20

The seed decides what is dropped and which fault follows which; it is printed first. What
ends up is judged from the disk and Elasticsearch alone, and by what `depesche verify` says of both.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from indexing.index.manage import create_index
from indexing.index.point_in_time import pages
from tasks.settings import Settings
from tests.faults import soak_mirror
from tests.faults.poison import pipeline
from tests.faults.proxy import BadElasticsearch, Proxy
from tests.faults.soak_changes import Shares
from tests.faults.soak_faults import ALL, Fault
from tests.faults.soak_feed import Feed
from tests.faults.soak_judge import Judge, Judgement, documents
from tests.faults.soak_mirror import Tree
from tests.faults.soak_withdrawals import Withdrawals
from tests.processes import files_in
from worker import services
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.verify import verify
from worker.container import Container
from worker.failpoint import ARMED
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

POINTS = [
    "spool.hidden",
    "deposit.held",
    "watch.took",
    "watch.claimed",
    "watch.released",
    "reconcile.notified",
    "intake.read",
    "intake.discarded",
    "intake.removed",
    "intake.created",
    "intake.corrected",
    "intake.indexed",
    "intake.recorded",
    "intake.moved",
    "intake.counted",
    "intake.settled",
    "intake.notified",
    "spool.emptied",
    "settle.reasoned",
    "unpack.put",
    "unpack.noted",
    "unpack.recorded",
    "refusing.noted",
    "enrich.fetched",
    "enrich.read",
    "enrich.counted",
    "enrich.written",
]
_ABOUT = {
    "corrected": "share of the articles in the inbox that have a second text, or a third",
    "withdrawn": "share of all that are withdrawn; some of these are purged, some restored",
    "contained": "share of those in the inbox that come in ZIPs, tables and the like",
    "mirrored": "share of all that lie in a mirror: renamed, changed, copied, deleted there",
}
CHANCE = 0.0005
#: Of a command that withdraws or restores, to be killed at each gap.
WITHDRAWAL_CHANCE = 0.03
PATIENCE = 1800.0


class Soak:
    """One run on a container whose services are there."""

    def __init__(
        self,
        container: Container,
        seed: int,
        own: services.Plan | None = None,
        shares: Shares | None = None,
    ) -> None:
        self.container = container
        self.dice = random.Random(seed)
        self.own = own
        self.tree = Tree(container, random.Random(seed + 2))
        shares = shares or Shares()
        self.feed = Feed(container.folders, random.Random(seed + 1), shares, self.tree)
        self.withdrawals: Withdrawals | None = None
        self.repaired: dict[str, int] = {}  #: what ``verify`` had to put right
        self.redis_proxy: Proxy | None = None
        self.elasticsearch_proxy: BadElasticsearch | None = None
        self.small_disk = False
        self.extra: dict[str, str] = {}  #: more settings of the processes
        self.faults: Counter[str] = Counter()
        assert container.settings.redis_url
        self.redis_url = container.settings.redis_url.get_secret_value()

    def run(self, articles: int, seconds: float, faults: list[Fault], every: float) -> float:
        """Feed, break, wait; seconds from the last fault until all has ended."""
        self.feed.poisonous = bool(self.extra)
        feeder = threading.Thread(target=self.feed.run, args=(articles, seconds * 0.9))
        end = time.monotonic() + seconds
        chance = WITHDRAWAL_CHANCE if self.own else 0.0
        self.withdrawals = Withdrawals(self.container, self._environment(), chance)
        self.feed.withdrawals = self.withdrawals
        self.tree.pause = 2.0 * seconds / articles
        self.tree.follow()
        with _kept(self.own), Supervisor(COMMANDS, self._environment()).running():
            feeder.start()
            self.withdrawals.start()
            self.tree.start()
            while time.monotonic() < end or feeder.is_alive():
                time.sleep(self.dice.uniform(0.5, 1.5) * every)
                fault = self.dice.choice(faults)
                self.faults[fault.__name__] += 1
                fault(self)
            feeder.join()
            self.feed.writers.join()
            self.tree.finish()
            start = time.monotonic()
            self.withdrawals.finish(PATIENCE)
            self._wait()
            self._repair()
            return time.monotonic() - start

    def _environment(self) -> dict[str, str]:
        armed = [(point, CHANCE) for point in POINTS]
        armed += [(point, soak_mirror.CHANCE) for point in soak_mirror.POINTS]
        s = self.container.settings
        assert s.elasticsearch_url
        return {
            "DEPESCHE_DATA": str(s.data),
            "DEPESCHE_INDEX": s.index,
            "DEPESCHE_REDIS_URL": self.redis_url,
            "DEPESCHE_ELASTICSEARCH_URL": s.elasticsearch_url.get_secret_value(),
            "DEPESCHE_ELASTICSEARCH_CA": str(s.elasticsearch_ca or ""),
            # What happened to a file is looked up there, should anything be wrong in the end.
            "DEPESCHE_LOG_LEVEL": "DEBUG" if self.own else "ERROR",
            "DEPESCHE_BATCH_FILES": "16",
            "DEPESCHE_ENRICH_BATCH": "16",
            "DEPESCHE_MIRROR_SECONDS": str(soak_mirror.LOOK_SECONDS),
            "DEPESCHE_MIRROR_GRACE_SECONDS": str(soak_mirror.GRACE_SECONDS),
            **self.extra,
            ARMED: " ".join(f"{point}:kill:{chance}" for point, chance in armed)
            if self.own
            else "",
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._on_the_way() and time.monotonic() < deadline:
            time.sleep(1)

    def _on_the_way(self) -> bool:
        folders = self.container.folders
        if files_in(folders.inbox) or files_in(folders.spool):
            return True
        if self.container.tombstones.unfinished() or not self.tree.is_followed():
            return True
        states = (document["enrichment"]["state"] for _, document in documents(self.container))
        return any(state == "pending" for state in states)

    def _repair(self) -> None:
        """Copies of what was withdrawn are known by the ledger; where that broke, ``verify``."""
        compared = Compared()
        verify(self.container, compared)
        self.repaired = compared.counts()
        if set(self.repaired) == {"withdrawn"} and self.faults["break_ledger"]:
            repair(self.container, compared)
            self._wait()

    def judge(self) -> Judgement:
        """Compare what was dropped with what is there."""
        judgement = Judge(self.container, self.feed, self.tree).judge()
        judgement.stray += self.withdrawals.tracebacks if self.withdrawals else []
        return judgement

    def evidence(self, judgement: Judgement) -> Iterator[str]:
        """All that the index has under the paths that are wrong there, a line a document."""
        wrong = (name for each in judgement.wrong().values() for name in each)
        names = [word for name in wrong for word in name.split()][:10_000]
        either = [{"terms": {f"source.{key}": names}} for key in ("path", "sha256")]
        either[1]["terms"]["source.sha256"] = [name.removeprefix("sha256 ") for name in names]
        client, index = self.container.client, self.container.settings.index
        wanted = ["source", "received_at", "indexed_at", "enrichment"]
        query = {"bool": {"should": either}}
        for hits in pages(client, index, query, source=wanted):
            yield from (json.dumps(hit, default=str) for hit in hits)


def _kept(plan: services.Plan | None) -> AbstractContextManager[object]:
    """Services of our own come back by themselves, as under ``up``."""
    if plan is None:
        return nullcontext()
    return services.keeping(plan, list(services.running(plan.data).values()))


def main() -> int:
    """Run the long form on services of its own; exit status 0 if all is as promised."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--articles", type=int, default=20_000, help="default: %(default)s")
    parser.add_argument("--minutes", type=float, default=15.0, help="default: %(default)s")
    parser.add_argument("--every", type=float, default=8.0, help="mean seconds between faults")
    for name, of_all in asdict(Shares()).items():
        parser.add_argument(
            f"--{name}", type=float, default=of_all, help=f"{_ABOUT[name]} (default: {of_all:.2g})"
        )
    chosen = parser.parse_args()
    shares = Shares(**{name: getattr(chosen, name) for name in _ABOUT})
    print(f"seed {chosen.seed}: {chosen.articles} articles, {chosen.minutes} minutes", flush=True)
    with tempfile.TemporaryDirectory(prefix="depesche-soak-") as name:
        Path(name).chmod(0o755)  # Elasticsearch runs as another user where we are root
        soak = _prepared(Path(name), chosen.seed, shares)
        try:
            took = soak.run(chosen.articles, chosen.minutes * 60, ALL, chosen.every)
            judgement = soak.judge()
            if judgement.wrong():
                print(*soak.evidence(judgement), sep="\n")
        finally:
            assert soak.own
            services.stop(soak.own.data)
            if soak.small_disk:
                subprocess.run(["umount", "-l", soak.container.settings.data], check=False)
    return _report(soak, judgement, took)


def _prepared(folder: Path, seed: int, shares: Shares) -> Soak:
    home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
    plan = services.Plan(folder / "services", Path(home) if home else None, 0, heap="512m")
    endpoints = {endpoint.name: endpoint for endpoint in services.start(plan)}
    urls = {name: endpoint.full_url for name, endpoint in endpoints.items()}
    login = endpoints["elasticsearch"].login
    assert login
    plan = replace(plan, elasticsearch_port=urlsplit(urls["elasticsearch"]).port or 0)
    settings = Settings(
        data=folder / "data",
        redis_url=SecretStr(urls["redis"]),
        elasticsearch_url=SecretStr(urls["elasticsearch"]),
        elasticsearch_ca=login.ca,
        index="soak",
    )
    small_disk = _mounted(settings.data)
    container = Container(settings)
    create_index(container.client, settings.index)
    soak = Soak(container, seed, plan, shares)
    soak.small_disk = small_disk
    soak.redis_proxy = Proxy(urls["redis"])
    soak.elasticsearch_proxy = BadElasticsearch(urls["elasticsearch"], seed, delay=3.0, ca=login.ca)
    soak.elasticsearch_proxy.healed = True
    soak.extra = pipeline(folder) | {
        "DEPESCHE_REDIS_URL": soak.redis_proxy.url,
        "DEPESCHE_ELASTICSEARCH_URL": soak.elasticsearch_proxy.url,
        "DEPESCHE_ELASTICSEARCH_CA": "",
        "DEPESCHE_ENRICH_SECONDS": "10",
    }
    return soak


def _mounted(data: Path) -> bool:
    """Give the data folder a file system of its own, which can be filled; whether that worked."""
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(data)]
    try:
        return subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _report(soak: Soak, judgement: Judgement, took: float) -> int:
    if not soak.small_disk:
        print("the disk was never full: no file system could be mounted here")
    print(f"faults: {sum(soak.faults.values())} {dict(soak.faults)}")
    print(f"all ended {took:.0f} s after the last fault")
    if soak.repaired:
        print(f"put right by verify --repair: {soak.repaired}")
    print(
        f"in the mirror: {judgement.mirrored} files, articles renamed {judgement.renamed},"
        f" changes {dict(soak.tree.changes)}"
    )
    assert soak.withdrawals
    print(f"withdrawals {dict(judgement.withdrawn)}: {dict(Counter(soak.withdrawals.commands))}")
    print(
        f"inputs {judgement.inputs}, lost {len(judgement.lost)}, doubled {len(judgement.doubled)},"
        f" corrected {judgement.corrected}, versions lost {len(judgement.versions_lost)},"
        f" withdrawn seen again {len(judgement.seen_again)}"
    )
    wrong = judgement.wrong()
    for kind, names in wrong.items():
        print(f"{kind}: {len(names)}: {names[:20]}")
    print("disk and index differ" if wrong else "disk and index agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
