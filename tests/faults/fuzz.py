"""Files of every kind with seeded faults in them, read as intake reads them: each comes to an end.

``python -m tests.faults.fuzz --seed 7 --minutes 5 tabelle outlook`` mutates the samples of those
names (all, without any). What it finds lies in ``--work``: the file that did it, and what it did.
"""

from __future__ import annotations

import argparse
import bz2
import faulthandler
import gzip
import io
import json
import lzma
import random
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

from articles.errors import ArticleFault
from extraction.confined.limits import Limits as ReaderLimits
from extraction.containers.member import HEAD, TAIL, Limits, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.formats.identity import document_key, printable_path
from extraction.formats.parse import parse
from tests.unit.extraction.documents.made_xls import xls

T = TypeVar("T")

SEEDS = Path(__file__).parents[2] / "seeds" / "formats"
RECEIVED = datetime(2024, 6, 22, 12, tzinfo=UTC)
#: Seconds of computing that a file may take, and how often as many of waiting; bytes of memory.
SLOW, WAITS, MEMORY = 20, 20, 4 << 30
#: What has grown beyond so many bytes is cut.
LARGEST = 1 << 20
READER = ReaderLimits(seconds=5, memory=512 << 20, unpacked=64 << 20)
#: How often a file is cut off, and how often what is packed is changed inside.
CUT_OFF, INSIDE = 0.1, 0.7
NESTING, MOST_MEMBERS = 3, 500
WORDS = (
    *(
        b"\x00",
        b"\xff",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"\x00\x00\x00\x80",
        b"\n",
        b"\r",
    ),
    *(b"0", b"-1", b"99999999999999999999", b"1e999", b"<", b">", b"&", b"]]>", b"<![CDATA[", b'"'),
    *(
        b"{",
        b"[",
        b"}",
        b"\\",
        b"%",
        b"../",
        b"\x01",
        b"\x02",
        b"--",
        b"Content-Type: ",
        b"=?utf-8?q?",
    ),
    *(
        "\ud7ff".encode(),
        "\U0010ffff".encode(),
        b"\xed\xa0\x80",
        b"\xc3",
        b"\xe2\x80\xae",
        b";",
        b",",
    ),
    *(b"NaN", b"Infinity", b"9999-12-31T23:59:59+23:59", b"0000-00-00", b"24:60", b"Sperrfrist: "),
)


class Hung(BaseException):
    """A file took too long."""


def samples(names: Sequence[str]) -> dict[str, bytes]:
    """The corpus: one of every format, and an old workbook."""
    known = {path.name: path.read_bytes() for path in sorted(SEEDS.iterdir()) if path.is_file()}
    known["alt.xls"] = xls([["Titel", "Text"], ["Neue Brücke", "Der Rat hat es beschlossen."]])
    return {
        name: data for name, data in known.items() if not names or any(n in name for n in names)
    }


def mutated(rng: random.Random, name: str, data: bytes, others: Sequence[bytes]) -> bytes:
    """Some faults in a file; in what is packed mostly in what is inside, packed anew."""
    if rng.random() < INSIDE:
        for opens, packs in ((gzip.decompress, gzip.compress), (bz2.decompress, bz2.compress)):
            inside = _or_none(opens, data)
            if inside is not None:
                return packs(mutated(rng, name, inside, others))
        if data.startswith(b"\xfd7zXZ") and (inside := _or_none(lzma.decompress, data)) is not None:
            return lzma.compress(mutated(rng, name, inside, others))
        if data.startswith(b"PK") and (whole := _or_none(_unzipped, data)):
            return _zipped({**whole, **_one_changed(rng, whole, others)})
    for _ in range(rng.choice((1, 1, 2, 4, 8, 32))):
        data = _changed(rng, data, others)[:LARGEST]
    return data


def _one_changed(
    rng: random.Random, files: Mapping[str, bytes], others: Sequence[bytes]
) -> dict[str, bytes]:
    name = rng.choice(sorted(files))
    return {name: mutated(rng, name, files[name], others)}


def _unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {each.filename: zipped.read(each) for each in zipped.infolist()}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            plain = zipfile.ZIP_STORED if name == "mimetype" else None
            zipped.writestr(name, data, plain)
    return stream.getvalue()


