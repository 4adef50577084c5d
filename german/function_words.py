"""Words that ask or bind and say nothing of what a text is about: ``wer wurde``, ``wie hoch ist``.

By hand, from German grammar: articles, pronouns, prepositions, conjunctions, auxiliary verbs, the
words that ask, and the verbs with which people ask.
"""

from __future__ import annotations

from collections.abc import Sequence

from german.wordlist import word_list

_ASKING = word_list(
    """
    wer wen wem wessen was wann wo woher wohin woran woraus wodurch wofür wogegen womit worauf
    worüber worum wovon wovor wozu wie wieso weshalb warum weswegen wieviel wieviele welche welcher
    welches welchem welchen
    """
)
_BINDING = word_list(
    """
    der die das des dem den ein eine einer eines einem einen kein keine keiner keines keinem keinen
    dieser diese dieses diesem diesen jener jene jenes jenem jenen sein seine seiner seines seinem
    seinen ihr ihre ihrer ihres ihrem ihren ich du er sie es wir man mich dich sich uns euch mir dir
    ihm ihn ihnen und oder aber denn doch sondern sowie als ob dass daß weil wenn damit während
    nachdem bevor bis in im an am auf aus bei beim mit nach von vom vor zu zum zur über unter um
    durch für gegen ohne seit zwischen wegen trotz ab ins ans aufs nicht auch nur noch schon so sehr
    da dort hier dann nun mal etwa
    """
)
_AUXILIARY = word_list(
    """
    bin bist ist sind seid war waren wäre wären gewesen sei habe hast hat haben hatte hatten hätte
    hätten werde wirst wird werden wurde wurden worden würde würden kann kannst können konnte
    konnten könnte könnten muss muß müssen musste mussten müsste soll sollen sollte sollten will
    wollen wollte wollten darf dürfen durfte durften dürfte mag mögen möchte lassen lässt
    """
)
#: Verbs and adverbs that carry nothing in a question: ``Was heißt …``, ``Wer bekam …``.
_OF_QUESTIONS = word_list(
    """
    gibt gab gebe geben heißt heisst hieß hiess bedeutet bedeuten bekam bekommt bekamen bekommen
    kommt kam kommen kamen geht ging gehen gingen macht machte machen machten passiert passierte
    geschah geschieht findet fand finden statt steht stand stehen liegt lag liegen tut tat tun
    eigentlich denn genau derzeit
    """
)
#: Of the words that bind those which cannot stand before a noun alone.
_SHORT = word_list("man mal dann nun schon da dort hier ab bis")
#: Behind ``wie``: ``wie hoch``, ``wie viele``.
_MEASURES = word_list(
    """
    viel viele vielen vieler hoch groß gross lange lang oft alt weit teuer schnell stark schwer
    tief breit häufig gut schlecht sehr
    """
)


def content_words(words: Sequence[str]) -> list[str]:
    """Return the words that say what is looked for, each once; all where none does.

    In a question its verb counts as little as the word that asks. One with a capital beside
    another word with one is part of a name: ``Will Smith``, ``Man Ray``; see :func:`_in_names`.
    """
    lower = [word.lower() for word in words]
    asked = any(word in _ASKING for word in lower)
    named = _in_names(words, lower)
    kept = [
        word
        for at, word in enumerate(words)
        if at in named or not _says_nothing(lower[at], lower[at - 1] if at else "", asked)
    ]
    return list(dict.fromkeys(kept or words))


def _in_names(words: Sequence[str], lower: Sequence[str]) -> set[int]:
    """Return the places of words that bind or ask elsewhere and are part of a name here.

    A capital says so but at the head of a sentence, where every word has one: the first word is
    part of a name only if it can bind no sentence of nouns alone (``Will Smith``, while ``Die
    Grünen`` and ``Will Merkel zurücktreten`` are none). Where all words of a question have
    capitals they say nothing.
    """
    capital = [word[:1].isupper() and (len(word) == 1 or not word.isupper()) for word in words]
    if all(capital) and not _ASKING.isdisjoint(lower):
        return set()
    bare = [_says_nothing(word, "", False) for word in lower]
    beside = {at for at, big in enumerate(capital) if big and not bare[at]}
    named = {
        at
        for at, big in enumerate(capital)
        if at and big and bare[at] and (at - 1 in beside or at + 1 in beside)
    }
    first = bool(lower) and lower[0] in _AUXILIARY | _SHORT and capital[0] and all(capital)
    return named | ({0} if first and 1 in beside else set())


def _says_nothing(word: str, before: str, asked: bool) -> bool:
    if word in _ASKING or word in _BINDING or word in _AUXILIARY:
        return True
    return asked and (word in _OF_QUESTIONS or (before == "wie" and word in _MEASURES))
