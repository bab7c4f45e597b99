"""What is said where the configuration, the state folder or the hub's database cannot be opened."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from jendela.cli import jendela
from jendela.cli.options import hub_of
from jendela.model.errors import WrongUseError

HIDDEN = "rahasia"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's configuration; its state folder is not there yet."""
    for name in ("JENDELA_HUB_URL", "JENDELA_STATE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JENDELA_KEY", base64.b64encode(b"k" * 32).decode())
    file = tmp_path / "jendela.yaml"
    said = f"state: {tmp_path / 'state'}\nfirst_night: 2026-12-01\noffices: [bpjs]\n"
    file.write_text(said, encoding="utf-8")
    return file


def refusal(config: Path) -> str:
    """What is said, with exit code 2 and as no internal error."""
    with pytest.raises(WrongUseError) as told, hub_of(config):
        pass
    assert told.value.exit_code == 2
    return str(told.value)


def test_a_state_that_is_no_folder_is_named(config: Path) -> None:
    """A file lies where the folder should be."""
    (config.parent / "state").touch()
    assert f"The state folder {config.parent / 'state'} cannot be used" in refusal(config)


def test_a_database_that_is_none_is_told(config: Path) -> None:
    """Something else lies under its name."""
    (config.parent / "state").mkdir()
    (config.parent / "state" / "hub.sqlite").write_text("no database" * 100, encoding="ascii")
    assert "The hub's database cannot be opened (DatabaseError)" in refusal(config)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "cannot be read"),
        (f"fancydb://u:{HIDDEN}@127.0.0.1/x", "cannot be read"),
        (f"postgresql+psycopg://u:{HIDDEN}@127.0.0.1:1/x", "cannot be opened (OperationalError)"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(
    config: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    """Unreadable, of an engine that nobody has, or of a server that is down."""
    monkeypatch.setenv("JENDELA_HUB_URL", url)
    told = refusal(config)
    assert said in told
    assert HIDDEN not in told


def test_a_configuration_that_is_no_text_is_named(config: Path) -> None:
    """Saved by an editor as UTF-16."""
    config.write_bytes("state: s".encode("utf-16"))
    told = refusal(config)
    assert str(config) in told
    assert "is no text in UTF-8" in told


def test_what_fails_after_the_opening_is_not_taken_for_it(config: Path) -> None:
    """A command's own error stays what it is."""
    with pytest.raises(FileNotFoundError), hub_of(config):
        raise FileNotFoundError("of the command")


def test_a_night_that_has_not_come_is_refused(config: Path) -> None:
    """A mistyped year would be the last night, and none of this year could be opened after it."""
    told = CliRunner().invoke(jendela, ["run", "--config", str(config), "--night", "2099-09-01"])
    assert isinstance(told.exception, WrongUseError)
    assert "The night of 2099-09-01 has not come" in str(told.exception)
    assert not (config.parent / "state").exists()
