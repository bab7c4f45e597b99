"""What an office's HTTP answer means to the operator, said without a value of it.

Neither a body nor a URL is quoted: bodies hold people, and so may a cursor or the link to the next page.
"""

from __future__ import annotations

import re
import ssl

import httpx

from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError

_WAIT = "It is tried again; if it stays so, ask the agency whether its interface is running."
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_STATUS = {
    401: (
        "It does not accept our credentials (401).",
        "Ask the agency whether our account is in order, and correct the connection.",
    ),
    403: ("Our account may not do this (403).", "Ask the agency to grant it to our account."),
    404: (
        "It has nothing under the agreed path (404).",
        "Compare the connection's base and the mapping's path with the agency's documentation.",
    ),
    410: (
        "The agency has withdrawn this path for good (410).",
        "Ask the agency what replaces it, and correct the mapping's path.",
    ),
    413: ("The batch is too large for it (413).", "Set a smaller options.batch_rows in the delivery."),
}


class Silence(Exception):  # noqa: N818 - no error yet: the office may have heard us all the same
    """An exchange that ended without an answer."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def unreachable(office: str, feed: str, reason: str, remedy: str = _WAIT) -> UnreachableError:
    """The error of an office that may answer later."""
    return UnreachableError(office, feed, reason, remedy)


def unusable(office: str, feed: str, reason: str, remedy: str) -> UnusableFeedError:
    """The error of an office that answers otherwise than agreed."""
    return UnusableFeedError(office, feed, reason, remedy)


def of_status(office: str, feed: str, status: int) -> UnusableFeedError:
    """The error of an answer that says no, and will say so again."""
    fallback = (
        f"It refuses the request ({status}).",
        "Compare the mapping's path, parameters and paging with the agency's documentation.",
    )
    return unusable(office, feed, *_STATUS.get(status, fallback))


def of_transport(office: str, feed: str, error: httpx.HTTPError) -> FeedError | Silence:
    """What a failed exchange was: a certificate not trusted is for people, the rest for another try."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return unusable(
            office,
            feed,
            f"Its certificate is not trusted ({cause.verify_code}).",
            "Set the connection's ca to the agency's authority; see that the certificate names this host.",
        )
    # Its reason is OpenSSL's own constant.
    if isinstance(cause, ssl.SSLError) and "ALERT" in (cause.reason or ""):
        return unusable(
            office,
            feed,
            f"It refuses the TLS connection ({cause.reason}).",
            "Ask the agency whether it knows our client certificate and whether that is still valid.",
        )
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)):
        return unusable(office, feed, "The request cannot be made.", "Correct the connection's URL.")
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        return Silence(f"It cannot be connected to ({type(error).__name__}).")
    kind = "in time" if isinstance(error, httpx.TimeoutException) else "to the end"
    return Silence(f"It did not answer {kind} ({type(error).__name__}).")


def media_type(header: str | None) -> str:
    """The media type of a Content-Type header in lower case; empty where it has none that can be shown."""
    found = _TYPE.fullmatch((header or "").partition(";")[0].strip().lower())
    return found.group() if found else ""
