"""The reports in a browser: for those who are signed in, and nothing beyond the reports."""

from __future__ import annotations

import pytest
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient

from jendela.desk.reports import reports_app


def door(request: Request) -> None:
    """Whoever shows the badge may enter."""
    if request.headers.get("badge") != "ours":
        raise HTTPException(401, "Not authenticated")


@pytest.fixture
def state(tmp_path):
    """A hub's state with two nights, a key and a landing file beside them."""
    for night in ("2026-09-01", "2026-09-02"):
        docs = tmp_path / "reports" / night / "data_docs"
        docs.mkdir(parents=True)
        (docs.parent / "report.html").write_text(f"<h1>{night}</h1>")
        (docs / "index.html").write_text("<h1>docs</h1>")
    (tmp_path / "reports" / "2026-09-02" / ".report.html.part").write_text("half")
    (tmp_path / "reports" / "2026-09-01" / "secret.key").write_text("secret")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "hub.json").write_text("secret")
    return tmp_path


@pytest.fixture
def browser(state):
    """Somebody who is signed in."""
    return TestClient(reports_app(lambda: state, door), headers={"badge": "ours"})


def test_whoever_is_not_signed_in_sees_nothing(state):
    """Neither the list nor a report."""
    stranger = TestClient(reports_app(lambda: state, door))
    for path in ("/", "/2026-09-01/report.html"):
        assert stranger.get(path).status_code == 401


def test_the_latest_night_stands_first_and_leads_to_its_report_and_data_docs(browser):
    """Links are relative: they hold wherever the app is mounted."""
    page = browser.get("/").text
    assert page.index("2026-09-02") < page.index("2026-09-01")
    assert 'href="2026-09-02/report.html"' in page
    assert browser.get("/2026-09-02/report.html").text == "<h1>2026-09-02</h1>"
    assert browser.get("/2026-09-01/data_docs/index.html").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/2026-09-01/../../keys/hub.json",
        "/2026-09-01/%2e%2e/%2e%2e/keys/hub.json",
        "/2026-09-01/..%2f..%2fkeys%2fhub.json",
        "/2026-09-01/%2Fetc%2Fpasswd.html",
        "/..%2fkeys/hub.json",
        "/keys/hub.json",
        "/2026-09-01/secret.key",
        "/2026-09-02/.report.html.part",
        "/2026-09-09/report.html",
        "/2026-09-01/%00.html",
        "/2026-09-01/" + "a" * 300 + ".html",
    ],
)
def test_only_files_of_a_nights_report_can_be_read(browser, path):
    """No way out of the folder, no other kind of file, no night that was not."""
    answer = browser.get(path)
    assert answer.status_code in (404, 422)
    assert "secret" not in answer.text


def test_a_link_out_of_the_folder_is_not_followed(browser, state):
    """Somebody put a symbolic link into the reports."""
    (state / "reports" / "2026-09-01" / "key.json").symlink_to(state / "keys" / "hub.json")
    assert browser.get("/2026-09-01/key.json").status_code == 404


def test_a_page_may_fetch_nothing_and_is_kept_nowhere(browser):
    """What an auditor's browser is told."""
    headers = browser.get("/2026-09-01/report.html").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_before_the_first_night_it_says_so(tmp_path):
    """An empty hub is no error."""
    page = TestClient(reports_app(lambda: tmp_path, door), headers={"badge": "ours"}).get("/")
    assert "No night was closed yet" in page.text
