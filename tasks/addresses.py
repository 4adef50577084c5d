"""What is wrong with a service's address: said without its password."""

from __future__ import annotations

from urllib.parse import urlsplit

from articles.addresses import split
from tasks import redis_address

_COMMA = (
    "the host or the port cannot be read (behind a comma another address begins, and that with "
    "http:// or https:// too)"
)


def fault_of_redis(address: str) -> str:
    """A sentence that says what is wrong and how to write it; empty where nothing is."""
    try:
        redis_address.parse(address)
    except ValueError as error:
        return f"{error}; write it like {redis_address.EXAMPLE}{_hint(address)}"
    return ""


def fault_of_elasticsearch(addresses: str) -> str:
    """The same for one or more addresses of Elasticsearch, with commas between them."""
    servers = split(addresses)
    wrong = next(filter(None, map(_wrong, servers)), "") or _together(servers)
    example = "http://a:9200,http://b:9200" if len(servers) > 1 else "http://host:9200"
    return f"{wrong}; write it like {example}{_hint(addresses)}" if wrong else ""


def _together(servers: list[str]) -> str:
    """What is wrong with several addresses that are right one by one."""
    parts = [urlsplit(server) for server in servers]
    if len({part.scheme for part in parts}) > 1:
        return "some of them begin with http:// and some with https://, and they are one cluster"
    names = [(part.hostname, part.port, part.path.rstrip("/")) for part in parts]
    return "the same address stands in it twice" if len(set(names)) < len(names) else ""


def _hint(address: str) -> str:
    """What holds ``/``, ``?``, ``#`` or ``@`` is a password, and the usual cause."""
    encoded = "/ as %2F, ? as %3F, # as %23, @ as %40, % as %25"
    return f" (in a password, write {encoded})" if "@" in address else ""


def _wrong(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:  # whose words may repeat the address
        return (
            _COMMA if "," in address.rpartition("@")[2] else "the host or the port cannot be read"
        )
    if parts.scheme not in {"http", "https"}:
        return "it does not begin with http:// or https://"
    if host and "," in host:
        return _COMMA
    if not host or any(letter.isspace() for letter in parts.netloc):
        return "it names no host, or one with a blank"
    if parts.query or parts.fragment:
        return "it goes on behind a ? or a #"
    return "its port is 0" if port == 0 else ""
