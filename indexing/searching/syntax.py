"""The query language: words, phrases, exclusions, filters; text in, plain data out.

============================  =====================================================
``Vertrag Putin``             both words, in any form
``"der Vertrag"``             as written
``-Krieg``, ``NOT "der Krieg"``  without it
``Vertrag OR Abkommen``       one of them; binds before everything else
``"Kim Jong Un" near Vertrag``  near each other, see :mod:`indexing.searching.nearness`
``person:"Angela Merkel"``    also ``organisation:``, ``place:``, ``quoted:``, ``agency:`` …
``Pilot:innen``               both genders, however it is written
``after:2024-05``             from the end of May 2024 on; ``before:``, ``in:`` likewise
============================  =====================================================

``OR``, ``AND``, ``NOT`` are operators in capitals only; ``near`` also as ``NEAR``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from articles.errors import UsageError
from articles.fields import FILTERS, Field
from german.dates import exact_date
from german.gender_forms import is_gender_form, one_way
from german.typed import typed
from german.wordlist import word_list
from indexing.searching.operators import AND, NEAR, NOT, OPERATORS, OR, Term, chains
from indexing.searching.patterns import refuse_dear
from indexing.searching.signs import CLOSE, OPEN, in_one_way, says_something

DATES = ("before", "after", "in")

_PHRASE = rf"[{OPEN}](?P<phrase>[^{OPEN}{CLOSE}]*)[{CLOSE}]"
_TERM = re.compile(rf"(?P<no>-?)(?:(?P<key>[^\W\d_]+):)?(?:{_PHRASE}|(?P<word>\S+))")
#: A filter is meant by what is as like to its name, of 100. Set by hand; nothing measures it.
_LIKE = 75
_AS_TEXT = "A text with a colon is searched for in quotation marks."
#: ``(Berlin OR "New York")``: brackets around what OR binds anyway.
#: Each term is read in one way only (``(?>``): else a long query would take for ever.
_SINGLE = rf"(?>(?:[^\W\d_]+:)?(?:[{OPEN}][^{OPEN}{CLOSE}]*[{CLOSE}]|[^\s(){OPEN}{CLOSE}]+))"
_NEEDLESS = re.compile(rf"(?<![\w-])(?<!NOT )\(\s*({_SINGLE}(?:\s+OR\s+{_SINGLE})+)\s*\)")
_GROUP = re.compile(r"\([^()]*\s[^()]*\)")
_QUOTED = re.compile(rf"[{OPEN}][^{OPEN}{CLOSE}]*[{CLOSE}]")
_UNCLOSED = re.compile(rf"[{OPEN}]\w")
#: Brackets around a phrase say as little as those around a word.
_BRACKETS = re.compile(rf"(?<!\S)[(\[{{]+(?=[{OPEN}])|(?<=[{CLOSE}])[)\]}}]+(?!\S)")
#: What stands around a pasted word and is no part of it.
_AROUND = ".,;:!?()[]{}"

#: Both genders of these stand side by side, as no ending tells them apart.
_ARTICLES = word_list(
    "der die das des dem den er sie ihm ihr ihn sein seine seinem seiner ihre ihrem ihrer"
)

#: Hyphens as articles have them; those that only show where a word may break are none.
_HYPHENS = {0xAD: None, 0x2010: "-", 0x2011: "-"}
#: What is read as it stands anywhere in a query.
_HARMLESS = re.compile(r"[^\W_]+")

#: One of several alternatives: ``word``, ``phrase``, ``name`` or ``date``, and its value.
Alternative = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of a query's text.

    ``names`` and ``without_names`` are pairs of index field and name; ``dates`` pairs of
    ``before``, ``after`` or ``in`` and a date (``YYYY[-MM[-DD]]``). Of the alternatives of each
    group in ``either`` one is wanted; the two words or phrases of each pair in ``near`` stand near
    each other. The value of a name in a group is ``field:name``, that of a date ``in:2024``.
    ``every``: it says ``AND``, so that nothing less than all of it will do.
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    without_words: tuple[str, ...] = ()
    without_phrases: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    without_names: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    either: tuple[tuple[Alternative, ...], ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    every: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything is asked for: of ``!`` or ``--`` nothing is left."""
        asked = (self.words, self.phrases, self.names, self.dates, self.either, self.near)
        without = (self.without_words, self.without_phrases, self.without_names)
        return any(asked) or any(without)

    def all_words(self) -> list[str]:
        """Return the words that are looked for in any form, those of groups and pairs too."""
        grouped = [value for group in self.either for kind, value in group if kind == "word"]
        paired = [word for pair in self.near for value in pair for word in value.split()]
        return list(dict.fromkeys([*self.words.split(), *grouped, *paired]))

    def all_phrases(self) -> list[str]:
        """Return the phrases that are looked for as written, those of groups too."""
        grouped = [value for group in self.either for kind, value in group if kind == "phrase"]
        return list(dict.fromkeys([*self.phrases, *grouped]))


