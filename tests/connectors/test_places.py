"""Folders behind SFTP and in object stores: the server is known, secrets stay in, half a file is no file."""

from __future__ import annotations

import hashlib
import traceback
from urllib.parse import quote

import pytest

from connectors.files import FilesConnector
from connectors.folder import Folder
from jendela.model.errors import UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource, Window
from tests.connectors.files_agency import LocalStore
from tests.connectors.s3_agency import Bucket
from tests.connectors.sftp_agency import sshd

SOURCE = FeedSource("d", "d.phk", "snapshot", ("NIK",), ("NIK",), path="phk*.csv")
DROPS = FeedSource("d", "d.surat", "drop", ("NIK",), ("NIK",), path="*.xml")
CONTENT = b"NIK,NAMA\n3215014101900001,Siti\n"


def local(path):
    return LocalStore(path)


def sftp(path):
    return LocalStore(path, sshd().url(path))


def bucket(_):
    return Bucket()


@pytest.fixture(
    params=[local, pytest.param(sftp, marks=pytest.mark.servers), bucket], ids=["folder", "sftp", "s3"]
)
def store(request, tmp_path):
    """A place of each kind, as the agency reaches it."""
    return request.param(tmp_path)


@pytest.fixture
def server():
    """The SFTP server."""
    return sshd()


def told(error):
    """All that an error and its traceback say."""
    return "".join(traceback.format_exception(error))


@pytest.mark.servers
def test_a_server_with_another_key_is_never_spoken_to(server, tmp_path):
    """Somebody stands between: a wrong fingerprint, or no known key, is an error that nobody retries."""
    known = tmp_path / "known_hosts"
    known.write_text("")
    wrong = "SHA256:" + "A" * 43
    for query in ({"fingerprint": wrong}, {"fingerprint": None, "known_hosts": known}):
        connector = FilesConnector("d", server.url(tmp_path, **query))
        with pytest.raises(UnusableFeedError, match="key is not the one we know") as caught:
            connector.check(SOURCE)
        assert "known_hosts" in caught.value.remedy
    assert known.read_text() == ""


@pytest.mark.servers
def test_a_server_is_known_by_its_known_hosts_file(server, tmp_path):
    """As ssh-keyscan writes it, checked by the administrator."""
    key = (server.folder / "host_key.pub").read_text()
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{server.port} {key}")
    (tmp_path / "phk.csv").write_bytes(CONTENT)
    FilesConnector("d", server.url(tmp_path, fingerprint=None, known_hosts=known)).check(SOURCE)


@pytest.mark.servers
def test_an_account_that_is_not_let_in_is_tried_again_without_a_word_of_it(server, tmp_path):
    """A password that the server does not take: the error has neither it nor the account."""
    url = f"sftp://sri:rahasia%40x@127.0.0.1:{server.port}{tmp_path}?fingerprint={server.fingerprint}"
    with pytest.raises(UnreachableError) as caught:
        FilesConnector("d", url).check(SOURCE)
    assert not [word for word in ("rahasia", "sri", str(tmp_path)) if word in told(caught.value)]


@pytest.mark.servers
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("fingerprint=abc", "not in the form SHA256"),
        ("key_file=/nowhere/key", "cannot be read"),
        ("known_hosts=/nowhere/hosts", "cannot be read"),
        ("host_key=any", "says host_key"),
    ],
)
def test_a_connection_that_says_nonsense_is_told_what_it_can_say(server, query, said):
    """Never a silent fall-back to a server that nobody verified."""
    with pytest.raises(UnusableFeedError, match=said):
        FilesConnector("d", f"sftp://sri@127.0.0.1:{server.port}/export?{query}").check(SOURCE)


@pytest.mark.servers
def test_a_server_that_is_gone_in_between_is_tried_again(tmp_path):
    """The connection is cut while we are away: the next question is an error to retry, and does not hang."""
    sshd.cache_clear()
    own = sshd()
    (tmp_path / "phk.csv").write_bytes(CONTENT)
    connector = FilesConnector("d", own.url(tmp_path))
    connector.check(SOURCE)
    own.end()
    sshd.cache_clear()
    with pytest.raises(UnreachableError):
        connector.check(SOURCE)


