"""The last stop of an error that nobody foresaw: its text may quote rows, so only its kind is told."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jendela.model.errors import InternalError, JendelaError

T = TypeVar("T")

OURS = tuple(str(Path(__file__).parents[2] / package) + "/" for package in ("jendela", "connectors"))


def internal(error: BaseException) -> InternalError:
    """What may be said of an error: its class, and the last place in our own code that it came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OURS)]
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "an unknown place"
    return InternalError(type(error).__name__, place)


def without_values(call: Callable[[], T]) -> T:
    """What `call` gives back; for a scheduler, which logs whatever is raised, with all that it is chained to.

    Raises:
        JendelaError: as `call` does; their texts carry no values.
        InternalError: `call` raised something else; it is neither cause nor context of what is raised.
    """
    try:
        return call()
    except JendelaError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, its text goes no further
        found = internal(error)
    raise found
