"""JSON as text: numbers exactly as they were written, and a path to everything in it."""

from __future__ import annotations

import json
import re
from typing import Any

from connectors.rest_errors import media_type, unusable
from connectors.rest_exchange import Answer

JSON = "application/json"
MISSING: Any = object()
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


class Number(str):
    """A JSON number in the digits it was written with: `4500000.50` stays so."""

    __slots__ = ()


class _TwiceError(ValueError):
    """A name that an object has twice: which of the values is meant nobody knows."""


def document_of(office: str, feed: str, answer: Answer, agreed: str = JSON) -> Any:
    """The JSON of an answer: dict, list, str, `Number`, bool, None.

    Raises:
        UnusableFeedError: it is a web page, another media type than agreed, or no JSON.
    """
    found = media_type(answer.headers.get("content-type"))
    if is_web_page(answer, agreed):
        raise unusable(
            office,
            feed,
            "It answers with a web page (HTML) instead of JSON.",
            "A login page, a proxy or a notice of maintenance answers in its place: "
            "check the connection's base and the mapping's path with the agency.",
        )
    if found not in (JSON, agreed) and not found.endswith("+json"):
        said = f"It answers in the media type {found}" if found else "It answers without a media type"
        raise unusable(
            office,
            feed,
            f"{said}; agreed is {agreed}.",
            "Ask the agency; where it means JSON all the same, set options.content_type in the mapping.",
        )
    try:
        return json.loads(
            answer.body.decode("utf-8-sig"),
            parse_int=Number,
            parse_float=Number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 (byte {error.start})"
    except _TwiceError:
        what = "has a name twice in one object"
    except json.JSONDecodeError as error:
        what = f"is no JSON from character {error.pos} of {len(error.doc)}: cut off or damaged"
    except RecursionError:
        what = "is nested too deeply"
    except ValueError:
        what = "has NaN or Infinity, which JSON does not have"
    raise unusable(
        office, feed, f"Its answer {what}.", "Ask the agency to mend its interface; nothing of it was taken."
    ) from None


def is_web_page(answer: Answer, agreed: str = JSON) -> bool:
    """Whether a page for people answers in place of an interface."""
    found = media_type(answer.headers.get("content-type"))
    return _HTML.match(answer.body.removeprefix(b"\xef\xbb\xbf")) is not None or (
        found == "text/html" != agreed
    )


def steps(path: str) -> tuple[str, ...]:
    """The steps of a dotted path (`data.items`) or a JSON pointer (RFC 6901: `/data/items`); none for ''."""
    if path.startswith("/"):
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/"))
    return tuple(path.split(".")) if path else ()


def at(document: Any, path: str) -> Any:
    """What the path leads to; MISSING where there is nothing. A whole number is a place in a list."""
    for step in steps(path):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return MISSING
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _TwiceError
    return made


def _constant(_: str) -> Any:
    raise ValueError
