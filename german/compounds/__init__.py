"""The parts of German compounds, for search: ``Verteidigungspakt`` is found by ``Pakt``.

``parts`` gives the smallest meaningful parts of a word as lemmas, ``nested`` the longer words in
between (``Verfassungsgericht`` in ``Bundesverfassungsgericht``), ``inside`` both of
them, ``compound_words`` those of a whole text, ``lemma`` the nominative singular of a noun.
"""

from german.compounds.lemmas import compound_words, inside, lemma, nested, parts

__all__ = ["compound_words", "inside", "lemma", "nested", "parts"]