def test_a_place_that_is_not_there_is_not_made(store):
    """A share that is not mounted: what we wrote would go nowhere."""
    head, mark, query = store.url.partition("?")
    gone = head.replace(getattr(store, "name", "\0"), "gone-bucket") if "s3://" in head else f"{head}/gone"
    with pytest.raises(UnreachableError):
        Folder("d", gone + mark + query).write("d.x", "x.csv", b"x")


def test_half_a_file_is_no_file(store):
    """An unfinished name, or a digest beside it that says something else: looked for again."""
    connector = FilesConnector("d", store.url)
    store.put("phk.csv.part", CONTENT)
    store.put("phk.csv.filepart", CONTENT)
    with pytest.raises(UnreachableError, match="No finished file"):
        connector.check(SOURCE)
    store.put("phk.csv", CONTENT[:-4])
    digest = hashlib.sha256(CONTENT).hexdigest()
    for said in (b"", digest.encode()):
        store.put("phk.csv.sha256", said)
        with pytest.raises(UnreachableError, match="still being written"):
            connector.check(SOURCE)
    store.put("phk.csv", CONTENT)
    store.put("phk.csv.sha256", f"{digest.upper()}  phk.csv\n".encode())
    connector.check(SOURCE)


def test_a_drop_waits_for_its_digest_and_names_may_have_anything(store):
    """Four letters: one is half there by its digest, one has a name with brackets."""
    names = ["surat 1.xml", "surat [2].xml", "surat (3)#é.xml", "setengah.xml"]
    for name in names:
        store.put(name, f"<a>{name}</a>".encode())
    store.put("setengah.xml.sha256", b"0" * 64)
    found = {one.name: one.content for one in FilesConnector("d", store.url).documents(DROPS, frozenset())}
    assert found == {name: f"<a>{name}</a>".encode() for name in names[:3]}


def test_many_letters_are_listed_a_few_times(store, monkeypatch):
    """Two listings for the night and one for each two thousand files, however many letters there are."""
    monkeypatch.setattr("connectors.folder.TOGETHER", 20)
    for number in range(30):
        store.put(f"surat{number:03}.xml", b"<a/>")
    connector = FilesConnector("d", store.url)
    asked = []
    listing = Folder._listing
    monkeypatch.setattr(Folder, "_listing", lambda *args: asked.append(args[2]) or listing(*args))
    seen = frozenset({("surat000.xml", hashlib.sha256(b"<a/>").hexdigest())})
    assert len(list(connector.documents(DROPS, seen))) == 29
    assert len(asked) == 2 + 2


def test_what_was_sent_is_told_by_name_and_content(store):
    """The same content under another name, and the same name with other content, can be told apart."""

    def manifest():
        (table,) = FilesConnector("d", store.url).pull(SOURCE, Window(None, None))
        import json

        (file,) = json.loads(table.schema.metadata[b"jendela"])["files"]
        return file["name"], file["sha256"]

    store.put("phk.csv", CONTENT)
    first = manifest()
    assert first == ("phk.csv", hashlib.sha256(CONTENT).hexdigest())
    store.put("phk.csv", CONTENT + b"3215010202880002,Ali\n")
    again = manifest()
    assert again[0] == first[0]
    assert again[1] != first[1]


def test_a_password_of_any_letters_arrives():
    """What stands encoded in the URL is the password as it is."""
    from connectors.places import place_of

    url = f"s3://sri:{quote('ra/ha+sia@:?', safe='')}@bucket/dinas?endpoint_url=http://127.0.0.1:1"
    place = place_of("d", url)
    assert place.fs.secret == "ra/ha+sia@:?"
    assert (place.root, place.within) == ("bucket/dinas", "bucket")


@pytest.mark.parametrize("url", ["nosuch://x/y", "github://"])
def test_a_url_that_is_no_folder_is_said_so(url):
    """A scheme whose driver is not installed, or a URL that says nothing."""
    with pytest.raises(UnusableFeedError, match="not a folder this installation can open"):
        FilesConnector("d", url).check(SOURCE)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://sri:geheim@ftp.example.id/ekspor",
        "http://files.example.id/ekspor",
        "s3://sri:geheim@bucket/ekspor?endpoint_url=http://s3.example.id",
    ],
)
def test_nothing_travels_in_clear(url):
    """As over REST: neither a password nor the people in the files, but on this machine itself."""
    with pytest.raises(UnusableFeedError, match="would travel in clear") as caught:
        FilesConnector("d", url).check(SOURCE)
    assert "geheim" not in str(caught.value)
