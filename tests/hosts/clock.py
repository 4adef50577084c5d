"""The clock of one host, off by some seconds: what its processes are told of the time of day.

`faketime` is not used: it takes deadlines of the clock that nobody sets for some of the one that it
fakes, so that Python's `sleep` fails. Times of files stay those of the kernel.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *at) {
    static int (*genuine)(clockid_t, struct timespec *);
    if (!genuine) genuine = dlsym(RTLD_NEXT, "clock_gettime");
    int answer = genuine(which, at);
    if (!answer && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        at->tv_sec += atol(getenv("CLOCK_IS_OFF_BY"));
    return answer;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    int answer = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return answer;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
"""


def off(by: int, folder: Path) -> dict[str, str]:
    """The environment of a process whose clock is off by so many seconds; none for zero."""
    if not by:
        return {}
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("no compiler to make another clock with")
    library = folder / "clock.so"
    if not library.exists():
        source = folder / "clock.c"
        source.write_text(_SOURCE)
        subprocess.run([compiler, "-shared", "-fPIC", source, "-o", library, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "CLOCK_IS_OFF_BY": str(by)}
