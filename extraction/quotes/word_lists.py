"""Small words that show where a noun phrase begins and which case it is in."""

from __future__ import annotations

from german.wordlist import word_list

PREPOSITIONS = word_list(
    """
    ab an am ans angesichts anhand anlässlich anstatt anstelle auf aufgrund aufs aus außer
    außerhalb bei beim bezüglich binnen bis dank durch durchs entgegen entlang für fürs gegen
    gegenüber gemäß hinsichtlich hinter im in infolge inklusive innerhalb ins je jenseits
    kraft längs laut mangels mit mithilfe mittels nach nahe neben ohne per pro samt seit
    seitens statt trotz über übers um ums ungeachtet unter unterm via vom von vor wegen
    während wider zu zufolge zugunsten zum zur zwischen als wie
    """
)
#: Determiners that may open a subject.
NOMINATIVE = word_list(
    """
    der die das ein eine kein keine dieser diese dieses jener jene jenes mein meine dein deine
    sein seine ihr ihre unser unsere euer eure mancher manche alle beide viele einige mehrere
    zahlreiche etliche weitere andere jeder jede jedes derselbe dieselbe zwei drei vier fünf
    sechs sieben acht neun zehn elf zwölf dutzende hunderte tausende
    """
)
#: Determiners that never do.
OBLIQUE = word_list(
    """
    dem den des einem einen eines einer keinem keinen keines keiner diesem diesen jenem jenen
    seinem seinen seines seiner ihrem ihren ihres ihrer unserem unseren unseres unserer meinem
    meinen meines meiner manchem manchen allem allen beiden vielen einigen mehreren jedem
    jeden
    """
)
DETERMINERS = NOMINATIVE | OBLIQUE
GENITIVE = word_list(
    """
    des der eines einer seines seiner ihres ihrer dieses unseres unserer jenes mehrerer
    beider
    """
)
PRONOUNS = word_list(
    "niemand jemand er sie es man wir ich dieser diese letzterer letztere jener jene beide"
)
#: Words that open a clause whose verb stands at its end.
SUBORDINATING = word_list(
    """
    dass daß ob weil da wenn als nachdem obwohl während bevor ehe damit indem sodass falls
    sobald solange sofern warum weshalb wie wo wobei wodurch womit wofür worauf woran worüber
    was wer wen wem wessen welche welcher welches
    """
)
AUXILIARIES = word_list(
    """
    hat habe haben hatte hatten hätte hätten wird werde werden wurde wurden würde würden ist
    sei sind seien war waren wäre wären soll solle sollen sollte sollten will wolle wollen
    wollte wollten kann könne können konnte konnten muss müsse müssen musste mussten darf
    dürfe dürfen durfte mag möge lässt ließ lasse ließen
    """
)
PASSIVE = word_list("wird werde werden wurde wurden würde würden worden")
CONJUNCTIONS = word_list("und oder aber sondern sowie doch denn jedoch beziehungsweise bzw")
#: Subjunctive forms that differ from the indicative, so that they mark reported speech.
SUBJUNCTIVE = word_list(
    """
    sei seien habe werde könne müsse solle dürfe wolle möge wisse gebe gehe komme stehe liege
    bleibe mache sehe nehme lasse halte führe finde brauche zeige bringe spreche trage bestehe
    bekomme erhalte gelte fehle handle handele betrage laufe gehöre bedeute biete entspreche
    verfüge bedürfe schaffe sorge drohe diene helfe erwarte
    verstehe
    """
)
#: Forms that only count for reported speech beside a cue or a running speaker.
PAST_SUBJUNCTIVE = word_list(
    """
    hätte hätten wäre wären würde würden könnte könnten müsste müssten dürfte dürften käme
    kämen gäbe
    """
)
#: Words that a capital makes look like nouns at the head of a sentence.
ADVERBS = word_list(
    """
    dies dieses solche solch derlei
    aber ab abends abermals abschließend ähnlich allein allerdings alles also andererseits
    anders anfangs angeblich anschließend anstelle auch aufgrund auffällig augenscheinlich
    ausdrücklich außerdem außerhalb bald bereits besonders bestenfalls bisher bislang bloß da
    dabei dadurch dafür dagegen daher dahinter damals damit danach daneben dann daran darauf
    daraufhin daraus darin darüber darum darunter davon davor dazu demgegenüber demnach
    demzufolge dennoch derart derweil derzeit deshalb deswegen deutlich diesmal doch dort
    dorthin drei dringend durchaus eben ebenfalls ebenso eher eigens eigentlich einerseits
    einmal einst entsprechend erfreut erneut erst erstaunlich erstmals etwa etwas fast ferner
    freilich früher für ganz gar gegenwärtig gemeinsam genau genauso gerade gern gestern
    gewiss gleich gleichfalls gleichwohl gleichzeitig grundsätzlich halt heute heutzutage hier
    hierbei hierfür hiermit hierzu hingegen hinterher hinzu höchstens hoffentlich immer
    immerhin indes indessen infolgedessen inklusive innerhalb insbesondere insgesamt insofern
    inzwischen irgendwann ja jedenfalls jedoch jetzt kaum keinesfalls keineswegs klar konkret
    künftig kürzlich kurz längst laut lediglich leider letztendlich letztlich manchmal mehr
    mehrfach meist meistens mindestens mittags mittlerweile möglicherweise morgen morgens
    nachdem nachher nachmittags nachts nämlich natürlich neben neu neuerdings nicht nichts nie
    niemals noch nochmals normalerweise nun nunmehr nur offenbar offensichtlich offiziell oft
    ohne ohnehin passend plötzlich praktisch prompt regelmäßig scharf schließlich
    schlussendlich schon sehr seinerzeit seit seitdem selbst selten so sobald sodann sofort
    sogar sogleich sonst soweit sowie später sowohl spät spätestens statt stattdessen stets
    tags tatsächlich teilweise trotz trotzdem überall überdies überhaupt überraschend übrigens
    umgekehrt umso unbekannt unklar unterdessen ursprünglich viel vielleicht vielmehr vor
    voraussichtlich vorerst vorher vorhin vorläufig vormittags wahrscheinlich wann warum was
    weder wegen weil weiter weiterhin weiters wenig weniger wenn wer weshalb wie wieder
    wiederum wieso wirklich wo wobei wodurch wofür wohl womit womöglich wörtlich zahlreich
    zeitgleich zeitweise ziemlich zu zudem zuerst zufolge zugleich zuletzt zumal zumindest
    zunächst zusammen zusätzlich zuvor zwar höhnisch kritisch ironisch wütend empört
    enttäuscht zufrieden skeptisch zuversichtlich ob dass obwohl während falls sofern bevor
    ehe als einzig allem allen ihm ihnen ihn ihr mir mich uns sich dessen deren denen
    """
)
#: Words written small that end like adjectives and are none.
NO_ADJECTIVES = word_list(
    """
    er sie es wir ihr ihm ihn ihnen aber oder immer wieder weiter unter über außer hinter ohne
    eher sehr gerne heute gestern morgen wegen gegen neben zwischen eben oben unten innen
    außen allerdings bereits nachdem indem seitdem zudem außerdem trotzdem dessen deren denen
    jemanden niemanden leider lieber später früher bisher daher vorher nachher hierher
    inzwischen unterdessen indessen dagegen hingegen deswegen weswegen anstelle beide etwas
    alles nichts anders besonders stets rechtens mindestens höchstens wenigstens meistens
    jedenfalls ebenfalls falls links rechts mittels per sondern wer jeder je selber derer
    welcher welche welches welchen welchem seines dieses eines
    """
)
#: Nouns of time, which stand without a preposition and are no subject: ``Wenige Stunden nach …``.
TIMES = word_list(
    """
    sekunde sekunden minute minuten stunde stunden tag tage tagen woche wochen monat monate
    monaten jahr jahre jahren jahrzehnt jahrzehnte montag dienstag mittwoch donnerstag freitag
    samstag sonnabend sonntag januar februar märz april mai juni juli august september oktober
    november dezember morgen mittag nachmittag abend nacht vormittag wochenende uhr mal male
    """
)
