"""How large one article may be, from which other numbers follow, and how deep it may lie."""

from __future__ import annotations

MEBIBYTE = 2**20
#: Bytes of a document as it is sent to Elasticsearch, which holds at most a tenth of its heap in
#: requests and answers 429 to more; that would look like a server that is busy, for ever. What a
#: server with a small heap does not take is told by ``writing``: 9.4 counts a document four times.
LARGEST_DOCUMENT = 40 * 10**6
#: Bytes of a file, and of its texts in UTF-8. A document holds little beside the texts: the escapes
#: of JSON, words to find, keys of the signature. What is above fails before it is read.
LARGEST_ARTICLE = 32 * MEBIBYTE
#: Containers in one another, whatever is set: by this and by their names a path has an end.
MOST_NESTED = 9
