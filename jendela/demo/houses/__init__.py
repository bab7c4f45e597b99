"""The labour offices beside the first night's, each a value in a file of its own."""

from __future__ import annotations

from jendela.demo.house import House

OTHERS: tuple[House, ...] = ()
