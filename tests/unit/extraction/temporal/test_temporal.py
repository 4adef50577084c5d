"""Dates in German text: each line a text, the expression in it, its value and its days.

Unless a test says otherwise the texts were published on Wednesday, 19 June 2024.
"""

from __future__ import annotations

import pytest

from articles.article import Published
from extraction.temporal import TimeMention, range_of, read_dates

DAY = Published("2024-06-19", "day")

#: text | surface | value | first day | last day (one day where the last is missing)
RESOLVED = """
Er trat am Mittwoch zurück. | Mittwoch | 2024-06-19 | 2024-06-19
Er trat am Dienstag zurück. | Dienstag | 2024-06-18 | 2024-06-18
Das Gericht entschied am Donnerstag anders. | Donnerstag | 2024-06-13 | 2024-06-13
Der Rat hat am Sonnabend getagt. | Sonnabend | 2024-06-15 | 2024-06-15
Das Kabinett wird am Freitag beraten. | Freitag | 2024-06-21 | 2024-06-21
Die Delegation soll am Montag eintreffen. | Montag | 2024-06-24 | 2024-06-24
Die Messe beginnt am Samstag in Köln. | Samstag | 2024-06-22 | 2024-06-22
Der Täter soll am Montag geflohen sein. | Montag | 2024-06-17 | 2024-06-17
Der am Sonntag gewählte Präsident schweigt. | Sonntag | 2024-06-16 | 2024-06-16
Die für Sonntag geplante Wahl findet statt. | Sonntag | 2024-06-23 | 2024-06-23
Er sagte am Montag, dass er bald kommen werde. | Montag | 2024-06-17 | 2024-06-17
Sie will am Mittwoch abreisen. | Mittwoch | 2024-06-19 | 2024-06-19
am kommenden Freitag | kommenden Freitag | 2024-06-21 | 2024-06-21
am nächsten Mittwoch | nächsten Mittwoch | 2024-06-26 | 2024-06-26
am vergangenen Mittwoch | vergangenen Mittwoch | 2024-06-12 | 2024-06-12
am vorigen Freitag | vorigen Freitag | 2024-06-14 | 2024-06-14
am vorletzten Sonntag | vorletzten Sonntag | 2024-06-09 | 2024-06-09
am übernächsten Montag | übernächsten Montag | 2024-07-01 | 2024-07-01
an diesem Sonntag | diesem Sonntag | 2024-06-23 | 2024-06-23
am Mittwoch kommender Woche | Mittwoch kommender Woche | 2024-06-26 | 2024-06-26
am Montag der vergangenen Woche | Montag der vergangenen Woche | 2024-06-10 | 2024-06-10
Die Sitzung wurde auf Freitag verschoben. | Freitag | 2024-06-21 | 2024-06-21
Der ursprünglich für Sonntag geplante Start fiel aus. | Sonntag | 2024-06-16 | 2024-06-16
Der für Freitag geplante Umzug konnte nicht stattfinden. | Freitag | 2024-06-14 | 2024-06-14
Am Freitag hat es trotz Regens (und Sturm) ein Fest gegeben. | Freitag | 2024-06-14 | 2024-06-14
Die Proteste vom Sonntag beschäftigen die Stadt. | Sonntag | 2024-06-16 | 2024-06-16
Die Tagung am Freitag sofort abzusagen, lehnt sie ab. | Freitag | 2024-06-21 | 2024-06-21
seit Montag | Montag | 2024-06-17 | 2024-06-17
ab Freitag | Freitag | 2024-06-21 | 2024-06-21
bis Samstag | Samstag | 2024-06-22 | 2024-06-22
am heutigen Mittwoch | heutigen Mittwoch | 2024-06-19 | 2024-06-19
am gestrigen Dienstag | gestrigen Dienstag | 2024-06-18 | 2024-06-18
von Freitag bis Sonntag war Fest | Freitag bis Sonntag | 2024-06-14/2024-06-16 | \
2024-06-14 | 2024-06-16
gestern | gestern | 2024-06-18 | 2024-06-18
Gestern kam er. | Gestern | 2024-06-18 | 2024-06-18
heute | heute | 2024-06-19 | 2024-06-19
morgen | morgen | 2024-06-20 | 2024-06-20
Morgen beginnt das Fest. | Morgen | 2024-06-20 | 2024-06-20
vorgestern | vorgestern | 2024-06-17 | 2024-06-17
übermorgen | übermorgen | 2024-06-21 | 2024-06-21
vor drei Jahren | vor drei Jahren | 2021 | 2021-01-01 | 2021-12-31
vor 20 Jahren | vor 20 Jahren | 2004 | 2004-01-01 | 2004-12-31
vor rund 30 Jahren | vor rund 30 Jahren | 1994 | 1994-01-01 | 1994-12-31
vor mehr als zehn Jahren | vor mehr als zehn Jahren | 2014 | 2014-01-01 | 2014-12-31
vor einem Monat | vor einem Monat | 2024-05 | 2024-05-01 | 2024-05-31
vor acht Monaten | vor acht Monaten | 2023-10 | 2023-10-01 | 2023-10-31
vor zwei Wochen | vor zwei Wochen | 2024-W23 | 2024-06-03 | 2024-06-09
vor fünf Tagen | vor fünf Tagen | 2024-06-14 | 2024-06-14
heute vor drei Jahren | heute vor drei Jahren | 2021-06-19 | 2021-06-19
Sie kommt in drei Tagen. | in drei Tagen | 2024-06-22 | 2024-06-22
In zwei Jahren wird gewählt. | In zwei Jahren | 2026 | 2026-01-01 | 2026-12-31
im vergangenen Jahr | vergangenen Jahr | 2023 | 2023-01-01 | 2023-12-31
im vorletzten Jahr | vorletzten Jahr | 2022 | 2022-01-01 | 2022-12-31
in diesem Jahr | diesem Jahr | 2024 | 2024-01-01 | 2024-12-31
nächstes Jahr | nächstes Jahr | 2025 | 2025-01-01 | 2025-12-31
heuer im Sommerloch | heuer | 2024 | 2024-01-01 | 2024-12-31
im laufenden Jahr | laufenden Jahr | 2024 | 2024-01-01 | 2024-12-31
gegenüber dem Vorjahr | Vorjahr | 2023 | 2023-01-01 | 2023-12-31
im Vormonat | Vormonat | 2024-05 | 2024-05-01 | 2024-05-31
am Vortag | Vortag | 2024-06-18 | 2024-06-18
nächste Woche | nächste Woche | 2024-W26 | 2024-06-24 | 2024-06-30
in dieser Woche | dieser Woche | 2024-W25 | 2024-06-17 | 2024-06-23
in der vergangenen Woche | vergangenen Woche | 2024-W24 | 2024-06-10 | 2024-06-16
in KW 25 | KW 25 | 2024-W25 | 2024-06-17 | 2024-06-23
im nächsten Monat | nächsten Monat | 2024-07 | 2024-07-01 | 2024-07-31
Anfang dieses Monats | Anfang dieses Monats | 2024-06 | 2024-06-01 | 2024-06-10
Ende letzter Woche | Ende letzter Woche | 2024-W24 | 2024-06-15 | 2024-06-16
im vergangenen Jahrzehnt | vergangenen Jahrzehnt | 201 | 2010-01-01 | 2019-12-31
im vergangenen Jahrhundert | vergangenen Jahrhundert | 19 | 1901-01-01 | 2000-12-31
vergangenes Wochenende | vergangenes Wochenende | 2024-W24-WE | 2024-06-15 | 2024-06-16
am kommenden Wochenende | kommenden Wochenende | 2024-W25-WE | 2024-06-22 | 2024-06-23
Am Wochenende starben zwei Menschen. | Wochenende | 2024-W24-WE | 2024-06-15 | 2024-06-16
Am Wochenende wird gefeiert. | Wochenende | 2024-W25-WE | 2024-06-22 | 2024-06-23
Ende Mai | Ende Mai | 2024-05 | 2024-05-21 | 2024-05-31
Mitte Mai | Mitte Mai | 2024-05 | 2024-05-11 | 2024-05-20
Anfang Februar 2023 | Anfang Februar 2023 | 2023-02 | 2023-02-01 | 2023-02-10
Ende Februar 2024 | Ende Februar 2024 | 2024-02 | 2024-02-21 | 2024-02-29
im Mai | Mai | 2024-05 | 2024-05-01 | 2024-05-31
im September | September | 2023-09 | 2023-09-01 | 2023-09-30
Im September wird gewählt. | September | 2024-09 | 2024-09-01 | 2024-09-30
Im März stieg die Zahl. | März | 2024-03 | 2024-03-01 | 2024-03-31
ab Juli | Juli | 2024-07 | 2024-07-01 | 2024-07-31
seit Oktober | Oktober | 2023-10 | 2023-10-01 | 2023-10-31
im vergangenen Mai | vergangenen Mai | 2024-05 | 2024-05-01 | 2024-05-31
im kommenden Jänner | kommenden Jänner | 2025-01 | 2025-01-01 | 2025-01-31
Juli dieses Jahres | Juli dieses Jahres | 2024-07 | 2024-07-01 | 2024-07-31
im April letzten Jahres | April letzten Jahres | 2023-04 | 2023-04-01 | 2023-04-30
im Dezember des Vorjahres | Dezember des Vorjahres | 2023-12 | 2023-12-01 | 2023-12-31
im November 1989 | November 1989 | 1989-11 | 1989-11-01 | 1989-11-30
im Mai des Jahres 1945 | Mai des Jahres 1945 | 1945-05 | 1945-05-01 | 1945-05-31
Mai/Juni 2019 | Mai/Juni 2019 | 2019-05/2019-06 | 2019-05-01 | 2019-06-30
von Oktober bis März | Oktober bis März | 2023-10/2024-03 | 2023-10-01 | 2024-03-31
von Oktober 2022 bis März 2023 | Oktober 2022 bis März 2023 | 2022-10/2023-03 | \
2022-10-01 | 2023-03-31
im Herbst 2019 | Herbst 2019 | 2019-FA | 2019-09-01 | 2019-11-30
im Winter 2019/20 | Winter 2019/20 | 2019-WI | 2019-12-01 | 2020-02-29
im Frühjahr | Frühjahr | 2024-SP | 2024-03-01 | 2024-05-31
Im Herbst wird gewählt. | Herbst | 2024-FA | 2024-09-01 | 2024-11-30
im vergangenen Winter | vergangenen Winter | 2023-WI | 2023-12-01 | 2024-02-29
im nächsten Sommer | nächsten Sommer | 2025-SU | 2025-06-01 | 2025-08-31
Anfang 2023 | Anfang 2023 | 2023 | 2023-01-01 | 2023-04-30
Mitte 2023 | Mitte 2023 | 2023 | 2023-05-01 | 2023-08-31
Ende des Jahres 2022 | Ende des Jahres 2022 | 2022 | 2022-09-01 | 2022-12-31
bis Ende des Jahres | Ende des Jahres | 2024 | 2024-09-01 | 2024-12-31
am Ende des Tages | Ende des Tages | 2024-06-19 | 2024-06-19 | 2024-06-19
zu Jahresbeginn | Jahresbeginn | 2024 | 2024-01-01 | 2024-04-30
Zum Jahresende wird geschlossen. | Jahresende | 2024 | 2024-09-01 | 2024-12-31
zum Monatsende | Monatsende | 2024-06 | 2024-06-21 | 2024-06-30
im ersten Halbjahr 2022 | ersten Halbjahr 2022 | 2022-H1 | 2022-01-01 | 2022-06-30
in der zweiten Jahreshälfte 2021 | zweiten Jahreshälfte 2021 | 2021-H2 | 2021-07-01 | 2021-12-31
im ersten Halbjahr | ersten Halbjahr | 2024-H1 | 2024-01-01 | 2024-06-30
im dritten Quartal | dritten Quartal | 2023-Q3 | 2023-07-01 | 2023-09-30
Im dritten Quartal wird es besser. | dritten Quartal | 2024-Q3 | 2024-07-01 | 2024-09-30
4. Quartal 2020 | 4. Quartal 2020 | 2020-Q4 | 2020-10-01 | 2020-12-31
im letzten Quartal | letzten Quartal | 2024-Q1 | 2024-01-01 | 2024-03-31
2024 | 2024 | 2024 | 2024-01-01 | 2024-12-31
im Jahr 2015 | Jahr 2015 | 2015 | 2015-01-01 | 2015-12-31
im Jahr 800 | Jahr 800 | 0800 | 0800-01-01 | 0800-12-31
Sie wurde 2019 Ministerin. | 2019 | 2019 | 2019-01-01 | 2019-12-31
die WM 2006 in Deutschland | 2006 | 2006 | 2006-01-01 | 2006-12-31
der Roman (1998) | 1998 | 1998 | 1998-01-01 | 1998-12-31
seit 2019 | 2019 | 2019 | 2019-01-01 | 2019-12-31
seit 2000 | 2000 | 2000 | 2000-01-01 | 2000-12-31
bis 2030 | 2030 | 2030 | 2030-01-01 | 2030-12-31
Die Revolution von 1848 scheiterte. | 1848 | 1848 | 1848-01-01 | 1848-12-31
2021/22 | 2021/22 | 2021/2022 | 2021-01-01 | 2022-12-31
in der Saison 2021/22 | 2021/22 | 2021/2022 | 2021-07-01 | 2022-06-30
1999/2000 | 1999/2000 | 1999/2000 | 1999-01-01 | 2000-12-31
1914 bis 1918 | 1914 bis 1918 | 1914/1918 | 1914-01-01 | 1918-12-31
1914-1918 | 1914-1918 | 1914/1918 | 1914-01-01 | 1918-12-31
(1914–1918) | 1914–1918 | 1914/1918 | 1914-01-01 | 1918-12-31
1914-18 | 1914-18 | 1914/1918 | 1914-01-01 | 1918-12-31
zwischen 1990 und 2000 | 1990 und 2000 | 1990/2000 | 1990-01-01 | 2000-12-31
seit den 1990er Jahren | 1990er Jahren | 199 | 1990-01-01 | 1999-12-31
in den 90ern | 90ern | 199 | 1990-01-01 | 1999-12-31
in den 80er-Jahren | 80er-Jahren | 198 | 1980-01-01 | 1989-12-31
in den Siebzigern | Siebzigern | 197 | 1970-01-01 | 1979-12-31
in den Fünfzigerjahren | Fünfzigerjahren | 195 | 1950-01-01 | 1959-12-31
Mitte der achtziger Jahre | Mitte der achtziger Jahre | 198 | 1984-01-01 | 1986-12-31
Anfang der 1970er-Jahre | Anfang der 1970er-Jahre | 197 | 1970-01-01 | 1973-12-31
in den 2010er Jahren | 2010er Jahren | 201 | 2010-01-01 | 2019-12-31
im 18. Jahrhundert | 18. Jahrhundert | 17 | 1701-01-01 | 1800-12-31
Ende des 19. Jahrhunderts | Ende des 19. Jahrhunderts | 18 | 1867-09-01 | 1900-12-31
im zwanzigsten Jahrhundert | zwanzigsten Jahrhundert | 19 | 1901-01-01 | 2000-12-31
79 n. Chr. | 79 n. Chr. | 0079 | 0079-01-01 | 0079-12-31
am 3. Oktober 1990 | 3. Oktober 1990 | 1990-10-03 | 1990-10-03
am 3. Okt. 1990 | 3. Okt. 1990 | 1990-10-03 | 1990-10-03
am 3.10.90 | 3.10.90 | 1990-10-03 | 1990-10-03
am 3.10.24 | 3.10.24 | 2024-10-03 | 2024-10-03
am 03.10.2019 | 03.10.2019 | 2019-10-03 | 2019-10-03
am 3. 10. 1990 | 3. 10. 1990 | 1990-10-03 | 1990-10-03
2019-06-24 | 2019-06-24 | 2019-06-24 | 2019-06-24
am 03.10. | 03.10. | 2024-10-03 | 2024-10-03
am 3. Mai | 3. Mai | 2024-05-03 | 2024-05-03
am 24. Dezember des Vorjahres | 24. Dezember des Vorjahres | 2023-12-24 | 2023-12-24
am 3. Mai vergangenen Jahres | 3. Mai vergangenen Jahres | 2023-05-03 | 2023-05-03
am letzten Freitag, dem 14. Juni 2024 | letzten Freitag, dem 14. Juni 2024 | 2024-06-14 | 2024-06-14
03.10. | 03.10. | 2024-10-03 | 2024-10-03
am 29. Februar | 29. Februar | 2024-02-29 | 2024-02-29
am 10. Juni wurde gewählt | 10. Juni | 2024-06-10 | 2024-06-10
am ersten Mai | ersten Mai | 2024-05-01 | 2024-05-01
am Donnerstag, 20. Juni | Donnerstag, 20. Juni | 2024-06-20 | 2024-06-20
am Montag, dem 3. Juni 2024 | Montag, dem 3. Juni 2024 | 2024-06-03 | 2024-06-03
am Freitag (21. Juni) | Freitag (21. Juni) | 2024-06-21 | 2024-06-21
Sa., 22.6., ab neun | Sa., 22.6. | 2024-06-22 | 2024-06-22
vom 3. bis 5. Mai | 3. bis 5. Mai | 2024-05-03/2024-05-05 | 2024-05-03 | 2024-05-05
vom 3.-5. Mai 2019 | 3.-5. Mai 2019 | 2019-05-03/2019-05-05 | 2019-05-03 | 2019-05-05
zwischen dem 3. und 5. Mai | 3. und 5. Mai | 2024-05-03/2024-05-05 | 2024-05-03 | 2024-05-05
28. April bis 3. Mai 2019 | 28. April bis 3. Mai 2019 | 2019-04-28/2019-05-03 | \
2019-04-28 | 2019-05-03
vom 28. Dezember bis zum 3. Januar 2020 | 28. Dezember bis zum 3. Januar 2020 | \
2019-12-28/2020-01-03 | 2019-12-28 | 2020-01-03
am 10.-12.5. | 10.-12.5. | 2024-05-10/2024-05-12 | 2024-05-10 | 2024-05-12
Ostern 2024 | Ostern 2024 | 2024-03-31 | 2024-03-31 | 2024-04-01
an Pfingsten 2023 | Pfingsten 2023 | 2023-05-28 | 2023-05-28 | 2023-05-29
am Karfreitag 2022 | Karfreitag 2022 | 2022-04-15 | 2022-04-15
Weihnachten | Weihnachten | 2023-12-25 | 2023-12-24 | 2023-12-26
Weihnachten wird gefeiert. | Weihnachten | 2024-12-25 | 2024-12-24 | 2024-12-26
an Silvester 2019 | Silvester 2019 | 2019-12-31 | 2019-12-31
am Heiligabend 2020 | Heiligabend 2020 | 2020-12-24 | 2020-12-24
am ersten Advent 2023 | ersten Advent 2023 | 2023-12-03 | 2023-12-03
am zweiten Weihnachtsfeiertag 2022 | zweiten Weihnachtsfeiertag 2022 | 2022-12-26 | 2022-12-26
am Muttertag 2024 | Muttertag 2024 | 2024-05-12 | 2024-05-12
am Tag der Deutschen Einheit 2021 | Tag der Deutschen Einheit 2021 | 2021-10-03 | 2021-10-03
zum Jahreswechsel | Jahreswechsel | 2023-12-31 | 2023-12-31 | 2024-01-01
am Dienstagabend | Dienstagabend | 2024-06-18TEV | 2024-06-18
gestern Abend | gestern Abend | 2024-06-18TEV | 2024-06-18
heute früh | heute früh | 2024-06-19TMO | 2024-06-19
morgen Nachmittag | morgen Nachmittag | 2024-06-20TAF | 2024-06-20
am frühen Montagmorgen | frühen Montagmorgen | 2024-06-17TMO | 2024-06-17
am Morgen des 17. Juni | Morgen des 17. Juni | 2024-06-17TMO | 2024-06-17
in der Nacht zum Sonntag | Nacht zum Sonntag | 2024-06-15TNI | 2024-06-15 | 2024-06-16
in der Nacht auf Montag | Nacht auf Montag | 2024-06-16TNI | 2024-06-16 | 2024-06-17
in der Nacht von Samstag auf Sonntag | Nacht von Samstag auf Sonntag | 2024-06-15TNI | \
2024-06-15 | 2024-06-16
Nacht zum 1. März 2020 | Nacht zum 1. März 2020 | 2020-02-29TNI | 2020-02-29 | 2020-03-01
Nacht vom 3. auf den 4. Mai | Nacht vom 3. auf den 4. Mai | 2024-05-03TNI | 2024-05-03 | 2024-05-04
"""
#: Expressions that name no days: text | surface | kind | value
UNRANGED = """
drei Tage lang | drei Tage lang | duration | P3D
Er blieb sechs Jahre. | sechs Jahre | duration | P6Y
nach 90 Minuten | 90 Minuten | duration | PT90M
seit Jahren | Jahren | duration | PXY
ein halbes Jahr | ein halbes Jahr | duration | P6M
eine halbe Stunde | eine halbe Stunde | duration | PT30M
anderthalb Jahre | anderthalb Jahre | duration | P1.5Y
2,5 Stunden | 2,5 Stunden | duration | PT2.5H
mehrere Wochen | mehrere Wochen | duration | PXW
zwei bis drei Jahre | zwei bis drei Jahre | duration | P2Y/P3Y
die dreitägige Tagung | dreitägige | duration | P3D
das 90-minütige Gespräch | 90-minütige | duration | PT90M
jahrelang | jahrelang | duration | PXY
in den vergangenen drei Jahren | vergangenen drei Jahren | duration | P3Y
in den nächsten Tagen | nächsten Tagen | duration | PXD
vierundzwanzig Stunden | vierundzwanzig Stunden | duration | PT24H
den ganzen Tag | ganzen Tag | duration | P1D
Das Buch entstand in drei Jahren. | in drei Jahren | duration | P3Y
jeden Montag | jeden Montag | set | XXXX-WXX-1
montags | montags | set | XXXX-WXX-1
freitagabends | freitagabends | set | XXXX-WXX-5TEV
täglich | täglich | set | P1D
jedes Jahr | jedes Jahr | set | P1Y
alle vier Jahre | alle vier Jahre | set | P4Y
jeden zweiten Tag | jeden zweiten Tag | set | P2D
zweimal pro Woche | pro Woche | set | P1W
jeden Sommer | jeden Sommer | set | XXXX-SU
Mo.-Fr. 9 bis 17 Uhr | Mo.-Fr | set | XXXX-WXX-1/XXXX-WXX-5
Montag bis Freitag, 9 bis 17 Uhr | Montag bis Freitag | set | XXXX-WXX-1/XXXX-WXX-5
jetzt | jetzt | date | PRESENT_REF
derzeit | derzeit | date | PRESENT_REF
damals | damals | date | PAST_REF
vor Jahren | vor Jahren | date | PAST_REF
vor einigen Tagen | vor einigen Tagen | date | PAST_REF
in Zukunft | in Zukunft | date | FUTURE_REF
500 v. Chr. | 500 v. Chr. | date | BC0500
an einem Montag | Montag | date | XXXX-WXX-1
um 15 Uhr | 15 Uhr | time | 2024-06-19T15:00
um 15.30 Uhr | 15.30 Uhr | time | 2024-06-19T15:30
um 9:05 | 9:05 | time | 2024-06-19T09:05
um acht Uhr | acht Uhr | time | 2024-06-19T08:00
von 15 bis 18 Uhr | 15 bis 18 Uhr | time | 2024-06-19T15:00/2024-06-19T18:00
am Abend | Abend | time | 2024-06-19TEV
"""
NOTHING = """
2000 Menschen demonstrierten.
Der Schaden beträgt 1500 Euro.
Rund 2000 kamen.
etwa 1800 Beschäftigte
mehr als 2010 Stimmen
Das Spiel endete 3:2.
nach § 2019 des Gesetzes
Artikel 1968
Rufen Sie 0471 2019 33 an.
Tel. 2014 oder 0471/2010
der Airbus A320
ein Airbus 2020
2.000 Menschen
1.990,50 Euro
1848 km
2015% mehr
$ 2019
Flug LH2019
Das Verhältnis ist 2,5 zu 3.
in Zimmer 2012
www.example.org/news/2017/05/bericht
von 2000 auf 1800 gesenkt
Version 3.10.
auf Platz 3. Danach
Konrad Sonntag lachte.
Frau Sommer sprach.
Theo Zwanziger sprach.
August Bebel sprach.
Ursula März schrieb.
die Welt am Sonntag
Der Mann ist 45 Jahre alt.
Kinder im Alter von 6 Jahren
am 31. Februar
am 45.13.2019
Guten Morgen!
Er aß Mais und Reis.
mit 50 Kilometern pro Stunde
Buch des Jahres
"""


