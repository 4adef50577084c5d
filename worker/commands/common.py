"""What the commands share: settings, logging, the front door, output.

What a command needs beyond the command line itself is imported when it is run: so `--help` is
quick, and each command loads no more than its own work needs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from articles.errors import UsageError
from worker import failpoint
from worker.foreign import escaped, plain

if TYPE_CHECKING:
    from logging import LogRecord

    from rich.progress import Progress, ProgressColumn

    from depesche import Archive, Client
    from tasks.settings import Settings
    from worker.console import PlainConsole
    from worker.container import Container
    from worker.log_file import LogFile

Id = Annotated[
    str,
    typer.Argument(metavar="ARTICLE", help="Its id, the beginning of it, or the path of its file."),
]
ServicesUser = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="USER",
        envvar="DEPESCHE_SERVICES_USER",
        help="As root: whom Elasticsearch runs as. Default: a user of its own.",
    ),
]
Embargoed = Annotated[
    bool, typer.Option("--embargoed", help="What is under embargo, too: for those who may.")
]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who says so. Default: who runs this.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def example(*lines: str) -> str:
    """Return what stands below a command's help: each line a call that works as it stands."""
    calls = "\n".join(f"  depesche {line}" for line in lines)
    return f"\b\nExample:\n{calls}"


def settings_for_a_process(name: str, *, lasting: bool = True) -> Settings:
    """Settings, with logging set up as they say, each line with the process's name.

    ``lasting``: it runs for long; what ends soon talks to whoever started it, and to no file.
    """
    from tasks.settings import read_settings
    from worker import lean, logs
    from worker.processes.parent import end_with_supervisor

    lean.collect_as_usual()
    settings = read_settings()
    file = _log_file(settings) if lasting else None
    logs.configure(settings.log_level, settings.log_json, name, file)
    end_with_supervisor()
    return settings


def _log_file(settings: Settings) -> LogFile | None:
    """Raises ``UsageError`` for an unfit place, but where `up` has begun: it is said then."""
    from worker.log_file import LogFile
    from worker.processes.parent import is_supervised

    if not settings.log_file:
        return None
    file = LogFile(settings.log_file, settings.data)
    if not is_supervised():
        with suppress(OSError):  # it is told of where the first line is written
            os.close(file.begun())
    return file


def container() -> Container:
    """The parts, for a command that ends soon; only warnings are logged."""
    from tasks.settings import read_settings
    from worker import logs
    from worker.container import Container

    failpoint.arm(os.environ)
    settings = read_settings()
    logs.configure("WARNING", settings.log_json)
    return Container(settings, make_folders=False)


def reading() -> Container:
    """The parts, for a command that only looks: nothing of the project logs there."""
    from worker.container import Container

    return Container(_settings_to_read(), make_folders=False)


def archive(*, embargoed: bool = False) -> Archive:
    """The archive, for a command that searches or reads; ``embargoed``: what is held, too."""
    from depesche.archive import Archive
    from worker import lean

    lean.import_elasticsearch()
    return Archive.of(_settings_to_read(), embargoed=embargoed)


def client() -> Client:
    """The client, for a command that ingests."""
    from depesche.client import Client

    return Client(container().settings)


def _settings_to_read() -> Settings:
    """Settings, with the warnings of libraries on standard error; structlog is not loaded."""
    from tasks.settings import read_settings

    settings = read_settings()
    if settings.log_json:
        from worker import logs

        logs.configure("WARNING", as_json=True)
    else:
        import logging

        handler = logging.StreamHandler()
        handler.addFilter(_shown)  # Elasticsearch's warnings are foreign text, too
        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", handlers=[handler])
        logging.captureWarnings(True)
        for noisy in ("elastic_transport", "elasticsearch"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
    return settings


def _shown(record: LogRecord) -> bool:
    record.msg, record.args = plain(record.getMessage()), ()
    return True


def print_json(content: Any) -> None:
    """Print for programs: one JSON value on standard output, without controls for terminals."""
    sys.stdout.write(escaped(json.dumps(content, ensure_ascii=False, indent=2)) + "\n")


def identify(where: Archive, text: str) -> str:
    """Return the id of the article that is meant; a path may also be one of a file on the disk.

    Raises :class:`UsageError` as ``Archive.identify``, also for one that is kept from readers.
    """
    text = below_inbox(text)
    try:
        return where.identify(text)
    except UsageError:
        if until := where.embargo(text):
            shows = f"`depesche show {text} --embargoed` shows it"
            raise UsageError(f"{text} is embargoed until {until}: {shows}.") from None
        raise


def below_inbox(text: str) -> str:
    """A path of a file on the disk as that below the inbox; whatever else it is, as it is.

    As documents have paths: what a shell completes may be any bytes.
    """
    if "/" not in text and text.isprintable():
        return text
    from extraction.formats.identity import printable_path
    from tasks.settings import read_settings

    data, full = read_settings().data, Path(os.path.abspath(text))  # noqa: PTH100 -- `..` too
    folders = [data / name for name in ("archive", "inbox", "failed")]
    below = [full.relative_to(folder) for folder in folders if full.is_relative_to(folder)]
    below += _in_mirrors(data, full)
    printable = printable_path(str(below[0]) if below else text)
    # A person may have it from us; backslashes alone are no reason to write it once more.
    return text if not below and printable == text.replace("\\", "\\\\") else printable


def _in_mirrors(data: Path, file: Path) -> Iterator[Path]:
    """The path by which documents know a file of a mirror's tree; in a planted folder none is."""
    from tasks.real_path import real_path
    from worker.folders import Folders
    from worker.mirror.mirrors import Mirrors

    with suppress(UsageError):  # the command may need none, or says so where it does
        for mirror, root in Mirrors(Folders(data).trusted()).roots():
            for known in (file, real_path(file)):
                if known.is_relative_to(root):
                    yield mirror.name / known.relative_to(root)


def origin(id_: str, agency: Iterable[str], path: str, url: str = "") -> str:
    """Where an article is from, on one line: ``t-1f0c…  dpa/afp  taz/a.txt  https://…``."""
    return plain("  ".join(part for part in (id_, "/".join(agency), path, url) if part))


def who() -> str:
    """Who runs this."""
    import getpass

    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, in a container
        return f"uid {os.geteuid()}"


def out() -> PlainConsole:
    """Standard output for people."""
    from worker.console import PlainConsole
    from worker.piped import options

    return PlainConsole(**options(sys.stdout))


def say(sentences: Iterable[str]) -> None:
    """Tell a person something on standard error, a line each."""
    for sentence in sentences:
        err().one_line(f"depesche: {sentence}")


def confirm(question: str, what: str) -> None:
    """Go on only where a person says so; where nobody can be asked, the option ``--yes`` has to.

    ``what`` is half a sentence: what is done then.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"{what}: say so with --yes.")
    err().print(f"{question} [y/N] ", end="")
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "j", "ja"}:
        raise typer.Exit(1)


def bars(*columns: ProgressColumn) -> Progress:
    """Progress on a terminal, gone when it ends; standard error that goes elsewhere has none."""
    from rich.progress import Progress

    console = err()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def err() -> PlainConsole:
    """Standard error for people."""
    from worker.console import PlainConsole
    from worker.piped import options

    return PlainConsole(**options(sys.stderr))
