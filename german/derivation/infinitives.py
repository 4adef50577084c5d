"""From a form of a verb to its infinitive: ``festgenommen`` is one of ``festnehmen``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from german.derivation.conjugation import PARTICLES, PREFIXES, forms, strong_bases, verbs

#: What may stand behind the stem of a weak verb; ``sammel-t`` and ``verhaft-et`` alike.
_DENTAL = ("t", "te", "ten", "ter", "tes", "tem")
_ENDINGS = ("n", "en", *_DENTAL, *(f"e{ending}" for ending in _DENTAL))


@lru_cache(maxsize=4096)
def infinitives(form: str) -> tuple[str, ...]:
    """Return the known verbs one of whose forms is ``form``, in small letters; () if none."""
    if form in verbs():  # `kosten` is none of `kosen`
        return (form,)
    likely = dict.fromkeys(_likely(form))
    fit = [verb for verb in likely if verb in verbs() and form in forms(verb).whole]
    # `gebrochen` is of `brechen`, whatever else has the same participle.
    return tuple(verb for verb in fit if verb.removeprefix("ge") not in fit or verb[:2] != "ge")


def _likely(form: str) -> Iterator[str]:
    yield form
    for particle in ("", *PARTICLES):
        rest = form.removeprefix(particle)
        if particle and rest == form:
            continue
        for mark in ("", "ge", "zu"):
            bare = rest.removeprefix(mark)
            yield from (particle + verb for verb in _strong(rest) | _strong(bare))
            stems = [bare.removesuffix(ending) for ending in _ENDINGS if bare.endswith(ending)]
            yield from (f"{particle}{stem}{end}" for stem in stems for end in ("en", "n"))


def _strong(form: str) -> set[str]:
    by_form = _strong_forms()
    verbs_ = set(by_form.get(form, ()))
    for prefix in PREFIXES:
        if form.startswith(prefix):
            verbs_ |= {prefix + base for base in by_form.get(form.removeprefix(prefix), ())}
    return verbs_


@lru_cache(maxsize=1)
def _strong_forms() -> dict[str, tuple[str, ...]]:
    """Return the strong verbs by each of their forms, participles without ``ge`` too."""
    by_form: dict[str, list[str]] = defaultdict(list)
    for verb in strong_bases():
        each = forms(verb).whole
        for form in dict.fromkeys([*each, *(form.removeprefix("ge") for form in each)]):
            by_form[form].append(verb)
    return {form: tuple(each) for form, each in by_form.items()}
