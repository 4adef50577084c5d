"""FSCrawler 3 on the same articles. Needs its folder (``--fscrawler``); untried where it is not."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

from elasticsearch import NotFoundError

from benchmarks.speed.ground import Ground, stage, until

_SETTINGS = """
name: "{name}"
fs:
  url: "{files}"
  update_rate: "1s"
  index_content: true
elasticsearch:
  nodes:
    - url: "{url}"
  username: "{user}"
  password: "{password}"
  ssl_verification: false  # the embedded one's certificate is its own
  index: "{name}"
  index_folder: "{name}-folders"
  bulk_size: 1000
"""


def crawled_rate(ground: Ground, home: Path, articles: Sequence[str]) -> float:
    """Documents a second from its start of crawling until a search sees the last; its JVM's start
    (until the index is there) does not count."""
    with ground.container() as (container, _), TemporaryDirectory(dir=ground.folder) as config:
        files, name = stage(container, articles), f"{container.settings.index}-crawled"
        job = Path(config, name)
        job.mkdir()
        (job / "_settings.yaml").write_text(
            _SETTINGS.format(name=name, files=files, **_login(ground.elasticsearch_url))
        )
        command = [str(home / "bin" / "fscrawler"), "--config_dir", config, "--loop", "1", name]
        process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)

        def count() -> int:
            try:
                return int(container.client.count(index=name)["count"])
            except NotFoundError:
                return -1

        try:
            start = until(lambda: count() >= 0, "FSCrawler to begin", every=0.02)
            until(lambda: count() >= len(articles), "FSCrawler to be done", every=0.05)
            return len(articles) / (time.monotonic() - start)
        finally:
            process.terminate()
            process.wait()
            container.client.indices.delete(index=f"{name}*", ignore_unavailable=True)


def _login(address: str) -> dict[str, str]:
    """Address, user and password apart, as FSCrawler wants them."""
    parts = urlsplit(address)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return {"url": bare, "user": parts.username or "", "password": parts.password or ""}
