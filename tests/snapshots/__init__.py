"""What the sample articles yield and what the index is, by version: no change without a new one.

``extraction.json`` holds what ends in the documents of ``seeds/articles``, and the quotes of the
gold names, whose mentions are given there, so that no model is needed for them.

``versions.json`` holds for every version a fingerprint: of that content by the pipeline's version
(the model's and ``EXTRACTION_VERSION``), and of the mapping by ``MAPPING_VERSION``. Entries are
only ever added: an archive that was enriched under a version is enriched again when the version
changes, and never otherwise. ``python -m tests.snapshots`` writes both files.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from articles.article import Quote
from benchmarks import gold_names, names
from benchmarks.samples import samples, text_of
from extraction.quotes import read_quotes
from extraction.tagging import pipeline
from indexing.index import mapping
from indexing.writing.document import enrichment_fields, to_document

FOLDER = Path(__file__).parent
CONTENT, VERSIONS = FOLDER / "extraction.json", FOLDER / "versions.json"
KINDS = {"extraction": "EXTRACTION_VERSION", "mapping": "MAPPING_VERSION"}
#: Too long to read in a diff, and any other value in them is another altogether.
_HASHED = ("lead", "body", "signature", "minhash")
_OF_THE_RUN = ("received_at", "shown_at", "indexed_at", "enrichment")

Content = dict[str, dict[str, Any]]
#: kind -> version -> fingerprint, oldest first
Versions = dict[str, dict[str, str]]


def content() -> tuple[str, Content]:
    """Return the pipeline's version, and by sample what ends in its document, readably."""
    nlp, articles = pipeline.load(), samples()
    enriched = pipeline.read(nlp, map(text_of, articles.values()))
    read = {
        name: _readable(to_document(article, "", "") | enrichment_fields(enrichment, "", ""))
        for (name, article), enrichment in zip(articles.items(), enriched, strict=True)
    }
    quoted = {gold_key(article): gold_quotes(article) for article in gold_articles()}
    return pipeline.version(nlp), read | quoted


def gold_articles() -> list[gold_names.GoldArticle]:
    """Return the articles of the gold names."""
    return [article for part in names.PARTS for article in gold_names.articles(part)]


def gold_key(article: gold_names.GoldArticle) -> str:
    """Return what the article is called beside the samples."""
    return f"gold: {article.key}"


def gold_quotes(article: gold_names.GoldArticle) -> dict[str, Any]:
    """Return the quotes of an article with given mentions, a line each."""
    read = read_quotes(article.texts, names.given(article))
    kept = [{f.name: getattr(quote, f.name) for f in fields(Quote)} for quote in read]
    return {"quotes": _shown(kept)}


def _readable(document: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: _shown(value) for name, value in document.items() if name not in _OF_THE_RUN}
    hashed = {name: fingerprint(shown[name]) for name in _HASHED if name in shown}
    return dict(sorted((shown | hashed | {"parts": " ".join(shown["parts"])}).items()))


def _shown(value: Any) -> Any:
    """Return each record of a list as one line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [", ".join(f"{k}: {v}" for k, v in row.items() if v != "") for row in value]
    return value


def fingerprint(value: Any) -> str:
    """Return a hash over plain data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def current(version: str, read: Content) -> dict[str, tuple[str, str]]:
    """Return for each kind the version that the code names now, and its fingerprint."""
    return {
        "extraction": (version, fingerprint(read)),
        "mapping": (str(mapping.MAPPING_VERSION), mapping.fingerprint()),
    }


def recorded() -> Versions:
    """Return the fingerprints of all versions."""
    versions: Versions = json.loads(VERSIONS.read_text("utf-8"))
    return versions


def fault(kind: str, version: str, present: str, versions: Versions) -> str:
    """Return what is wrong with a kind, and what to do about it; nothing if all is well."""
    known = versions.get(kind, {})
    if version not in known:
        return f"{kind} {version} has no snapshot yet: run `python -m tests.snapshots`."
    if known[version] != present:
        return (
            f"{kind} changed under the version {version}, and archives would stay as they are. "
            f"Raise {KINDS[kind]}, then run `python -m tests.snapshots` and commit what it writes."
        )
    if [*known][-1] != version:
        return f"{kind} {version} is older than {[*known][-1]}: {KINDS[kind]} never goes back."
    return ""


def differences(old: Content, new: Content) -> list[str]:
    """Return ``sample: fields`` for each sample that reads differently."""
    told = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, {}), new.get(name, {})
        changed = [f for f in sorted(before | after) if before.get(f) != after.get(f)]
        if changed:
            told.append(f"{name}: {', '.join(changed)}")
    return told


def overwritten(repository: Path, versions: Versions) -> list[str]:
    """Return the versions that a tag of the repository holds with another fingerprint, or that
    are gone.

    Raises ``OSError`` or ``CalledProcessError`` where there is no git or no repository.
    """
    told = []
    for tag in _git(repository, "tag", "--list").split():
        for kind, known in _at(repository, tag).items():
            for version, old in known.items():
                if versions.get(kind, {}).get(version) != old:
                    told.append(f"{kind} {version} was released with {tag}")
    return told


def _at(repository: Path, tag: str) -> Versions:
    """Return the versions as the tag holds them: none before there were any."""
    name = "tests/snapshots/versions.json"
    if not _git(repository, "ls-tree", "--name-only", tag, "--", name).strip():
        return {}
    versions: Versions = json.loads(_git(repository, "show", f"{tag}:{name}"))
    return versions


def _git(repository: Path, *words: str) -> str:
    command = ["git", "-C", str(repository), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
