"""Airflow's connections of folders become the URLs that the connector opens."""

from __future__ import annotations

import pytest

from jendela.model.connections import url_of
from jendela.model.errors import WrongUseError

PRINT = "SHA256:ab+c/d"


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        (
            ("sftp", "sftp.go.id", "sri", "ra/ha:sia@", 2222, None, {"path": "ekspor", "fingerprint": PRINT}),
            "sftp://sri:ra%2Fha%3Asia%40@sftp.go.id:2222/ekspor?fingerprint=SHA256%3Aab%2Bc%2Fd",
        ),
        (
            ("ssh", "h", "sri", None, None, "ekspor", {"key_file": "/kunci/sri", "no_host_key_check": True}),
            "sftp://sri@h/ekspor?key_file=%2Fkunci%2Fsri",
        ),
        (
            ("aws", None, "KUNCI", "ra+ha/sia", None, "ember", {"path": "dinas", "endpoint_url": "https://s3.go.id"}),
            "s3://KUNCI:ra%2Bha%2Fsia@ember/dinas?endpoint_url=https%3A%2F%2Fs3.go.id",
        ),
    ],
)  # fmt: skip
def test_a_connection_in_parts_is_a_url(parts, url):
    """Only what the connector knows is taken over: nothing that would leave a server unverified."""
    assert url_of(*parts) == url


def test_an_unknown_kind_names_the_known_ones():
    """Folders are among them."""
    with pytest.raises(WrongUseError, match=r"aws.*fs.*sftp"):
        url_of("gopher", "h", None, None, None, None, {})
