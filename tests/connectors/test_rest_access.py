"""Who we are to an office over HTTP, and to whom we say it."""

from __future__ import annotations

import logging
import traceback

import pytest

from connectors.rest import RestConnector
from jendela.model.errors import FeedError, UnusableFeedError
from jendela.model.ports import FeedSource
from tests.connectors.agency import WORKERS
from tests.connectors.rest_agency import (
    asking,
    http,
    https,
    pulled,
    refused,
)


@pytest.fixture
def agency(tmp_path):
    """An office over HTTP with four workers, two a page."""
    with http(tmp_path) as built:
        yield built


@pytest.fixture
def waits():
    """The pauses a connector made."""
    return []


def test_a_token_is_fetched_once_and_renewed_when_it_ends(agency):
    """One token for all pages; when it lasts no time at all, one for each request."""
    pulled(agency)
    assert agency.act.requests.count("POST /oauth/token") == 1
    agency.act.routes.lasts = 0.000001
    agency.act.routes.revoke()
    agency.act.requests.clear()
    pulled(agency)
    assert agency.act.requests.count("POST /oauth/token") >= 2


def test_a_token_that_was_revoked_is_renewed_once(agency):
    """The office forgets our token: it is fetched anew; an office that refuses the new one too is told."""
    pulled(agency)
    agency.act.routes.revoke()
    assert len(pulled(agency)) == len(WORKERS)
    agency.act.faults.add("401", "401", where="v1/kerja")
    refused(agency, "does not accept our credentials")


def test_a_secret_that_is_wrong_is_said_and_not_shown(agency, waits):
    """Neither the secret nor the client id is in the error."""
    url = agency.act.url.replace("rahasia%40nomor", "rahasia%40lama")
    with pytest.raises(UnusableFeedError, match=r"does not give us a token \(401\)") as caught:
        pulled(agency, asking(agency, waits, url))
    told = "".join(traceback.format_exception(caught.value))
    assert "rahasia" not in told
    assert "karawang" not in told


@pytest.mark.parametrize("how", ["basic", "bearer", "header"])
def test_an_office_without_tokens_is_asked_its_own_way(agency, waits, how):
    """HTTP Basic, a fixed bearer token, a header with a key."""
    scheme, _, rest = agency.act.base.partition("://")
    known = {"basic": "jendela%20kab.%20karawang:rahasia%40nomor%2F1", "bearer": ":rahasia%40nomor%2F1"}
    query = "?header=X-Api-Key" if how == "header" else ""
    url = f"{scheme}://{known.get(how, known['bearer'])}@{rest}{query}"
    assert len(pulled(agency, asking(agency, waits, url))) == len(WORKERS)
    assert "POST /oauth/token" not in agency.act.requests


def test_no_url_is_logged(agency, caplog):
    """A cursor or a link may hold a key, and the log is for everybody."""
    with caplog.at_level(logging.INFO):
        pulled(agency)
    assert not caplog.records


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://sri:rahasia@dinas.example/api", "credentials would travel in clear"),
        (
            "https://sri:rahasia@127.0.0.1/?token_url=http://dinas.example/token",
            "credentials would travel in clear",
        ),
        ("ftp://sri:rahasia@127.0.0.1/", "not an https:// URL"),
        ("https://sri:rahasia@127.0.0.1:port/", "cannot be read"),
        ("https://sri:rahasia@127.0.0.1/?verify=false", "parameter 'verify' that is none of"),
        ("https://sri:rahasia@127.0.0.1/?ca=/nowhere/ca.pem", "ca is not a readable PEM"),
        ("https://sri:rahasia@127.0.0.1/?cert=/nowhere/c.pem", "cert and key are not a readable PEM"),
    ],
)
def test_a_connection_that_is_not_safe_is_refused(url, said):
    """TLS is never optional and never unverified; the URL is not shown."""
    source = FeedSource("d", "d.x", "snapshot", ("A",), ("A",), path="x")
    with pytest.raises(UnusableFeedError, match=said) as caught:
        RestConnector("d", url).check(source)
    assert "rahasia" not in str(caught.value)


@pytest.mark.parametrize("without", ["ca", "cert"])
def test_both_sides_show_a_certificate_or_nothing_is_said(tmp_path, without):
    """A server of an authority we do not know, and a server that does not know us."""
    with https(tmp_path) as agency:
        parts = agency.act.url.split("&")
        kept = [
            part
            for part in parts
            if not part.startswith((f"{without}=", "key=" if without == "cert" else " "))
        ]
        connector = RestConnector("d", "&".join(kept), wait=lambda _: None)
        said = (
            "certificate is not trusted"
            if without == "ca"
            else "refuses the TLS connection|did not answer to the end"
        )
        with pytest.raises(FeedError, match=said):
            connector.check(agency.source)
        assert not agency.act.requests
