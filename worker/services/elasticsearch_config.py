"""The texts of the embedded Elasticsearch's configuration; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from articles.errors import UsageError
from worker.services.ports import LOOPBACK

Value = str | bool | int

CERTIFICATE, KEY = "http.crt", "http.key"
#: Elasticsearch makes it at its first start; nothing is kept in it.
KEYSTORE = "elasticsearch.keystore"
_DRAFTS = (f"{KEYSTORE}.tmp",)

_ALWAYS: Mapping[str, Value] = {
    "cluster.name": "depesche",
    "node.name": "depesche",
    "discovery.type": "single-node",
    "network.host": LOOPBACK,
    "transport.port": 0,
    # Whoever talks to it shows the password, and it proves itself by its key. Between nodes, too:
    # without TLS there, a local user could say that he is one.
    "xpack.security.enabled": True,
    "xpack.security.autoconfiguration.enabled": False,
    "xpack.security.enrollment.enabled": False,
    "xpack.security.authc.reserved_realm.enabled": False,
    "xpack.security.authc.realms.native.native1.enabled": False,
    "xpack.security.authc.realms.file.file1.order": 0,
    "xpack.security.http.ssl.enabled": True,
    "xpack.security.http.ssl.certificate": CERTIFICATE,
    "xpack.security.http.ssl.key": KEY,
    "xpack.security.transport.ssl.enabled": True,
    "xpack.security.transport.ssl.certificate": CERTIFICATE,
    "xpack.security.transport.ssl.key": KEY,
    "xpack.security.transport.ssl.certificate_authorities": CERTIFICATE,
    "xpack.security.transport.ssl.client_authentication": "required",
    # On, with no page that may ask: then what comes from one is refused. Off, nobody looks at that,
    # and browsers send a password that they know along with whatever any page posts.
    "http.cors.enabled": True,
    # Nobody keeps a scroll or a point in time for longer: five hundred scrolls are all that there
    # may be, and what is copied needs one.
    "search.max_keep_alive": "10m",
    # What one shard does not answer is missed without a word otherwise.
    "search.default_allow_partial_results": False,
    # Only the index command creates indices; Elasticsearch's own begin with a dot.
    "action.auto_create_index": ".*",
    # Bytes left free, not percent used: a laptop's disk may be 95 % full and have room enough.
    # Below the last mark indices take no more writes, and the work waits.
    "cluster.routing.allocation.disk.watermark.low": "2gb",
    "cluster.routing.allocation.disk.watermark.high": "1gb",
    "cluster.routing.allocation.disk.watermark.flood_stage": "512mb",
}
# A build that lacks a module refuses to start on its settings. Nothing calls out to the internet.
_BY_MODULE: Mapping[str, Mapping[str, Value]] = {
    "ingest-geoip": {"ingest.geoip.downloader.enabled": False},
    "x-pack-ml": {"xpack.ml.enabled": False},
    "x-pack-inference": {
        "xpack.inference.elastic.authorization.enabled": False,
        "xpack.inference.elastic.periodic_authorization_enabled": False,
    },
}
#: Nobody asks it for its roles: its index of them would be all that it writes by itself.
SYSTEM = "-Des.queryable_built_in_roles_enabled=false"
#: Java's second compiler takes a method ten times later than by default. Half of a start's work is
#: to compile, mostly for methods of the start alone; what indexing and search use gets there soon.
COMPILER = (
    "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 "
    "-XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
# GC logs may grow to 2 GB, heap dumps to the size of the heap each.
_UNWANTED_OPTIONS = ("-Xlog:gc", "-XX:+HeapDumpOnOutOfMemoryError")
_VECTOR_MODULE = "jdk.incubator.vector"

# On the console, whose file nobody renews, no error but a last one: of very many connections, which
# everybody may make, each would leave a stack trace there.
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
appender.rolling.type = RollingFile
appender.rolling.name = rolling
appender.rolling.fileName = ${sys:es.logs.base_path}/${sys:es.logs.cluster_name}.log
appender.rolling.filePattern = ${sys:es.logs.base_path}/${sys:es.logs.cluster_name}-%i.log.gz
appender.rolling.layout.type = PatternLayout
appender.rolling.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
appender.rolling.policies.type = Policies
appender.rolling.policies.size.type = SizeBasedTriggeringPolicy
appender.rolling.policies.size.size = 16MB
appender.rolling.strategy.type = DefaultRolloverStrategy
appender.rolling.strategy.max = 4
rootLogger.level = info
rootLogger.appenderRef.rolling.ref = rolling
rootLogger.appenderRef.console.ref = console
rootLogger.appenderRef.console.level = fatal
"""


def settings(port: int, modules: Collection[str]) -> str:
    """The text of ``elasticsearch.yml`` for a build with these modules."""
    chosen = {**_ALWAYS, "http.port": port}
    for module, own in _BY_MODULE.items():
        chosen.update(own if module in modules else {})
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in chosen.items())


def jvm_options(text: str, java_modules: Collection[str] | None) -> str:
    """The build's ``jvm.options`` less what would fill the disk or what this Java lacks.

    ``java_modules``: None for the Java that the build brings along, which lacks nothing.
    """
    unwanted: tuple[str, ...] = _UNWANTED_OPTIONS
    if java_modules is not None and _VECTOR_MODULE not in java_modules:
        unwanted = (*unwanted, f"--add-modules={_VECTOR_MODULE}")
    return "".join(
        line
        for line in text.splitlines(keepends=True)
        # A line may open with the Java versions that it is for: `21-:--add-modules=…`.
        if not re.sub(r"^\d+(-\d*)?:", "", line).startswith(unwanted)
    )


def unknown(names: Collection[str], written: Collection[str]) -> list[str]:
    """The names in the folder ``config`` that nobody there has a use for, but an intruder."""
    return sorted(set(names) - {*written, KEYSTORE, *_DRAFTS})


def heap_options(heap: str) -> str:
    """JVM options for a heap, ``512m`` or ``2g``. Raises ``UsageError`` for anything else."""
    if not re.fullmatch(r"[1-9]\d*[mgMG]", heap):
        raise UsageError(f"{heap!r} is no heap size: write for example 512m or 2g.")
    return f"-Xms{heap} -Xmx{heap}"


def version_of(home: Path) -> str | None:
    """The version of an unpacked Elasticsearch, or None if it is none."""
    matches = [re.match(r"elasticsearch-(\d+\.\d+\.\d+).*\.jar$", p.name) for p in _jars(home)]
    return next((match[1] for match in matches if match), None)


def brings_java(home: Path) -> bool:
    """Whether an unpacked Elasticsearch has a Java of its own."""
    return any((home / place).exists() for place in ("jdk", "jdk.app"))


def _jars(home: Path) -> list[Path]:
    return sorted((home / "lib").glob("elasticsearch-*.jar"))