@lru_cache(maxsize=256)
def parse(text: str, *, as_written: bool = False) -> Terms:
    """Read a query's text; what has no letter and no digit, such as a lone ``!``, is ignored.

    Numbers and signs are in one way (:mod:`german.typed`), unless they are wanted ``as_written``.

    Raises :class:`UsageError`, in a person's words, for a filter that does not exist or lacks its
    value, for a date that is none, for a quotation mark that is never closed, for an operator
    without its terms, for brackets that would group and for a ``*`` that would fit too much.
    """
    text = _NEEDLESS.sub(r" \1 ", text.translate(_HYPHENS))
    terms = list(_read(text) if as_written else map(_typed, _read(in_one_way(text))))
    _refuse_groups(text, terms)
    linked = chains(terms)
    single = [chain.terms[0] for chain in linked if not chain.operator]
    return Terms(
        words=" ".join(_values(single, "word")),
        phrases=_values(single, "phrase"),
        without_words=_values(single, "word", without=True),
        without_phrases=_values(single, "phrase", without=True),
        names=_pairs(_values(single, "name")),
        without_names=_pairs(_values(single, "name", without=True)),
        dates=_pairs(_values(single, "date")),
        either=tuple(
            tuple((term.kind, term.value) for term in chain.terms)
            for chain in linked
            if chain.operator == OR
        ),
        near=tuple(
            (first.value, second.value)
            for chain in linked
            if chain.operator == NEAR
            for first, second in pairwise(chain.terms)
        ),
        every=any((term.kind, term.value) == ("operator", AND) for term in terms),
    )


def quoted(text: str) -> str:
    """Return ``text`` as a phrase of the query language; quotation marks in it are left out."""
    return f'"{" ".join(re.sub(f"[{OPEN}{CLOSE}]", " ", text).split())}"'


def as_term(text: str) -> str:
    """Return what asks for ``text``, whatever it is, and for nothing else: quoted where need be."""
    harmless = _HARMLESS.fullmatch(text) and text not in OPERATORS and text != NEAR.upper()
    return text if harmless else quoted(text)


def corrected(text: str, others: Mapping[str, str]) -> str:
    """Return a query's ``text`` with the bare words of ``others`` replaced by what stands there.

    Phrases, filters, exclusions and the rest stay as they were. What is put in is quoted where
    the query language would read something else in it.
    """
    pieces, behind, before = list[str](), 0, ""
    plain = text.translate(_HYPHENS)  # `Ver\u00adtarg`: the words are those of :func:`parse`
    for match in _TERM.finditer(plain):
        bare = (match["word"] or "").strip(_AROUND)
        excluded = match["no"] or before == NOT
        if bare in others and not match["key"] and not excluded and says_something(others[bare]):
            pieces += plain[behind : match.start()], match[0].replace(bare, as_term(others[bare]))
            behind = match.end()
        before = match[0]
    return "".join([*pieces, plain[behind:]]) if pieces else text


def _values(terms: list[Term], kind: str, *, without: bool = False) -> tuple[str, ...]:
    # To repeat a word asks for nothing more.
    wanted = (term.value for term in terms if (term.kind, term.without) == (kind, without))
    return tuple(dict.fromkeys(wanted))