def _or_none(read: Callable[[bytes], T], data: bytes) -> T | None:
    try:
        return read(data)
    except Exception:  # noqa: BLE001  (whatever it is, it is not packed so)
        return None


Fault = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _bit(rng: random.Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return bytes([data[0] ^ 1 << rng.randrange(8)]) + data[1:] if data else b"\x00"


def _of_another(rng: random.Random, _data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    begins = rng.randrange(len(other) + 1)
    return other[begins : begins + rng.choice((4, 64, 4_000))]


#: What may come in the place of a stretch of bytes.
FAULTS: tuple[Fault, ...] = (
    _bit,
    _of_another,
    lambda rng, data, others: b"",
    lambda rng, data, others: data * rng.choice((2, 3, 50, 3_000)),
    lambda rng, data, others: data + rng.choice(WORDS) * rng.choice((1, 1, 3, 300, 20_000)),
    lambda rng, data, others: rng.randbytes(len(data)),
    lambda rng, data, others: data[::-1],
    lambda rng, data, others: rng.choice(WORDS),
)


def _changed(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 2, 4, 16, 200, 2_000)))
    if rng.random() < CUT_OFF:
        return data[:at]
    return data[:at] + rng.choice(FAULTS)(rng, data[at:end], others) + data[end:]


def ends(name: str, data: bytes, depth: int = 0) -> Iterator[str]:
    """How a file ends, and each member of it. Raises what is no fault of a file's."""
    try:
        kind = kind_of(Sample(name, data[:HEAD], data[-TAIL:], lambda most: data[:most]))
        if kind is None:
            yield _read(name, data)
            return
        opened = Opened(name, io.BufferedReader(io.BytesIO(data)), Limits(reader=READER))
        for number, member in enumerate(kind.members(opened)):
            if number >= MOST_MEMBERS or depth >= NESTING:
                break
            assert not member.name.startswith(("/", "../")), member.name
            assert "/../" not in member.name, member.name
            if member.data and not member.fault:
                yield from ends(f"{name}/{member.name}", member.data, depth + 1)
        yield "unpacked"
    except ArticleFault as fault:
        if not fault.reason.strip():
            raise AssertionError("a failure without a reason") from fault
        yield f"failed {type(fault).__name__}"


def _read(name: str, data: bytes) -> str:
    article = parse(data, printable_path(name), received=RECEIVED, limits=READER)
    assert article.headline.strip(), "an article without a headline"
    assert document_key(source_id=article.key), "no key"
    json.dumps([article.headline, article.body, *article.source.warnings]).encode()
    article.body.encode()
    return "indexed"


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise ``Hung`` after so much computing; what does not come back from C at all ends us."""

    def ring(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Hung

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    faulthandler.dump_traceback_later(WAITS * seconds, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def main(arguments: Sequence[str] | None = None) -> int:
    """Mutate and read for some minutes; exit status 1 where any file did what none may do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--work", type=Path, default=Path("fuzz"))
    chosen = parser.parse_args(arguments)
    chosen.work.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    known, others = samples(chosen.names), list(samples(()).values())
    rng, told, found = random.Random(chosen.seed), Counter[str](), Counter[str]()
    until = time.monotonic() + 60 * chosen.minutes
    while time.monotonic() < until:
        name = rng.choice(list(known))
        data = mutated(rng, name, known[name], others)
        (chosen.work / f"last-{name}").write_bytes(data)  # of what ends this process
        begun = time.process_time()
        try:
            with within(SLOW):
                told.update(ends(name, data))
        except BaseException as crash:
            if isinstance(crash, KeyboardInterrupt):
                raise
            place = traceback.extract_tb(crash.__traceback__)[-1]
            what = f"{type(crash).__name__} {Path(place.filename).name}:{place.lineno} {name}"
            if not found[what]:
                number = len(found)
                (chosen.work / f"found-{number}-{name}").write_bytes(data)
                (chosen.work / f"found-{number}.txt").write_text(traceback.format_exc())
            found[what] += 1
        (chosen.work / f"last-{name}").unlink()
        if (seconds := time.process_time() - begun) > SLOW / 4:
            print(f"slow: {seconds:.1f} s {name} {len(data):,} bytes", flush=True)
    print(f"seed {chosen.seed}: {dict(told.most_common())}")
    for what, times in found.most_common():
        print(f"FOUND {times}x {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
