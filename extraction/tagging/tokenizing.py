"""Cut texts into spaCy's tokens in linear time.

spaCy looks at what stands between two blanks once for every mark that it takes off its ends:
8,000 slashes in a row took 22 seconds. So what is longer there than words and addresses are is cut
here, into few tokens: names are not looked for in a line of signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

#: The longest in 1,003 news articles is 140 characters: a list whose blanks were lost. Or one
#: character over and over, where only a rule of dots or hyphens is one token to spaCy, too.
_LONG = re.compile(r"(?=\S{30})(\S{150,}|([^\w\s.-]|_)\2{29,})( ?)")
_PART = re.compile(r"\w{1,100}|[^\w\s]{1,100}")


def tokenized(nlp: Language, text: str) -> Doc:
    """Return ``text`` as the pipeline's tokeniser cuts it, but for chunks that are too long.

    Whatever it is cut into, the tokens together are ``text`` again.
    """
    if not _LONG.search(text):
        return nlp.make_doc(text)
    return Doc.from_docs(list(_docs(nlp, text)), ensure_whitespace=False, attrs=["NORM"])


def _docs(nlp: Language, text: str) -> Iterator[Doc]:
    """Yield what stands before each long chunk, the chunk, … what stands behind the last."""
    at = 0
    for chunk in _LONG.finditer(text):
        if at < chunk.start():
            yield nlp.make_doc(text[at : chunk.start()])
        words = _PART.findall(chunk[1])
        yield Doc(nlp.vocab, words, [False] * (len(words) - 1) + [bool(chunk[3])])
        at = chunk.end()
    if at < len(text):
        yield nlp.make_doc(text[at:])
