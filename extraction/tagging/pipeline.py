"""Read people, organisations and places out of articles with a spaCy pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from thinc.api import NumpyOps
from threadpoolctl import threadpool_limits

from articles.article import TEXT_FIELDS, Enrichment
from articles.errors import UsageError
from extraction.entities.aliases import Aliases
from extraction.formats.dateline import read_dateline
from extraction.tagging import brown, large
from extraction.tagging.chunks import chunks
from extraction.tagging.marks import LABELS, Marks
from extraction.tagging.tagger import NameTagger
from extraction.tagging.tokenizing import tokenized
from extraction.text import Text
from extraction.understand import RecognisedText, named, understood

#: Raise it when the rules of extraction change: the archive is then enriched again.
EXTRACTION_VERSION = 5
SHIPPED = Path(__file__).parents[1] / "model"

_NAMES = {"PER", "LOC", "ORG"}
_RULERS = {"entity_ruler", "span_ruler"}
_UNNEEDED = (
    *("tagger", "morphologizer", "parser", "lemmatizer", "trainable_lemmatizer"),
    *("attribute_ruler", "senter", "sentencizer", "textcat", "textcat_multilabel"),
)
#: Characters in one piece and in one batch of pieces: together they bound the memory. With twice
#: as many the layers' arrays are so large that their memory goes back to the system each time,
#: which costs a tenth of the time; with half as many there are more calls, a twentieth.
_PIECE, _BATCH = 8_000, 10_000
#: Word forms that a process keeps, about 17 MB with their strings, and what so many chunks of text
#: are cut into. To keep more than twice as many would save a fiftieth of the time.
_KEPT_WORDS, _KEPT_CHUNKS = 24_000, 20_000
#: Word forms whose vectors it keeps, 1 KB each.
_KEPT_FORMS = 16_384


@dataclass(frozen=True, slots=True)
class _Piece:
    """``text`` stands at ``offset`` of the article's ``field``; the last one has the ``whole``.

    ``opens``: nothing before it helps to understand it. Fields go on with each other; what a field
    is cut into does not.
    """

    field: str
    offset: int
    text: str
    whole: Text | None = None
    opens: bool = False


def load(model: str | None = None) -> Language:
    """Load the shipped pipeline, ``large``, or the one at a path or of an installed name.

    Raises ``UsageError`` if there is none or it finds no people, places or organisations. BLAS of
    this process is held to one thread: workers run side by side.
    """
    brown.register()
    if folder := large.folder_of(model or ""):
        reader = large.load(folder)
        return beside(_loaded(SHIPPED), reader)
    return _loaded(model or SHIPPED)


def beside(nlp: Language, reader: large.Reader) -> Language:
    """Put a reader beside the shipped tagger, whose place their mean takes."""
    tagger = cast("NameTagger", nlp.get_pipe("ner"))
    both = large.MeanTagger(tagger, reader)
    nlp._components = [(n, both if c is tagger else c) for n, c in nlp._components]
    nlp.meta["name"] += f"_{reader.name}"
    return nlp


def _loaded(wanted: str | Path) -> Language:
    try:
        nlp = spacy.load(wanted, exclude=_UNNEEDED)
        if any(nlp.get_pipe_meta(name).factory in _RULERS for name in nlp.pipe_names):
            nlp = spacy.load(wanted)  # rules may look at tags and lemmas
    except (OSError, ImportError, ValueError) as error:
        raise UsageError(
            f"cannot load the spaCy pipeline {str(wanted)!r}: {error}. Give DEPESCHE_SPACY_MODEL "
            "the path or name of an installed pipeline, or leave it empty for the shipped one."
        ) from error
    if not _NAMES & {LABELS.get(label) for label in _entity_labels(nlp)}:
        raise UsageError(
            f"the spaCy pipeline {str(wanted)!r} has no component that marks people, places or "
            "organisations (labels PER, LOC, ORG); leave DEPESCHE_SPACY_MODEL empty for the "
            "shipped one."
        )
    _make_fast(nlp)
    return nlp


def slowness(nlp: Language) -> float:
    """Return how many times as long as with the standard model an article may take."""
    by_reader = (isinstance(component, large.MeanTagger) for _, component in nlp.pipeline)
    return large.SLOWNESS if any(by_reader) else 1.0


def version(nlp: Language) -> str:
    """Return what enriched an article: ``de_depesche_news-0.1.0+e1``, by the large model
    ``de_depesche_news_large_0123abcd-0.1.0+e1``."""
    meta = nlp.meta
    return f"{meta['lang']}_{meta['name']}-{meta['version']}+e{EXTRACTION_VERSION}"


def read(nlp: Language, texts: Iterable[Text]) -> Iterator[Enrichment]:
    """Yield the enrichment of each text, in order, as far as the text alone tells."""
    for recognised in read_names(nlp, texts):
        yield understood(recognised, {})


def read_names(
    nlp: Language, texts: Iterable[Text], aliases: Aliases | None = None
) -> Iterator[RecognisedText]:
    """Yield the names of each text, in order: ``understood`` makes the enrichment of them."""
    for text, marks in _marked(nlp, texts):
        yield named(text, marks.mentions, aliases, marks.compounds, marks.derived)


def _marked(nlp: Language, texts: Iterable[Text]) -> Iterator[tuple[Text, Marks]]:
    """Yield each text with what the model marks in it.

    Plain data only: spaCy's objects live no longer than a batch of pieces. In articles that are
    not German no names are looked for: the model would find some everywhere.
    """
    gathered = Marks()
    for piece, marks in _read_pieces(nlp, _pieces(texts)):
        gathered.take(marks)
        if piece.whole:
            yield piece.whole, gathered
            gathered = Marks()


def warm(nlp: Language) -> None:
    """Read a sentence, so that all lists are loaded: before a fork, children then share them."""
    sentence = "Petra Lindenau sagte am 3. Mai in Dessau: „Der Liefervertrag gilt seit gestern“."
    for _ in read(nlp, [Text(headline="Probe", body=sentence)]):
        pass


def _pieces(texts: Iterable[Text]) -> Iterator[_Piece]:
    """Cut the fields into pieces; behind the last one of each text comes an empty one."""
    for text in texts:
        first = True
        for field in () if text.foreign else TEXT_FIELDS:
            written = getattr(text, field)
            dateline = read_dateline(written) if field == "body" else None
            start = dateline.end if dateline else 0
            for offset, piece in chunks(written, start, _PIECE):
                yield _Piece(field, offset, piece, opens=first or offset > start)
                first = False
        yield _Piece("", 0, "", whole=text)


def _read_pieces(nlp: Language, pieces: Iterable[_Piece]) -> Iterator[tuple[_Piece, Marks]]:
    for batch in _batches(pieces):
        with _zone(nlp):
            docs = nlp.pipe([_doc(nlp, piece) for piece in batch], batch_size=len(batch))
            read = [(piece, _marks(piece, doc)) for piece, doc in zip(batch, docs, strict=True)]
        yield from read


def _doc(nlp: Language, piece: _Piece) -> Doc:
    doc = tokenized(nlp, piece.text)
    doc.user_data[large.GOES_ON] = not piece.opens
    return doc


def _marks(piece: _Piece, doc: Doc) -> Marks:
    marks = Marks()
    marks.add(doc.ents, piece.text, piece.field, piece.offset)
    return marks


def _batches(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Gather pieces; what goes on with each other stays together."""
    batch: list[_Piece] = []
    size = 0
    for piece in pieces:
        if batch and piece.opens and size + len(piece.text) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += len(piece.text)
    if batch:
        yield batch


