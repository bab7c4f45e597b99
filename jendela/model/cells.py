"""Values of one width, laid out as a matrix of bytes, as a column: nothing is copied."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def cells(matrix: npt.NDArray[np.uint8]) -> pa.LargeBinaryArray:
    """The rows of a matrix as binary values."""
    ends = np.arange(len(matrix) + 1, dtype=np.int64) * matrix.shape[1]
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(matrix))]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(matrix), buffers)
