"""Which of a driver's errors are worth another try, said without a value of the data.

Driver texts quote values (`invalid input syntax … "31-02-1999"`), so none of them is passed on: only the
error's code, and the name of a column or table where it is one of the query's own.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pyarrow as pa
from adbc_driver_manager import Error as AdbcError
from adbc_driver_manager import OperationalError as AdbcOperationalError
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError

# SQLSTATE: connection lost, server stopping, out of resources, login refused, lock or statement time-out.
_TRY_AGAIN_STATES = ("08", "57", "53", "28", "40", "55P03", "58")
# MariaDB: not there, gone, lost, too many, refused, shutting down, killed, interrupted, timed out, locked.
_TRY_AGAIN_CODES = {1040, 1045, 1053, 1205, 1213, 1317, 1927, 1969, 2002, 2003, 2006, 2013, 2055}
_TRY_AGAIN_TEXTS = ("unable to open", "failed to open", "locked", "busy", "disk i/o error")
# What the drivers say of a server without TLS, or with a certificate that is not what was agreed.
_UNVERIFIED = (
    "certificate verify failed",
    "does not support ssl",
    "doesn't support it",
    "root certificate file",
    "does not match host name",
    "hostname mismatch",
    "ssl is required",
)
_MISSING = re.compile(
    r"(?:column|relation) \"?([\w.$]+)\"? does not exist|Unknown column '([\w.$]+)'|Table '([\w.$]+)' doesn't"
    r"|no such (?:column|table): \"?([\w.$]+)"
)
_GONE_STATES, _GONE_CODES = {"42703", "42P01"}, {1054, 1146}
_DENIED_STATES, _DENIED_CODES = {"42501"}, {1044, 1142, 1143}


@contextmanager
def translated(office: str, feed: str) -> Iterator[None]:
    """Raise what a database driver raises as a `FeedError` of this office and feed."""
    try:
        yield
    except FeedError:
        raise
    except NoSuchModuleError:
        raise UnusableFeedError(
            office,
            feed,
            "The connection's URL names a database driver that is not installed.",
            "Install the driver's SQLAlchemy dialect, or correct the URL.",
        ) from None
    except (DBAPIError, AdbcError, psycopg.Error, sqlite3.Error) as error:
        raise _of_driver(office, feed, error) from None
    except (SQLAlchemyError, pa.ArrowException, UnicodeError) as error:
        raise UnusableFeedError(
            office,
            feed,
            f"The answer could not be read ({type(error).__name__}).",
            "Run `jendela source check`; if the table changed, correct the mapping's query.",
        ) from None
    except OSError as error:
        raise unreachable(office, feed, type(error).__name__) from None


def unreachable(office: str, feed: str, code: str) -> UnreachableError:
    """The error of a database that does not answer."""
    return UnreachableError(
        office,
        feed,
        f"The database does not answer ({code}).",
        "It is tried again; if it stays so, ask the agency whether its server and our account are in order.",
    )


def _of_driver(office: str, feed: str, error: Exception) -> FeedError:
    original: Any = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = str(getattr(original, "sqlstate", None) or "")
    number = original.args[0] if original.args and isinstance(original.args[0], int) else None
    text = str(original)
    code = state or (str(number) if number else type(original).__name__)
    found = _MISSING.search(text)
    named = next((group for group in found.groups() if group), "") if found else ""
    if named or state in _GONE_STATES or number in _GONE_CODES:
        what = (
            f"{named!r}, which the feed's query names," if named else "A column or table of the feed's query"
        )
        return UnusableFeedError(
            office,
            feed,
            f"{what} is not there any more ({code}).",
            "Ask the agency what it was renamed to, and correct the query and columns of the mapping.",
        )
    if not state and any(part in text.lower() for part in _UNVERIFIED):
        return UnusableFeedError(
            office,
            feed,
            "The server's TLS is not as demanded: it has none, or its certificate is not verified.",
            "Ask the agency to switch TLS on, and for its authority's certificate; name that in the URL "
            "(docs/reference/mapping.md, SQL across a network).",
        )
    if state in _DENIED_STATES or number in _DENIED_CODES:
        return UnusableFeedError(
            office,
            feed,
            f"Our account may not do this ({code}).",
            "Ask the agency to grant it (SELECT for a feed; SELECT and INSERT for an inbox).",
        )
    lost = (
        state.startswith(_TRY_AGAIN_STATES)
        or number in _TRY_AGAIN_CODES
        or (not state and any(part in text.lower() for part in _TRY_AGAIN_TEXTS))
        or (not state and not isinstance(original, sqlite3.Error) and _lost(original, number))
    )
    if lost:
        return unreachable(office, feed, code)
    if any(part in text.lower() for part in ("not a database", "malformed")):
        return UnusableFeedError(
            office,
            feed,
            "The database file is damaged.",
            "Ask the agency for an intact copy.",
        )
    return UnusableFeedError(
        office,
        feed,
        f"The database refused the statement ({code}).",
        "Run `jendela source check`; correct the mapping's query or the inbox table.",
    )


def _lost(original: Exception, number: int | None) -> bool:
    """True for a driver's error without any code from the server: the server never answered."""
    if isinstance(original, AdbcOperationalError):
        return True
    return number is None and type(original).__name__ in ("OperationalError", "InterfaceError")
