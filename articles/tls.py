"""TLS with a service: what it is spoken with, and which setting an error of it is about."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass

#: What OpenSSL says where the other side answers in clear.
_CLEAR = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
#: The alerts of a server that wants another certificate of ours, or one at all.
_OURS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "HANDSHAKE_FAILURE",
    "UNKNOWN_CA",
    "CERTIFICATE_UNKNOWN",
    "CERTIFICATE_EXPIRED",
    "ACCESS_DENIED",
)


@dataclass(frozen=True, slots=True)
class Tls:
    """What a service's certificate is checked with, and the certificate of this program.

    Each is the path of a file in PEM form; without ``ca`` the system's are trusted.
    """

    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    verify: bool = True
    check_hostname: bool = True


def fault_of_tls(errors: Iterable[BaseException], prefix: str, clear: str) -> str:
    """What a person must set right, from an error and its causes; empty where none is of TLS.

    ``prefix`` begins the names of the settings, ``clear`` the addresses that speak no TLS.
    """
    for error in errors:
        if isinstance(error, ssl.SSLCertVerificationError):
            return _untrusted(error, prefix)
        if isinstance(error, ssl.SSLError) and error.reason:
            return _refused(error.reason, prefix, clear)
    return ""


def _untrusted(error: ssl.SSLCertVerificationError, prefix: str) -> str:
    reason = error.verify_message or str(error)
    if "mismatch" in reason or "not valid for" in reason:
        return f"its certificate is for another host ({reason}): mend the host in {prefix}_URL"
    if "expired" in reason or "not yet valid" in reason:
        return f"its {reason}"
    return f"its certificate is not trusted ({reason}): name the file of its CA in {prefix}_CA"


def _refused(reason: str, prefix: str, clear: str) -> str:
    if any(words in reason for words in _CLEAR):
        return f"it speaks no TLS: {prefix}_URL must begin with {clear}"
    said = reason.lower().replace("_", " ")
    if any(words in reason for words in _OURS):
        return f"it wants a certificate of ours ({said}): set {prefix}_CERT and {prefix}_KEY"
    return f"TLS with it fails: {said}"
