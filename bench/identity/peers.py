"""The tools side by side: how each is started, and what its run cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.identity import environment

ROOT = environment.ROOT
LIMIT_SECONDS = 3600
RECORDLINKAGE_LIMIT = 110_000  # persons


@dataclass(frozen=True)
class Cost:
    """One run in a process of its own."""

    wall: float
    cpu: float
    peak_mb: float
    stages: dict[str, float] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Tool:
    """A tool by name; `command` builds its command line from left, right (or none), links and clusters."""

    name: str
    command: Callable[[Path, Path | None, Path, Path], list[str]]
    persons: int | None = None  # not run on more than this


def _module(name: str, interpreter: Callable[[], str] = lambda: sys.executable) -> Callable[..., list[str]]:
    def command(left: Path, right: Path | None, links: Path, clusters: Path) -> list[str]:
        files = [str(left), *([str(right)] if right else [])]
        return [interpreter(), "-m", name, *files, "--out", str(links), "--clusters", str(clusters)]

    return command


def _jendela(left: Path, right: Path | None, links: Path, clusters: Path) -> list[str]:
    verb = ["link", str(left), str(right)] if right else ["dedupe", str(left)]
    script = Path(sys.executable).with_name("jendela")
    return [str(script), *verb, "--out", str(links), "--clusters", str(clusters), "--json"]


TOOLS = {
    "jendela": Tool("jendela", _jendela),
    "splink": Tool("splink", _module("bench.identity.peer_splink")),
    "nik": Tool("nik", _module("bench.identity.peer_nik")),
    "recordlinkage": Tool(
        "recordlinkage",
        _module("bench.identity.peer_recordlinkage", lambda: str(environment.python())),
        RECORDLINKAGE_LIMIT,
    ),
}


def run(tool: Tool, left: Path, right: Path | None, links: Path, clusters: Path) -> Cost:
    """Run the tool in a process of its own; a failure is a result, with what it last said."""
    for path in (links, clusters):
        path.unlink(missing_ok=True)
    command = tool.command(left, right, links, clusters)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(links.parent)}
    launcher = [sys.executable, str(Path(__file__).with_name("child.py")), *command]
    try:
        done = subprocess.run(
            launcher,
            capture_output=True,
            text=True,
            cwd=links.parent,
            env=environ,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Cost(LIMIT_SECONDS, 0, 0, error=f"not done after {LIMIT_SECONDS} s")
    try:
        figures = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        return Cost(0, 0, 0, error=done.stderr[-800:] or "no result")
    error = figures["error"] if figures["code"] not in (0, 1) or not links.exists() else ""
    if figures["code"] and not error and not links.exists():
        error = f"exit code {figures['code']}"
    return Cost(figures["wall"], figures["cpu"], figures["peak_mb"], _stages(figures["last"]), error)


def _stages(line: str) -> dict[str, float]:
    """The seconds by stage a tool printed as its last line, if it did."""
    try:
        stages = json.loads(line).get("stages", {})
    except (json.JSONDecodeError, AttributeError):
        return {}
    return {str(name): float(value) for name, value in stages.items() if isinstance(value, int | float)}
