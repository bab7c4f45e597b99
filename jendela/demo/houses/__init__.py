"""The labour offices beside the first night's, each a value in a file of its own."""

from __future__ import annotations

from jendela.demo.house import House
from jendela.demo.houses import (
    ambon,
    bandung,
    bekasi,
    denpasar,
    jayapura,
    manado,
    medan,
    semarang,
    surabaya,
)

OTHERS: tuple[House, ...] = tuple(
    one.HOUSE for one in (medan, bekasi, bandung, semarang, surabaya, denpasar, manado, ambon, jayapura)
)
