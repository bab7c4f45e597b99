"""What a hub installs is a pinned part of what is tested, and nothing of the test bench."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"jendela", "connectors", "schemas", "mappings", "tests", "bench", "bin"}
HUB, DEV = "requirements.lock", "requirements-dev.lock"


def pins(name: str) -> dict[str, list[str]]:
    """Of each distribution what the lock says: version, marker and hashes, without comments."""
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").split("\n")
    found: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.lstrip().startswith("#"):
            distribution, _, rest = line.partition("==")
            found.setdefault(distribution.partition("[")[0], []).append(" ".join(rest.split()))
    return found


def named(requirements: list[str]) -> set[str]:
    """The distributions that these requirements name, as a lock writes them."""
    return {re.split(r"[^\w.-]", one)[0].lower().replace("_", "-").replace(".", "-") for one in requirements}


def imported(*folders: str) -> set[str]:
    """The roots of all modules that files below these folders import, wherever in the file."""
    found = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found - OURS - set(sys.stdlib_module_names)


def test_a_hub_installs_what_was_tested_to_the_byte():
    hub, tested = pins(HUB), pins(DEV)
    assert {name: pin for name, pin in hub.items() if tested.get(name) != pin} == {}


def test_the_test_bench_is_not_in_a_hub():
    extras = PROJECT["optional-dependencies"]
    bench = named(extras["dev"]) - named(extras["build"] + extras["s3"])
    assert {"pytest", "moto", "mypy", "hypothesis"} <= bench <= set(pins(DEV))
    assert bench & set(pins(HUB)) == set()
    assert named(PROJECT["dependencies"] + extras["build"] + extras["s3"]) <= set(pins(HUB))


@pytest.mark.parametrize("name", [HUB, DEV])
def test_every_pin_has_its_hashes_and_no_lock_names_a_registry(name):
    assert [one for one, said in pins(name).items() if not all("--hash=sha256:" in pin for pin in said)] == []
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", (ROOT / name).read_text())


def test_what_the_hub_imports_is_in_its_own_lock():
    by_module = packages_distributions()
    needed = {
        module: {name.lower().replace("_", "-").replace(".", "-") for name in by_module.get(module, [module])}
        for module in imported("jendela", "connectors", "dags", "plugins")
    }
    assert {module: names for module, names in needed.items() if not names & set(pins(HUB))} == {}
