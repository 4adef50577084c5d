"""What documents of older mapping versions lack and newer ones hold, made of what they have.

A script that Elasticsearch runs on each document that a migration copies; run again on what it
has made it changes nothing.
"""

from __future__ import annotations

from typing import Any

from indexing.index import foreign

#: Version 3: days by the calendar of the place. Before, times were kept in UTC and their place was
#: forgotten, so that of the setting counts. A date is doubted as ``extraction.formats.published``
#: doubts it.
_DATES = """
if (article.published_day == null && article.date_problem == null) {
  if (article.published == null) {
    article.date_problem = 'missing';
    if (article.source != null && article.source.warnings != null) {
      for (def warning : article.source.warnings) {
        if (warning.startsWith('The date ')) { article.date_problem = 'unreadable'; }
      }
    }
  } else {
    String value = article.published;
    if (article.published_precision == 'second' && value.endsWith('Z')) {
      ZonedDateTime local = ZonedDateTime.parse(value).withZoneSameInstant(ZoneId.of(params.zone));
      int minutes = (int) Math.floor(local.getOffset().getTotalSeconds() / 60.0);
      OffsetDateTime written = OffsetDateTime.ofInstant(
        local.toInstant(), ZoneOffset.ofTotalSeconds(minutes * 60)
      );
      value = written.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx"));
      article.published = value;
      String wall = value.substring(0, 19);
      article.published_range = ['gte': wall, 'lte': wall];
    }
    String day = value.length() < 10 ? value + '-01-01'.substring(value.length() - 4) : value;
    LocalDate first = LocalDate.parse(day.substring(0, 10));
    LocalDate came = article.received_at == null
      ? LocalDate.MAX : LocalDate.parse(article.received_at.substring(0, 10));
    if (first.minusDays(params.ahead).isAfter(came)) {
      article.date_problem = 'future';
    } else if (first.getYear() < params.earliest) {
      article.date_problem = 'past';
    } else {
      article.published_day = value.length() > 10 ? value.substring(0, 10) : value;
    }
  }
}
"""
#: Version 3, too: what is not German stands once more under its language.
_LANGUAGES = """
String language = article.language == null ? '' : article.language;
if (!params.german.contains(language) && article.foreign == null) {
  List texts = new ArrayList();
  for (String name : params.texts) {
    String text = article[name];
    if (text != null && text.length() > 0 && text.length() <= params.longest) { texts.add(text); }
  }
  if (texts.size() > 0) {
    article.foreign = [(params.own.contains(language) ? language : params.other): texts];
  }
}
"""
#: Version 3, too: where it stands among all articles, dated or not; behind the dates above.
_SHOWN = """
if (article.shown_at == null) {
  article.shown_at = article.published_day != null ? article.published : article.received_at;
}
"""
#: One above the highest is below zero, and cannot be given to a copy: that begins anew, whatever
#: was copied before. Who may write documents may give one the highest.
_VERSION = "if (ctx._version < 0) { ctx._version = null; }"
#: Days that a date may lie after the day on which its file came; the year of the first newspaper.
_AHEAD, _EARLIEST = 31, 1605


def script(zone: str) -> dict[str, Any]:
    """Return the script of a ``reindex``; ``zone`` is the name of a time zone (IANA)."""
    params = {"zone": zone, "ahead": _AHEAD, "earliest": _EARLIEST, **foreign.BY_LANGUAGE}
    dates = _or(_DATES, "article.date_problem = 'unreadable';")
    languages = _or(_LANGUAGES, "article.remove('foreign');")
    source = f"{_VERSION} Map article = ctx._source;{dates}{_SHOWN}{languages}"
    return {"lang": "painless", "source": source, "params": params}


def _or(part: str, otherwise: str) -> str:
    """Others may have written values of any type: no document of theirs ends the copying."""
    return f"\ntry {{{part}}} catch (Exception another) {{ {otherwise} }}\n"