def _rows(table: str) -> list[list[str]]:
    lines = table.replace("\\\n", "").strip().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def _one(text: str, anchor: Published | None = DAY) -> TimeMention:
    """Return the first expression; most texts have one only."""
    return read_dates(text, anchor)[0]


@pytest.mark.parametrize("row", _rows(RESOLVED), ids=lambda row: row[0])
def test_expression_with_days(row: list[str]) -> None:
    text, surface, value, *days = row
    found = _one(text)
    assert (found.surface, found.value) == (surface, value)
    assert range_of(found) == (days[0], days[-1])
    assert found.kind == ("time" if "T" in value else "date")


@pytest.mark.parametrize("row", _rows(UNRANGED), ids=lambda row: row[0])
def test_expression_without_days(row: list[str]) -> None:
    text, surface, kind, value = row
    found = _one(text)
    assert (found.surface, found.kind, found.value) == (surface, kind, value)
    assert range_of(found) is None


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_no_expression(text: str) -> None:
    assert read_dates(text, DAY) == []


@pytest.mark.parametrize(
    ("text", "value", "days"),
    [
        ("am Mittwoch", "XXXX-WXX-3", None),
        ("am kommenden Freitag", "XXXX-WXX-5", None),
        ("heute", "XXXX-XX-XX", None),
        ("gestern Abend", "XXXX-XX-XXTEV", None),
        ("nächste Woche", "XXXX-WXX", None),
        ("vor zwei Wochen", "XXXX-WXX", None),
        ("vor drei Tagen", "XXXX-XX-XX", None),
        ("am Wochenende", "XXXX-WXX-WE", None),
        ("um 15 Uhr", "XXXX-XX-XXT15:00", None),
        ("in der Nacht zum Sonntag", "XXXX-WXX-6TNI", None),
        ("im vergangenen Jahr", "2023", ("2023-01-01", "2023-12-31")),
        ("vor drei Monaten", "2024-03", ("2024-03-01", "2024-03-31")),
        ("im Mai", "2024-05", ("2024-05-01", "2024-05-31")),
        ("am 3. Mai", "2024-05-03", ("2024-05-03", "2024-05-03")),
        ("am 3. Oktober 1990", "1990-10-03", ("1990-10-03", "1990-10-03")),
    ],
)
def test_a_month_resolves_no_day(text: str, value: str, days: tuple[str, str] | None) -> None:
    found = _one(text, Published("2024-06", "month"))
    assert (found.value, range_of(found)) == (value, days)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("im Mai", "XXXX-05"),
        ("am 3. Mai", "XXXX-05-03"),
        ("im Herbst", "XXXX-FA"),
        ("im vergangenen Jahr", "XXXX"),
        ("vor drei Jahren", "XXXX"),
        ("am Mittwoch", "XXXX-WXX-3"),
    ],
)
def test_without_an_anchor(text: str, value: str) -> None:
    found = _one(text, None)
    assert (found.value, range_of(found)) == (value, None)


