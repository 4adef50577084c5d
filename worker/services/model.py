"""What a caller says about the embedded services, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tasks.embedded import Login

NAMES = ("redis", "elasticsearch")

#: How else one comes to an Elasticsearch, as the end of a sentence.
ELSEWHERE = (
    "or unpack Elasticsearch 9.4 from elastic.co and set DEPESCHE_ELASTICSEARCH_HOME to its "
    "folder, or set DEPESCHE_ELASTICSEARCH_URL to one that runs"
)


@dataclass(frozen=True)
class Endpoint:
    """A service that can be talked to.

    ``ours``: started by Depesche under this data folder. ``pid`` is that of the session's
    first process (Elasticsearch: the launcher, whose child is the server itself). ``login``: what
    Elasticsearch is spoken to with.
    """

    name: str
    url: str
    pid: int | None
    ours: bool
    login: Login | None = field(default=None, repr=False)

    @property
    def full_url(self) -> str:
        """The address with user and password, where there are any: for programs, not for logs."""
        return self.login.into(self.url) if self.login else self.url


@dataclass(frozen=True)
class Plan:
    """Where the services keep their data, and which port Elasticsearch takes (0: any free one).

    ``elasticsearch_home``: an unpacked Elasticsearch; None means the fetched one in ``cache``
    (None: this user's). ``heap``: of Elasticsearch's JVM, as ``512m`` or ``2g``.
    ``archive``: where that is fetched from (empty: its makers; ``none``: by Maven alone).
    ``user``: whom root has Elasticsearch run as (empty: a user of its own).
    """

    data: Path
    elasticsearch_home: Path | None
    elasticsearch_port: int
    heap: str = "1g"
    cache: Path | None = None
    archive: str = ""
    user: str = ""


def service_folder(data: Path, name: str) -> Path:
    """Where a service keeps everything it writes; it also marks the service's processes as ours."""
    return data.resolve() / "services" / name
