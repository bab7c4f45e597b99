"""The files that are written from the contract, and the frozen copy of what was adopted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jendela.contracts.messages import load_messages
from jendela.letters.agreement.compatibility import compatibility, lowest_version, snapshot
from jendela.letters.agreement.contract import contract, editions
from jendela.letters.agreement.edition import edition
from jendela.letters.agreement.json_schema import json_schema
from jendela.letters.agreement.sources import load_sources
from jendela.letters.agreement.xsd import xsd
from jendela.model.errors import AgreementError

HOME = "schemas/surat_phk"
CURRENT_XSD = "schemas/surat_phk.xsd"
PAGE = "docs/reference/surat-phk.html"


def generated(folder: Path) -> dict[str, bytes]:
    """Every generated file by its name below `folder`; the current XSD and page are the newest edition's."""
    found: dict[str, bytes] = {}
    for version in editions(folder):
        agreed = contract(version, folder)
        found[f"{HOME}/{version}/surat_phk.xsd"] = found[CURRENT_XSD] = xsd(agreed)
        found[f"{HOME}/{version}/surat_phk.schema.json"] = _json(json_schema(agreed))
        page = edition(agreed, load_messages(folder), load_sources(folder))
        found[PAGE] = page.encode("utf-8")
    return found


def write(folder: Path) -> list[str]:
    """Writes them; the names of those that changed."""
    late = stale(folder)
    for name, content in generated(folder).items():
        if name in late:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return late


def stale(folder: Path) -> list[str]:
    """The names of those that are missing or differ from what the contract gives now."""
    return [
        name
        for name, content in generated(folder).items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def released(folder: Path, version: str) -> dict[str, Any] | None:
    """The frozen copy of an edition; None if it was never released."""
    path = folder / HOME / version / "released.json"
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def freeze(folder: Path) -> str:
    """Freezes the newest edition as adopted; its file.

    Raises:
        AgreementError: it was released before, and its version is too low for what changed since.
    """
    version = editions(folder)[-1]
    now, before = snapshot(contract(version, folder)), released(folder, version)
    name = f"{HOME}/{version}/released.json"
    if before is not None:
        lowest = lowest_version(compatibility(before, now), before["version"])
        if _order(now["version"]) < _order(lowest):
            raise AgreementError(name, None, "version", f"must be at least {lowest} after these changes.")
    (folder / name).write_bytes(_json(now))
    return name


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, default=float).encode("utf-8") + b"\n"