def test_a_year_resolves_years_only() -> None:
    anchor = Published("2024", "year")
    assert _one("im vergangenen Jahr", anchor).value == "2023"
    assert _one("im Mai", anchor).value == "XXXX-05"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-06-18T22:30:00Z", "2024-06-19"),
        ("2024-06-19T12:00:00Z", "2024-06-19"),
        ("2024-12-31T23:30:00Z", "2025-01-01"),
        ("2024-06-19T00:30:00+02:00", "2024-06-19"),
        ("2024-06-18T23:30:00-07:00", "2024-06-18"),
    ],
)
def test_a_moment_is_a_local_day(moment: str, day: str) -> None:
    assert _one("heute", Published(moment, "second")).value == day


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Am 3. Mai 2019 kam er, am Tag darauf ging er.", ["2019-05-03", "2019-05-04"]),
        ("Am 3. Mai 2019 kam er; drei Tage zuvor war Wahl.", ["2019-05-03", "2019-04-30"]),
        ("Sie siegte 2010. Im selben Jahr starb er.", ["2010", "2010"]),
        ("Sie siegte 2010. Zwei Jahre später starb er.", ["2010", "2012"]),
        ("Er kam im Mai 2019. Im Jahr darauf ging er.", ["2019-05", "2020"]),
        ("Er kam im Mai 2019 und ging drei Monate später.", ["2019-05", "2019-08"]),
        ("Er kam am Montag. Am Vortag war Wahl.", ["2024-06-17", "2024-06-16"]),
        ("Er kam am 5. Mai 2019, am selben Tag war Wahl.", ["2019-05-05", "2019-05-05"]),
        ("Er kam 2019, am Tag darauf ging er.", ["2019", "XXXX-XX-XX"]),
        ("Am Tag darauf ging er.", ["XXXX-XX-XX"]),
        ("Er kam am 5. Mai 2019. Am nächsten Tag ging er.", ["2019-05-05", "2019-05-06"]),
        ("Am nächsten Tag ging er.", ["XXXX-XX-XX"]),
        ("Er kam im März 1974 und ging im August desselben Jahres.", ["1974-03", "1974-08"]),
        ("Er kam 1974 und ging am 3. Mai des folgenden Jahres.", ["1974", "1975-05-03"]),
        ("Er kam vor drei Wochen und ging in der Woche darauf.", ["2024-W22", "2024-W23"]),
        (
            "Das Festival begann am 3. Juni. Am dritten Tag regnete es.",
            ["2024-06-03", "2024-06-05"],
        ),
        ("Start war am 3. Juni. In der zweiten Woche regnete es.", ["2024-06-03", "2024-W24"]),
        ("Er kam am 3. Juni. In der zweiten Woche regnete es.", ["2024-06-03"]),
        ("Am 5. Mai 2019 kam er, am folgenden Montag ging er.", ["2019-05-05", "2019-05-06"]),
        ("Am Samstag, 22. Juni, und Sonntag, 23. Juni", ["2024-06-22", "2024-06-23"]),
        ("Freitag, 5., und Samstag, 6. Juli", ["2024-07-05", "2024-07-06"]),
        ("Am Freitag, 5. Juli, um 20 Uhr.", ["2024-07-05", "2024-07-05T20:00"]),
        ("Bis 5. Juli täglich um 20 Uhr.", ["2024-07-05", "P1D", "2024-06-19T20:00"]),
        ("Er kommt morgen, Donnerstag, an.", ["2024-06-20", "2024-06-20"]),
        ("am 3. und 4. Mai 2019", ["2019-05-03", "2019-05-04"]),
        ("6., 7. und 8. Mai 2019", ["2019-05-06", "2019-05-07", "2019-05-08"]),
        ("im Mai und Juni 2019", ["2019-05", "2019-06"]),
        ("in den 60er und 70er Jahren", ["196", "197"]),
        ("2010, 2011 und 2012", ["2010", "2011", "2012"]),
        ("jeden Samstag und Sonntag", ["XXXX-WXX-6", "XXXX-WXX-7"]),
        ("Am Samstag wird gefeiert. Am Sonntag auch.", ["2024-06-22", "2024-06-23"]),
        ("Stand 2019\n\nMai", ["2019", "2024-05"]),
    ],
)
def test_several_expressions(text: str, values: list[str]) -> None:
    assert [found.value for found in read_dates(text, DAY)] == values


