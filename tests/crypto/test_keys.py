"""Keys come from the environment, a file or a plug-in; without one nothing starts, and it says what to do."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from jendela.crypto import Keyring, keys, load_keyring
from jendela.model.config import Settings
from jendela.model.errors import KeyMissingError

OLD, NEW = b"o" * 32, b"n" * 32


def settings_in(folder, **more):
    """Settings with their state in a folder."""
    return Settings(state=folder / "state", first_night=date(2026, 3, 2), offices=("bpjs",), **more)


def text(*masters):
    """Keys in base64, as they are configured."""
    return [base64.b64encode(master).decode() for master in masters]


class Vault:
    """What a deployer writes for a KMS."""

    def __init__(self, environ):
        self.environ = environ

    def masters(self):
        """The keys, newest first."""
        return [NEW, OLD]


def test_without_a_key_it_says_what_to_do(tmp_path):
    """The way to make one is in the message, and that a copy must be kept."""
    with pytest.raises(KeyMissingError, match=r"Set JENDELA_KEY to 32 random bytes.*Keep a copy"):
        load_keyring(settings_in(tmp_path), {})
    assert not (tmp_path / "state").exists()


def test_the_environment_comes_before_the_file(tmp_path):
    """Newest first, separated by commas; a file holds one a line."""
    file = tmp_path / "hub.key"
    file.write_text("\n".join(text(NEW, OLD)) + "\n", encoding="ascii")
    settings = settings_in(tmp_path, key_file=file)
    assert load_keyring(settings, {}).masters == (NEW, OLD)
    assert load_keyring(settings, {"JENDELA_KEY": ", ".join(text(OLD))}).masters == (OLD,)


def test_a_plug_in_comes_first(tmp_path, monkeypatch):
    """An entry point of `jendela.keys`, named by JENDELA_KEY_SOURCE."""
    point = EntryPoint("vault", f"{__name__}:Vault", "jendela.keys")
    monkeypatch.setattr(EntryPoint, "load", lambda self: Vault)
    monkeypatch.setattr(
        keys, "entry_points", lambda *, group, name: EntryPoints([point]).select(group=group, name=name)
    )
    environ = {"JENDELA_KEY_SOURCE": "vault", "JENDELA_KEY": text(OLD)[0]}
    assert load_keyring(settings_in(tmp_path), environ).masters == (NEW, OLD)
    with pytest.raises(KeyMissingError, match="'hsm'"):
        load_keyring(settings_in(tmp_path), {"JENDELA_KEY_SOURCE": "hsm"})


@pytest.mark.parametrize("wrong", ["not base64!", text(b"short")[0], ",".join(text(OLD, OLD)), ","])
def test_what_is_no_key_is_refused(tmp_path, wrong):
    """Without repeating what was given: it may be half a key."""
    with pytest.raises(KeyMissingError) as error:
        load_keyring(settings_in(tmp_path), {"JENDELA_KEY": wrong})
    assert wrong not in str(error.value) or wrong == ","


def test_a_lost_key_file_is_named(tmp_path):
    """It is not made anew: that would shut the state for ever."""
    with pytest.raises(KeyMissingError, match=r"hub\.key is not there"):
        load_keyring(settings_in(tmp_path, key_file=tmp_path / "hub.key", make_key=True), {})


def test_the_demo_makes_one_key_and_says_so(tmp_path, caplog):
    """Readable by its owner alone; processes that start together get the same one."""
    settings = settings_in(tmp_path, make_key=True)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: load_keyring(settings, {}), range(8)))
    assert len({keyring.masters for keyring in made}) == 1
    files = list((tmp_path / "state/keys").iterdir())
    assert [file.name for file in files] == ["jendela.key"]
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert sum("Made a key for this demo" in record.message for record in caplog.records) == 1


def test_a_keyring_never_shows_a_key():
    """Its text is fit for a log."""
    shown = repr(Keyring((NEW, OLD), "JENDELA_KEY"))
    assert "nnnn" not in shown
    assert "JENDELA_KEY" in shown


def test_each_purpose_and_file_has_its_own_key():
    """And rotation changes none that must last."""
    one, rotated = Keyring((OLD,), ""), Keyring((NEW, OLD), "")
    assert one.derive("hash:nik") == rotated.derive("hash:nik") != one.derive("hash:kpj")
    assert one.file_keys("a") == rotated.file_keys("a")[1:] != one.file_keys("b")
    assert one.fingerprint == rotated.fingerprint != Keyring((NEW,), "").fingerprint
