"""Every error that Depesche raises on purpose. The class decides what happens next.

    DepescheError
    ├── ArticleFault        the article is at fault: it goes to ``failed/`` with a reason,
    │   │                   its neighbours go on
    │   ├── Unreadable      its bytes are no article (empty, binary, too large …)
    │   ├── Rejected        Elasticsearch refuses this one document
    │   └── TooSlow         to read it takes longer than an article may
    ├── ServiceUnavailable         Elasticsearch or Redis cannot take work now: nothing is lost,
    │   │                   the work stays where it is; a message goes out again
    │   ├── StillLoading    it has begun, and reads its data
    │   ├── Refused         it answers, and does not do what it is asked
    │   │   ├── TooLarge    its answer would take more memory than any may
    │   │   └── WrongType   another program has put something else in the place of a key
    │   └── MessageLost     Redis has lost what a program sent: the program sends it again
    └── UsageError              a person asked for something that cannot be: exit code 2 and
                            a sentence that says what to do

Anything else that is raised is a bug and is loud.
"""

from __future__ import annotations


class DepescheError(Exception):
    """The root; never raised itself."""


class ArticleFault(DepescheError):
    """One article cannot go on.

    ``reason`` says what is wrong, ``advice`` what a person can do about it.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice

    def __reduce__(self) -> tuple[type[ArticleFault], tuple[str, str]]:
        return type(self), (self.reason, self.advice)


class Unreadable(ArticleFault):
    """The bytes of a file are not an article."""


class Rejected(ArticleFault):
    """Elasticsearch takes other documents, but not this one."""


class TooSlow(ArticleFault):
    """Reading an article was given up."""


class ServiceUnavailable(DepescheError):
    """A service does not answer or takes no writes at present; wait, do not hammer.

    ``state``: what it is, in a word, for `status`.
    """

    state = "away"


class NotNow(ServiceUnavailable):
    """It may be so with any request: it tells nothing of what was asked for."""


class StillLoading(ServiceUnavailable):
    """A service has begun and reads its data; nobody can do anything but wait."""

    state = "loading"


class Refused(ServiceUnavailable):
    """A service answers and does not do what it is asked."""

    state = "refuses"


class TooLarge(Refused):
    """What is asked for is too much for one answer, as another program has written it."""


class WrongType(Refused):
    """Another program has written a key of another type where one of ours is to be."""


class MessageLost(ServiceUnavailable):
    """No worker has answered, and Redis holds the message no more."""


class UsageError(DepescheError):
    """The caller asked for something that cannot be done as asked."""


class SeveralMeant(UsageError):
    """What the caller named means more than one article."""
