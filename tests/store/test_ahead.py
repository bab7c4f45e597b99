"""A stream whose next item is made while one is used, alone and in halves: in order, ended in peace."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.store.ahead import FEW, ahead, columnwise, in_turn


@settings(deadline=None, max_examples=30)
@given(count=st.integers(0, 9), sources=st.integers(1, 3))
def test_parts_of_a_stream_come_in_its_order(count, sources):
    """Every so many of the numbers from each source are all of them, one after the other."""
    parts = [range(first, count, sources) for first in range(sources)]
    assert list(in_turn(parts)) == list(range(count))


def test_halves_are_made_at_the_same_time():
    """Neither waits for the other to be used: both are there before one is taken."""
    both = threading.Barrier(2, timeout=10)

    def half(number):
        both.wait()
        yield number

    assert list(in_turn([half(1), half(2)])) == [1, 2]


def test_what_a_half_raises_is_raised_in_its_turn():
    """The items before it have come, and no thread is left."""

    def broken():
        yield 2
        raise ValueError("of the second half")

    before = threading.active_count()
    found = []
    with pytest.raises(ValueError, match="second half"):
        found.extend(in_turn([iter([1, 3, 5]), broken()]))
    assert threading.active_count() == before


@pytest.mark.parametrize("stream", [lambda source: ahead(source), lambda source: in_turn([source])])
def test_a_source_is_closed_when_the_caller_stops(stream):
    """Also half-way, by the thread that used it."""
    closed = []

    def source():
        try:
            yield from range(100)
        finally:
            closed.append(threading.current_thread().name)

    with closing(stream(source())) as items:
        assert next(items) == 0
    assert closed == ["ahead"]


@pytest.mark.parametrize(("rows", "beside"), [(FEW, False), (FEW + 1, True)])
def test_few_rows_need_no_thread(rows, beside):
    """What is submitted for few rows is done at once, by who asks for it; for many by somebody else."""
    with columnwise(rows) as pool:
        worker = pool.submit(threading.get_ident)
        assert (worker.result() != threading.get_ident()) is beside


@pytest.mark.parametrize("rows", [FEW, FEW + 1])
def test_an_error_is_raised_where_the_result_is_asked_for(rows):
    """The same either way."""
    with columnwise(rows) as pool:
        failed = pool.submit(int, "x")
        with pytest.raises(ValueError, match="invalid literal"):
            failed.result()
