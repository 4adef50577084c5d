"""The files that TLS needs, tried before any server is: what is wrong with them names a setting."""

from __future__ import annotations

import ssl
from pathlib import Path

from articles.errors import UsageError
from articles.tls import Tls


def checked(tls: Tls, prefix: str) -> Tls:
    """``tls``, if its files can be used.

    :class:`UsageError` names the setting, ``<prefix>_CA``, ``_CERT`` or ``_KEY``. A key with a
    passphrase cannot be used: nobody is there to type it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if tls.ca:
        _readable(tls.ca, f"{prefix}_CA")
        try:
            context.load_verify_locations(tls.ca)
        except (ssl.SSLError, ValueError):
            raise UsageError(f"{prefix}_CA: {tls.ca} holds no certificate in PEM form.") from None
    if tls.cert:
        _load_own(context, tls.cert, tls.key, prefix)
    elif tls.key:
        raise UsageError(f"{prefix}_KEY is set, and {prefix}_CERT, which it belongs to, is not.")
    return tls


def _load_own(context: ssl.SSLContext, cert: str, key: str | None, prefix: str) -> None:
    _readable(cert, f"{prefix}_CERT")
    if key:
        _readable(key, f"{prefix}_KEY")
    try:
        context.load_cert_chain(cert, key, password="")
    except (ssl.SSLError, ValueError) as error:
        which = f"{prefix}_CERT ({cert})" + (f" and {prefix}_KEY ({key})" if key else "")
        reason = getattr(error, "reason", None) or error
        raise UsageError(
            f"{which}: no certificate with its key in PEM form, without a passphrase: {reason}."
        ) from None


def _readable(path: str, name: str) -> None:
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise UsageError(f"{name}: {path} cannot be read: {error.strerror}.") from None
