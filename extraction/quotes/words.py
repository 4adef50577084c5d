"""Small words that show where a noun phrase begins and which case it is in."""

from __future__ import annotations

from extraction.wordlist import word_list

PREPOSITIONS = word_list(
    """
    ab an am ans angesichts anhand anlässlich anstatt anstelle auf aufgrund aufs aus außer außerhalb
    bei beim bezüglich binnen bis dank durch durchs entgegen entlang für fürs gegen gegenüber gemäß
    hinsichtlich hinter im in infolge inklusive innerhalb ins je jenseits kraft längs laut mangels
    mit mithilfe mittels nach nahe neben ohne per pro samt seit seitens statt trotz über übers um
    ums ungeachtet unter unterm via vom von vor wegen während wider zu zufolge zugunsten zum zur
    zwischen als wie
    """
)
#: Determiners that may open a subject.
NOMINATIVE = word_list(
    """
    der die das ein eine kein keine dieser diese dieses jener jene jenes mein meine dein deine sein
    seine ihr ihre unser unsere euer eure mancher manche alle beide viele einige mehrere zahlreiche
    etliche weitere andere jeder jede jedes derselbe dieselbe zwei drei vier fünf sechs sieben acht
    neun zehn elf zwölf dutzende hunderte tausende
    """
)
#: Determiners that never do.
OBLIQUE = word_list(
    """
    dem den des einem einen eines einer keinem keinen keines keiner diesem diesen jenem jenen
    seinem seinen seines seiner ihrem ihren ihres ihrer unserem unseren unseres unserer meinem
    meinen meines meiner manchem manchen allem allen beiden vielen einigen mehreren jedem jeden
    """
)
GENITIVE = word_list(
    "des der eines einer seines seiner ihres ihrer dieses dieser unseres unserer jenes mehrerer beider"
)
PRONOUNS = word_list("er sie es man wir ich dieser diese letzterer letztere jener jene beide")
#: Words that open a clause whose verb stands at its end.
SUBORDINATING = word_list(
    """
    dass daß ob weil da wenn als nachdem obwohl während bevor ehe damit indem sodass falls sobald
    solange sofern warum weshalb wie wo wobei wodurch womit wofür worauf woran worüber was wer wen
    wem wessen welche welcher welches
    """
)
AUXILIARIES = word_list(
    """
    hat habe haben hatte hatten hätte hätten wird werde werden wurde wurden würde würden ist sei
    sind seien war waren wäre wären soll solle sollen sollte sollten will wolle wollen wollte
    wollten kann könne können konnte konnten muss müsse müssen musste mussten darf dürfe dürfen
    durfte mag möge lässt ließ lasse ließen
    """
)
PASSIVE = word_list("wird werde werden wurde wurden würde würden worden")
CONJUNCTIONS = word_list("und oder aber sondern sowie doch denn jedoch beziehungsweise bzw")
#: Subjunctive forms that differ from the indicative, so that they mark reported speech.
SUBJUNCTIVE = word_list(
    """
    sei seien habe werde könne müsse solle dürfe wolle möge wisse gebe gehe komme stehe liege bleibe
    mache sehe nehme lasse halte führe finde brauche zeige bringe spreche trage bestehe bekomme
    erhalte gelte fehle handle handele betrage laufe gehöre bedeute biete entspreche verfüge heiße
    bedürfe arbeite schaffe sorge leide drohe diene helfe stelle setze erwarte verstehe
    """
)
#: Forms that only count for reported speech beside a cue or a running speaker.
PAST_SUBJUNCTIVE = word_list(
    "hätte hätten wäre wären würde würden könnte könnten müsste müssten dürfte dürften käme kämen gäbe"
)
SMALL_NAME_WORDS = word_list(
    "von van de del della der den du da dos el al bin ibn le la ten ter zu zur y und &"
)
