"""The page as a document: well formed, in both languages, for keyboard and ear, alone in the world."""

from __future__ import annotations

import re

import pytest
from lxml import etree, html

from jendela.report.html import SECTIONS, SHOWN, page
from jendela.report.words import Words, both
from tests.report.conftest import agreements, sample, silent

GUARDS = ("shrink", "storm", "ahead", "measures", "unjudged")
UNKNOWN_TAG = 801  # libxml2 knows HTML 4: `main`, `section` and SVG are tags it has not heard of


@pytest.fixture(scope="module", params=["sample", "silent"])
def text(request, rendered):
    """A full night and an empty one."""
    return rendered if request.param == "sample" else page(silent(), agreements())


@pytest.fixture
def tree(text):
    """The page, parsed."""
    return html.document_fromstring(text)


def test_it_is_well_formed(text):
    """No tag is left open, and none is closed that was not opened."""
    parser = etree.HTMLParser()
    etree.fromstring(text, parser)
    assert [str(error) for error in parser.error_log if error.type != UNKNOWN_TAG] == []


def test_every_link_within_the_page_has_its_target_and_ids_are_unique(tree):
    """A number leads to its rows; the only links out of the page go to the Data Docs beside it."""
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    referred = [name for names in tree.xpath("//@aria-labelledby") for name in names.split()]
    beside = set(tree.xpath("//a/@href[starts-with(., 'data_docs/')]"))
    within = set(tree.xpath("//a/@href")) - beside
    assert {href[1:] for href in within} | set(referred) | set(tree.xpath("//@for")) <= set(ids)
    assert all(href.startswith("#") for href in within)


def test_it_needs_nothing_but_itself(tree, text):
    """No font, picture, style or script comes from anywhere else."""
    assert not tree.xpath("//@src | //link | //img | //iframe | //form")
    assert not re.search(r"url\(|@import|https?://", text)


def test_it_works_without_its_script(text):
    """Without script everything is there but the button that opens all groups."""
    bare = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "onclick" not in bare
    assert {str(bar.get("hidden")) for bar in html.document_fromstring(bare).xpath("//*[@class='all']")} <= {
        ""
    }


def test_each_text_is_in_both_languages(tree):
    """Where an Indonesian text stands, an English one follows, and it is not empty."""
    for first in tree.xpath("//body//*[@lang='id']"):
        second = first.getnext()
        assert second is not None, first.text_content()
        assert second.get("lang") == "en", first.text_content()
        assert first.text_content().strip()
        assert second.text_content().strip()
    assert len(tree.xpath("//body//*[@lang='id']")) == len(tree.xpath("//body//*[@lang='en']"))


def test_it_has_landmarks_and_headings_in_order(tree):
    """A screen reader finds header, navigation, main part and footer, and each section by its heading."""
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert len(tree.xpath(f"//{landmark}")) == 1
    assert tree.xpath("//main/section/@id") == list(SECTIONS)
    assert all(section.get("aria-labelledby") for section in tree.xpath("//main/section"))


def test_tables_and_pictures_speak(tree):
    """Heads say what they are the head of; each picture is told in words; what scrolls can be focused."""
    assert all(head.get("scope") for head in tree.xpath("//th"))
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in tree.xpath("//svg"))
    assert all(part.get("tabindex") == "0" for part in tree.xpath("//*[@role='region']"))


def test_a_group_shows_a_hundred_rows_and_says_where_the_others_are(tree, text):
    """The page stays small; nothing is hidden without a word."""
    if "held-M-DATE" not in text:
        pytest.skip("the empty night")
    group = tree.xpath("//details[@id='held-M-DATE']")[0]
    assert len(group.xpath(".//tbody/tr")) == SHOWN
    more = group.xpath(".//p[@class='more']")[0].text_content()
    assert "1 more of 101" in more
    assert "held.csv" in more
    assert "jendela held list --rule M-DATE" in more


def test_what_an_agency_says_is_text_and_never_markup(rendered):
    """A reason that looks like markup is shown as it is."""
    assert "It does not answer &lt;here&gt;." in rendered
    assert "<here>" not in rendered


def test_only_what_differs_is_emphasised(rendered):
    """A NIK that two people share is equal on both sides: the persons are what differs."""
    group = html.document_fromstring(rendered).xpath("//details[@id='code-ID-02']")[0]
    assert [mark.text_content() for mark in group.xpath(".//mark")] == ["710b76d9d8", "0b60078368"]


def test_amounts_are_compared_and_not_shown(rendered):
    """Who reads that one letter says less does not read how much."""
    group = html.document_fromstring(rendered).xpath("//details[@id='code-LET-01']")[0]
    assert "lower (amount not shown)" in group.text_content()


def test_a_broken_balance_is_said_with_its_difference():
    """The report of a night that does not balance says so first, and where."""
    report = sample()
    report.balanced = False
    report.feeds["bpjs.klaim_jkp"]["accepted"] -= 1
    text = page(report, agreements())
    assert "A balance does not add up" in text
    assert "✗ +1" in text


@pytest.mark.parametrize("guard", GUARDS)
def test_what_halted_a_batch_is_told_by_its_guard_however_the_reason_is_worded(guard):
    """The English reason is for the log; what an official reads is chosen by the guard itself."""
    words = Words(agreements())
    told = words.text(f"missing.halted.{guard}")
    reason = "Now said otherwise: not validated, 3 times as many, lies ahead."
    assert words.halt(guard, reason) == both(told)
    named = words.halt(guard, f"{reason} G-HELD: held_rate is 0.62")
    assert named == words.rule("G-HELD")


def test_only_a_batch_of_a_day_ahead_or_unjudged_has_a_remedy_of_its_own():
    words = Words(agreements())
    own = {guard for guard in GUARDS if words.halt_remedy(guard) != words.t("missing.halted.remedy")}
    assert own == {"ahead", "unjudged"}


def test_the_json_edition_of_a_halted_batch_keeps_its_shape():
    """What docs/how-to/read-the-report.md says of schema jendela.report/1."""
    shapes = {tuple(batch) for batch in sample().as_dict()["halted"]}
    assert shapes == {("office", "feed", "rows", "halt_reason")}
