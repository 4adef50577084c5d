"""Find a full JDK that runs Elasticsearch: new enough, and with the tools a JRE lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import planted
from worker.others import who_exchanges

OLDEST = 21
NEEDED_MODULES = frozenset({"jdk.attach", "jdk.jlink"})
USUAL_FOLDERS = (
    "/usr/lib/jvm/*",
    "/usr/lib64/jvm/*",
    "/opt/*",
    "/opt/java/*",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)
_SECONDS = 20


@dataclass(frozen=True)
class Jdk:
    """A Java installation. ``version``: its first number; ``modules``: their names."""

    home: Path
    version: int
    modules: frozenset[str]

    @property
    def java(self) -> Path:
        """The program itself."""
        return self.home / "bin" / "java"


def find(
    environment: Mapping[str, str] | None = None, folders: Sequence[str] = USUAL_FOLDERS
) -> Jdk:
    """The first fit JDK: ES_JAVA_HOME, JAVA_HOME, the PATH, then the usual folders.

    Raises ``UsageError`` if there is none; it says which were seen and why they do not do.
    """
    seen = []
    for home in candidates(os.environ if environment is None else environment, folders):
        jdk = inspect(home)
        if jdk is None:
            continue
        lack = shortcoming(jdk)
        if lack is None:
            return jdk
        seen.append(f"{jdk.home} {lack}")
    raise UsageError(
        f"Elasticsearch needs a JDK {OLDEST} or newer, and none was found"
        + (f" ({'; '.join(seen)})" if seen else "")
        + ", but for what another user may exchange. Install one (for example the package "
        "openjdk-21-jdk-headless, or Temurin from adoptium.net) or set JAVA_HOME to it; or set "
        "DEPESCHE_ELASTICSEARCH_HOME to an Elasticsearch that brings its own, or "
        "DEPESCHE_ELASTICSEARCH_URL to one that runs."
    )


def candidates(environment: Mapping[str, str], folders: Sequence[str]) -> Iterator[Path]:
    """Where a JDK may be, best first, each once.

    Of those that nobody named none is taken that another may have planted (`HOME` may be `/tmp`) or
    may exchange (a program's folder in `/opt` is often that program's user's).
    """
    preferred = [Path(environment[v]) for v in ("ES_JAVA_HOME", "JAVA_HOME") if environment.get(v)]
    on_path = shutil.which("java", path=environment.get("PATH", ""))
    if on_path:
        preferred.append(Path(on_path).resolve().parent.parent)
    seen = (home for pattern in folders for home in _newest_first(pattern))
    usual = (home for home in seen if _is_nobody_else_s(home / "bin" / "java"))
    yield from dict.fromkeys(home.resolve() for home in (*preferred, *usual))


def _is_nobody_else_s(java: Path) -> bool:
    with suppress(OSError):  # more links than anybody means
        return not planted(java) and not who_exchanges(java)
    return False


def inspect(home: Path) -> Jdk | None:
    """What Java is at ``home``; None if there is none, or it does not run."""
    java = home / "bin" / "java"
    if not os.access(java, os.X_OK):
        return None
    release = home / "release"
    text = release.read_text(encoding="utf-8", errors="replace") if release.is_file() else ""
    release_facts = from_release(text) or from_modules(_list_modules(java))
    return Jdk(home, *release_facts) if release_facts else None


def shortcoming(jdk: Jdk) -> str | None:
    """Why this Java does not do, or None if it does."""
    if jdk.version < OLDEST:
        return f"is Java {jdk.version}"
    missing = sorted(NEEDED_MODULES - jdk.modules)
    return f"is no full JDK, it lacks {' and '.join(missing)}" if missing else None


def from_release(text: str) -> tuple[int, frozenset[str]] | None:
    """Version and modules out of a JDK's ``release`` file; None if it does not say both."""
    properties = dict(re.findall(r'^(\w+)="?(.*?)"?\s*$', text, re.MULTILINE))
    version = first_number(properties.get("JAVA_VERSION", ""))
    modules = frozenset(properties.get("MODULES", "").split())
    return (version, modules) if version and modules else None


def from_modules(text: str) -> tuple[int, frozenset[str]] | None:
    """Version and modules out of what ``java --list-modules`` prints."""
    listed = dict(re.findall(r"^([\w.]+)@(\S+)", text, re.MULTILINE))
    version = first_number(listed.get("java.base", ""))
    return (version, frozenset(listed)) if version else None


def first_number(version: str) -> int | None:
    """The feature release: 21 of ``21.0.4+7``, 25 of ``25-ea``, 8 of ``1.8.0_392``."""
    match = re.match(r"(?:1\.)?(\d+)", version.strip())
    return int(match[1]) if match else None


def _newest_first(pattern: str) -> list[Path]:
    """The folders that match, newest Java first, as far as their names tell."""
    path = Path(pattern).expanduser()
    homes = path.parents[-1].glob(str(path.relative_to(path.anchor)))

    def numbers(home: Path) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", str(home))]

    return sorted((home for home in homes if home.is_dir()), key=numbers, reverse=True)


def _list_modules(java: Path) -> str:
    try:
        done = subprocess.run(
            [java, "--list-modules"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
