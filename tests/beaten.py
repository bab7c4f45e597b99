"""Another attempt at the same step that is done a moment earlier, as when Airflow took the first for dead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def beaten(hub: Any, attempt: Callable[[], Any], at: int = 1) -> None:
    """Before the hub's next transaction but `at - 1` that writes, `attempt` is made and is done."""
    begin, left = hub.begin, [at]

    def late() -> Any:
        left[0] -= 1
        if not left[0]:
            hub.begin = begin
            attempt()
        return begin()

    hub.begin = late