def _zone(nlp: Language) -> AbstractContextManager[object]:
    """Free what spaCy stores for new words when the block ends.

    The first words stay: they are the frequent ones, and known words are a third faster. Of the
    others spaCy's tables keep the places (16 bytes and more), until the process is renewed.
    """
    if len(nlp.vocab) < _KEPT_WORDS or not hasattr(nlp, "memory_zone"):
        return nullcontext()
    return nlp.memory_zone()


def _entity_labels(nlp: Language) -> set[str]:
    """Return the labels of every component that marks entities."""
    marking = [n for n in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(n).assigns]
    return {label for name in marking for label in nlp.pipe_labels.get(name, [])}


def _make_fast(nlp: Language) -> None:
    """Let the layers multiply with NumPy's BLAS, three times as fast as BLIS's wheels, and keep
    what words are cut into and, in the shipped model, the vectors of frequent word forms."""
    threadpool_limits(limits=1, user_api="blas")
    if isinstance(nlp.tokenizer, Tokenizer):
        nlp.tokenizer.max_cache_size = _KEPT_CHUNKS
    use_blis(nlp, False)
    for _, component in nlp.pipeline:
        if hasattr(component, "model"):
            brown.keep_forms(component.model, _KEPT_FORMS)


def use_blis(nlp: Language, use: bool) -> None:
    """Choose what the layers multiply with: BLIS, as spaCy does, or NumPy's BLAS.

    The layers of all pipelines of a process share the object that multiplies.
    """
    for _, component in nlp.pipeline:
        for node in component.model.walk() if hasattr(component, "model") else ():
            if isinstance(node.ops, NumpyOps):
                node.ops.use_blis = use
