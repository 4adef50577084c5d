"""Addresses of services as people write them: several with commas, each perhaps with a login."""

from __future__ import annotations

import re

#: Who names the address of the Elasticsearch that Depesche starts itself, in what is told.
EMBEDDED = "the embedded Elasticsearch"

#: The ``user:password@`` of every URL in a text.
LOGIN = re.compile(r"(?<=://)[^/\s]*@")
# The same where somebody wrote a password as it is, with what ends a host (/ ? #) or a blank in
# it: up to the last @ before the next address. Rather too much of it goes than a password is said.
_USER = r"(?<=://)(?:[^\s/?#@:]*:(?:(?![,;]\s*[a-z+]+://)%s)*|[^\s/?#]*)@"
#: What is said in place of a library's reason, which may take a part of a password for a port.
UNREADABLE = "it cannot be read (in a password, write / as %2F, ? as %3F, # as %23, @ as %40)"
_IN_A_TEXT, _ALONE = re.compile(_USER % r"\S"), re.compile(_USER % r"[\s\S]")


def without_logins(text: str) -> str:
    """A text that may hold URLs, without user and password of each, for people to read."""
    return _IN_A_TEXT.sub("", text)


def shown(addresses: str, instead: str = "") -> str:
    """Nothing but an address, or several, with ``instead`` for each ``user:password@``."""
    if "://" not in addresses and "@" in addresses:  # somebody forgot `http://`
        return instead + addresses.rpartition("@")[2]
    return _ALONE.sub(instead, addresses)


def split(addresses: str) -> list[str]:
    """The addresses in a list of them; a comma that no ``http`` follows is part of one."""
    return [part.strip() for part in re.split(r",\s*(?=https?://)", addresses)]
