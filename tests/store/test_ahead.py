"""Columns are worked on beside each other where that is quicker."""

from __future__ import annotations

import threading

import pytest

from jendela.store.ahead import FEW, columnwise


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
