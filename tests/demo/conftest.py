"""One demo of 600 workers for the tests that only look at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jendela.demo.agencies import write

WORKERS, SEED = 600, 5


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """A demo nobody changes."""
    folder = tmp_path_factory.mktemp("demo")
    write(folder, WORKERS, SEED)
    return folder


@pytest.fixture
def own_demo(demo, tmp_path) -> Path:
    """A copy to change."""
    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    return folder