def _pairs(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((field, value) for field, _, value in (pair.partition(":") for pair in values))


def _read(text: str) -> Iterator[Term]:
    text = _BRACKETS.sub(" ", text)
    for match in _TERM.finditer(text):
        no, key, phrase, word = bool(match["no"]), match["key"], match["phrase"], match["word"]
        if word and _UNCLOSED.match(word):
            raise UsageError(
                f"The quotation mark in {text[match.start() :][:60]!r} is never closed."
            )
        if word and not key and _lacks_value(word):
            raise _empty(word[:-1].lower())
        if word in {*OPERATORS, NEAR.upper()} and not (no or key):
            yield Term("operator", NEAR if word == NEAR.upper() else word)
        elif key and _is_filter(key, word):
            yield _filter(no, key.lower(), phrase if word is None else word)
        elif word is None and not key:
            yield from [Term("phrase", phrase, no)] if says_something(phrase) else []
        else:
            yield from _words(f"{key}:{word or phrase}" if key else word, no)


def _words(written: str, no: bool) -> Iterator[Term]:
    if says_something(word := _word(written)):
        refuse_dear(word)
        yield Term("word", word, no)


def _word(written: str) -> str:
    """Return a word without the marks around it, forms for both genders as ``Pilot:innen``."""
    form = one_way(written[:1].upper() + written[1:]).strip(_AROUND)
    return form if is_gender_form(form) else written.strip(_AROUND)


def _typed(term: Term) -> Term:
    return replace(term, value=typed(term.value).strip()) if term.kind == "word" else term


def _refuse_groups(text: str, terms: list[Term]) -> None:
    """Brackets in a pasted text are nothing; beside ``OR`` and ``NOT`` somebody means a group."""
    operators = {term.value for term in terms if term.kind == "operator"}
    if operators & {OR, NOT} and _GROUP.search(_QUOTED.sub("x", text)):
        raise UsageError(
            "Brackets cannot group. OR binds first: Berlin OR Paris Vertrag finds Vertrag with "
            "one of the two; write NOT before each word."
        )


def _is_filter(key: str, word: str | None) -> bool:
    """Tell a filter from a text with a colon (``Fußball:Ergebnisse``, ``Pilot:innen``)."""
    low = key.lower()
    if low in FILTERS or low in DATES:
        return True
    if word is not None and (word.startswith("/") or _of_both_genders(key, word)):
        return False
    near = process.extractOne(low, [*FILTERS, *DATES], scorer=fuzz.ratio, score_cutoff=_LIKE)
    if near or key == low:
        hint = f"did you mean {near[0]}:?" if near else f"there are {_listed()}."
        raise UsageError(f"There is no filter {key}: – {hint} {_AS_TEXT}")
    return False


def _of_both_genders(key: str, word: str) -> bool:
    """Tell ``Pilot:innen`` and what may stand before such a word: ``ein:e``, ``der:die``."""
    bare = word.strip(_AROUND)
    paired = {key.lower(), bare.lower()} <= _ARTICLES
    return bare == "e" or paired or is_gender_form(_word(f"{key}:{word}"))


def _listed() -> str:
    names = dict.fromkeys(field.filters[0] for field in FILTERS.values())
    return ", ".join(f"{key}:" for key in [*names, *DATES])


def _lacks_value(word: str) -> bool:
    """Tell ``person: Merkel``, with a blank; ``in:`` may stand in any German sentence."""
    key = word[:-1].lower()
    return word.endswith(":") and key != "in" and key in {*FILTERS, *DATES}


def _empty(key: str) -> UsageError:
    return UsageError(f'{key}: needs a value right behind it: {key}:"…".')


def _filter(no: bool, key: str, value: str) -> Term:
    value = value.strip()
    if not value:
        raise _empty(key)
    if key in FILTERS:
        _refuse_unknown(key, FILTERS[key], value)
        return Term("name", f"{FILTERS[key].name}:{value}", no)
    if no:
        raise UsageError(f"{key}: cannot be excluded: use before: and after:.")
    return Term("date", f"{key}:{day_of(value)}")


def _refuse_unknown(key: str, field: Field, value: str) -> None:
    if field.values and value.lower() not in field.values:
        raise UsageError(f"{key}: is one of {', '.join(field.values)}, and not {value!r}.")


def day_of(value: str) -> str:
    """Return the year, month or day that a filter names, as ISO 8601 has it.

    Raises :class:`UsageError`, in a person's words.
    """
    try:
        return exact_date(value)
    except ValueError as error:
        raise UsageError(str(error)) from None