def test_an_interval_keeps_its_ends() -> None:
    found = _one("vom 3. bis 5. Mai")
    assert [(part.surface, part.value) for part in found.parts] == [
        ("3.", "2024-05-03"),
        ("5. Mai", "2024-05-05"),
    ]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("am Mittwoch", "day"),
        ("am Wochenende", "weekend"),
        ("nächste Woche", "week"),
        ("Ende Mai", "month"),
        ("im dritten Quartal", "quarter"),
        ("im ersten Halbjahr", "half"),
        ("im Sommer", "season"),
        ("vor drei Jahren", "year"),
        ("in den 90ern", "decade"),
        ("18. Jahrhundert", "century"),
        ("drei Tage lang", ""),
        ("jetzt", ""),
    ],
)
def test_precision_is_the_unit_of_the_words(text: str, precision: str) -> None:
    assert _one(text).precision == precision


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_edges_of_the_calendar(year: str) -> None:
    for text in ("gestern und morgen", "vor 40 Jahren", "nächste Woche", "im vergangenen Jahr"):
        for found in read_dates(text, Published(f"{year}-01-01", "day")):
            assert not found.first or "0001" <= found.first[:4] <= found.last[:4] <= "9999"


def test_a_strange_anchor_is_none() -> None:
    assert _one("heute", Published("2024-13-45", "day")).value == "XXXX-XX-XX"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Am Dienstagmorgen um 6 Uhr krachte es.", "2024-06-18T06:00"),
        ("Gestern Abend gegen 22.30 Uhr brannte es.", "2024-06-18T22:30"),
        ("Am Abend um 20 Uhr brannte es.", "2024-06-19T20:00"),
        ("Am Dienstagmorgen krachte es. Um 6 Uhr schlief er.", "2024-06-19T06:00"),
    ],
)
def test_an_hour_is_on_the_day_of_the_part_of_day_before_it(text: str, value: str) -> None:
    assert read_dates(text, DAY)[-1].value == value


