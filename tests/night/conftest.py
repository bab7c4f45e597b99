"""A small demo, written once a session and copied for each test; nights over it, in this process."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from jendela import night
from jendela.configured import open_hub
from jendela.demo.agencies import write
from jendela.model.config import load_settings

WORKERS, SEED = 600, 7


class Demo:
    """One demo folder and its hub."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "jendela.yaml"
        lines = (folder / "connections.env").read_text(encoding="utf-8").splitlines()
        pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
        self.connections = {name: url.strip("'") for name, url in pairs}

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command line over this demo."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JENDELA_")}
        return {
            **kept,
            **self.connections,
            "JENDELA_CONFIG": str(self.config),
            "JENDELA_PULL_PAUSE_SECONDS": "0",
        }

    @property
    def settings(self):
        """The hub's settings."""
        return load_settings(self.config, self.environ)

    @contextmanager
    def hub(self, **options):
        """The opened hub."""
        with open_hub(self.settings, self.environ, **options) as hub:
            yield hub

    def run(self, **options):
        """One night; its outcome."""
        with self.hub(dry_run=options.pop("dry_run", False)) as hub:
            return night.run(
                hub, options.pop("day", None), options.pop("offices", ()), "test", os.getpid(), **options
            )


def move(folder: Path, target: Path) -> Demo:
    """A copy of a demo folder at `target`, with its connections pointing there."""
    shutil.copytree(folder, target)
    connections = target / "connections.env"
    text = connections.read_text(encoding="utf-8").replace(str(folder), str(target))
    connections.write_text(text, encoding="utf-8")
    return Demo(target)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory) -> Path:
    """A demo folder before its first night; copied, never used itself."""
    folder = tmp_path_factory.mktemp("fresh") / "demo"
    write(folder, WORKERS, SEED)
    return folder


@pytest.fixture(scope="session")
def after_one_night(fresh, tmp_path_factory) -> Path:
    """A demo folder after its first night; copied, never used itself."""
    demo = move(fresh, tmp_path_factory.mktemp("one") / "demo")
    demo.run()
    return demo.folder


@pytest.fixture
def demo(fresh, tmp_path) -> Demo:
    """A demo before its first night."""
    return move(fresh, tmp_path / "demo")


@pytest.fixture
def second(after_one_night, tmp_path) -> Demo:
    """A demo after its first night."""
    return move(after_one_night, tmp_path / "demo")
