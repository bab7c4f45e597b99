"""Things made beside each other: with two cores a stream takes half the time, and so do a frame's columns."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any, ParamSpec, TypeVar

Item = TypeVar("Item")
Given = ParamSpec("Given")
_END = object()
WORKERS = 2
# Rows up to which columns are worked on one by one: threads that wait for each other would cost more.
FEW = 20_000


def ahead(items: Iterable[Item], depth: int = 2) -> Generator[Item]:
    """The items in order, taken from their source by a thread of its own, at most `depth` too early.

    What the source raises is raised here. The source is used by that thread alone, from its first item to its
    closing, also when the caller stops half-way.
    """
    with closing(_begun(items, depth)) as stream:
        next(stream)
        yield from stream


def _begun(items: Iterable[Item], depth: int) -> Generator[Any]:
    """What `ahead` gives, but first nothing: then the thread is at work."""
    waiting: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: Any, error: BaseException | None = None) -> bool:
        while not stopped.is_set():
            try:
                waiting.put((item, error), timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def take() -> None:
        source = iter(items)
        try:
            for item in source:
                if not put(item):
                    break
        except BaseException as error:  # noqa: BLE001  # raised again where the items are used
            put(_END, error)
        else:
            put(_END)
        finally:
            if (close := getattr(source, "close", None)) is not None:
                close()

    thread = threading.Thread(target=take, name="ahead", daemon=True)
    thread.start()
    try:
        yield None
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stopped.set()
        thread.join()


def in_turn(sources: Sequence[Iterable[Item]]) -> Generator[Item]:
    """The first item of every source, the second of every source, and so on until one has no more.

    Each is `ahead`, by one item; two halves of a stream that takes longer to make than to use come at once.
    """
    with ExitStack() as stack:
        streams = [stack.enter_context(closing(_begun(source, 1))) for source in sources]
        for stream in streams:
            next(stream)
        while True:
            for stream in streams:
                try:
                    item = next(stream)
                except StopIteration:
                    return
                yield item


class AtOnce(Executor):
    """Does what is submitted in the caller's own thread, before `submit` returns."""

    def submit(self, fn: Callable[Given, Item], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Item]:
        done: Future[Item] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  # raised where the result is asked for
            done.set_exception(error)
        return done


def columnwise(rows: int) -> Executor:
    """Who works on the columns of so many rows."""
    return AtOnce() if rows <= FEW else ThreadPoolExecutor(WORKERS)
