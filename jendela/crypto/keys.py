"""Where the keys come from: a plug-in (KMS), the environment, a key file; the demo makes its own."""

from __future__ import annotations

import base64
import binascii
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from jendela.crypto.keyring import KEY_BYTES, Keyring
from jendela.model.config import Settings
from jendela.model.errors import KeyMissingError

log = logging.getLogger(__name__)

MAKE_ONE = "python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())'"


class KeySource(Protocol):
    """What a deployer implements for a KMS or an HSM, as an entry point of the group `jendela.keys`.

    The entry point is a callable that takes the environment and returns a `KeySource`;
    `JENDELA_KEY_SOURCE` names the one to use.
    """

    def masters(self) -> Sequence[bytes]:
        """The master keys, 32 bytes each, newest first; the last one must never change."""
        ...


def load_keyring(settings: Settings, environ: Mapping[str, str]) -> Keyring:
    """The keys of this hub, from the first place that is configured.

    In order: the plug-in named by `JENDELA_KEY_SOURCE`; `JENDELA_KEY`, base64, several separated by commas,
    newest first; the key file, one a line, newest first; with `make_key`, one of its own in the state folder.

    Raises:
        KeyMissingError: none is configured, or what is configured is not a key.
    """
    if name := environ.get("JENDELA_KEY_SOURCE"):
        return _checked(_plugin(name, environ).masters(), f"key source {name}")
    if text := environ.get("JENDELA_KEY"):
        return _checked(_decoded(text.split(","), "JENDELA_KEY"), "JENDELA_KEY")
    if settings.key_file is not None:
        return _from_file(settings.key_file)
    if settings.make_key:
        return _from_file(_made_once(settings.state / "keys" / "jendela.key"))
    raise KeyMissingError(
        "No key is configured, and this opens the sealed state. Set JENDELA_KEY to 32 random bytes in base64 "
        f"({MAKE_ONE}), or name a file with such a line as key_file in the configuration. "
        "Keep a copy apart from the backups: without the key the state cannot be opened."
    )


def _plugin(name: str, environ: Mapping[str, str]) -> KeySource:
    found = entry_points(group="jendela.keys", name=name)
    if not found:
        raise KeyMissingError(
            f"JENDELA_KEY_SOURCE names {name!r}, which no installed package offers as `jendela.keys`."
        )
    source: KeySource = next(iter(found)).load()(environ)
    return source


def _from_file(file: Path) -> Keyring:
    if not file.is_file():
        raise KeyMissingError(f"The key file {file} is not there. Restore it, or correct key_file.")
    lines = [line for line in file.read_text(encoding="ascii", errors="replace").splitlines() if line.strip()]
    return _checked(_decoded(lines, str(file)), str(file))


def _decoded(texts: Sequence[str], where: str) -> list[bytes]:
    try:
        return [base64.b64decode(text.strip(), validate=True) for text in texts]
    except (binascii.Error, ValueError):
        raise KeyMissingError(
            f"{where} is not base64. A key is 32 random bytes in base64: {MAKE_ONE}"
        ) from None


def _checked(masters: Sequence[bytes], origin: str) -> Keyring:
    if not masters or any(len(key) != KEY_BYTES for key in masters) or len(set(masters)) != len(masters):
        raise KeyMissingError(f"{origin} must hold different keys of {KEY_BYTES} bytes each: {MAKE_ONE}")
    return Keyring(tuple(masters), origin)


def _made_once(file: Path) -> Path:
    """The demo's own key file, made if it is not there; two processes that start together get the same."""
    if file.exists():
        return file
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, fresh = tempfile.mkstemp(dir=file.parent)  # readable by its owner alone
    with os.fdopen(descriptor, "wb") as out:
        out.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        # A link fails where the name is taken; a rename would replace the other process's key.
        os.link(fresh, file)
        log.warning("Made a key for this demo in %s. In production the key never lies beside the data.", file)
    except FileExistsError:
        pass
    finally:
        Path(fresh).unlink()
    return file