@pytest.mark.parametrize(
    "text",
    [
        "Er ist auf Montage.",
        "Die Montage der Anlage dauert an.",
        "Bei der Montage, am Dach, half er.",
        "Für Montagen im Ausland zahlt die Firma mehr.",
        "Das Spiel endete 0:13.",
        "Von 0:13 auf 1:14 verkürzte das Team.",
        "Bis 0:13 lief alles schief, dann traf er.",
        "Sie lagen ab 10:12 vorn.",
        "Ein 2:1 (1:0) in Köln, um 3:0 ging es nie.",
        "Das Verhältnis von 1:10 ist schlecht, der Maßstab von 1:25 besser.",
        "Sie war um 1:30 Minuten schneller.",
        "AUGUST BEBEL sprach.",
        "Die SEP und die MIN der SO.",
    ],
)
def test_no_weekday_and_no_clock(text: str) -> None:
    assert read_dates(text, DAY) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("An Sonntagen ruht die Arbeit.", ["XXXX-WXX-7"]),
        ("Die Dienstage sind gut besucht.", ["XXXX-WXX-2"]),
        ("An Montagen ist geschlossen.", ["XXXX-WXX-1"]),
        ("Die Montage und Dienstage sind ruhig.", ["XXXX-WXX-1", "XXXX-WXX-2"]),
        ("am SAMSTAG", ["2024-06-15"]),
        ("AM SAMSTAG, DEM 15. JUNI 2024", ["2024-06-15"]),
        ("IM VERGANGENEN JAHR", ["2023"]),
        ("HEUTE UND GESTERN", ["2024-06-19", "2024-06-18"]),
        ("ENDE MAI", ["2024-05"]),
        ("ab 9:30 geöffnet", ["2024-06-19T09:30"]),
        ("von 9:00 bis 17:30", ["2024-06-19T09:00/2024-06-19T17:30"]),
        ("um 18:37", ["2024-06-19T18:37"]),
    ],
)
def test_days_that_come_again_capitals_and_clocks(text: str, values: list[str]) -> None:
    assert [mention.value for mention in read_dates(text, DAY)] == values
