"""Addresses of services as people write them: several with commas, each perhaps with a login."""

from __future__ import annotations

import re

#: Who names the address of the Elasticsearch that Depesche starts itself, in what is told.
EMBEDDED = "the embedded Elasticsearch"

#: The ``user:password@`` of every URL in a text.
LOGIN = re.compile(r"(?<=://)[^/\s]*@")


def split(addresses: str) -> list[str]:
    """The addresses in a list of them; a comma that no ``http`` follows is part of one."""
    return [part.strip() for part in re.split(r",\s*(?=https?://)", addresses)]
