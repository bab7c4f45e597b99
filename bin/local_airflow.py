"""Airflow on this machine alone: its own home inside the project, SQLite, loopback, two tasks at a time."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import httpx
from alone import Lock

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
HOME = VAR / "airflow"
LOCK = HOME / "running.lock"
DEMO = VAR / "demo"
CONFIG = DEMO / "jendela.yaml"
USER = "admin"
AGENCY_SLOTS = {"agency_bpjs": 2, "agency_kemnaker": 2, "agency_dinas": 4}


def _free_port(preferred: int) -> int:
    """`preferred`, or any free loopback port where it is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("No free port on the loopback address.")


def _secret(name: str) -> str:
    """A secret of this installation, made once and readable by its owner alone."""
    file = HOME / f"{name}.secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return file.read_text(encoding="ascii")


def environment(port: int) -> dict[str, str]:
    """The environment of every Airflow process: as FACTS of SQLite want it, and nothing beyond loopback."""
    HOME.mkdir(parents=True, exist_ok=True)
    passwords = HOME / "passwords.json"
    if not passwords.exists():
        passwords.touch(mode=0o600)
        passwords.write_text(json.dumps({USER: secrets.token_urlsafe(12)}), encoding="ascii")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "AIRFLOW_HOME": str(HOME),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__CORE__FERNET_KEY": _fernet(),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__SECRET_KEY": _secret("api"),
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret("jwt"),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_free_port(8793)),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "600",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
        # A night that was broken off is taken up at once, not after Airflow's five minutes.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GX_ANALYTICS_ENABLED": "false",
        "JENDELA_CONFIG": str(CONFIG),
        "JENDELA_RETRY_SECONDS": "2",
        # Here a night runs when it is asked for; a schedule that began in the past would start one by itself.
        "JENDELA_SCHEDULE_FROM": str((datetime.now(UTC) + timedelta(days=2)).date()),
    }


def _fernet() -> str:
    """Airflow's key for the credentials in its database."""
    from cryptography.fernet import Fernet

    file = HOME / "fernet.secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(Fernet.generate_key().decode(), encoding="ascii")
    return file.read_text(encoding="ascii")


@dataclass(frozen=True)
class Airflow:
    """A running Airflow: its address, and a client that is signed in to its REST API."""

    url: str
    password: str
    client: httpx.Client

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET below /api/v2."""
        return self.client.get(path, params=params).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any], *, exists_is_fine: bool = False) -> Any:
        """The JSON of a POST below /api/v2."""
        answer = self.client.post(path, json=body)
        if exists_is_fine and answer.status_code == httpx.codes.CONFLICT:
            return None
        return answer.raise_for_status().json()

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON of a PATCH below /api/v2."""
        return self.client.patch(path, json=body).raise_for_status().json()


# Logs of tasks are read from their folder; the scheduler's own server of logs would listen to every network.
COMMANDS = (("api-server",), ("scheduler", "--skip-serve-logs"), ("dag-processor",))


@contextmanager
def running(lock: Lock, preferred_port: int = 8080) -> Iterator[Airflow]:
    """Airflow while the block runs: API server, scheduler and DAG processor, ended with it."""
    port = _free_port(preferred_port)
    env = environment(port)
    logs = HOME / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    if not (HOME / "migrated").exists():
        _quietly(["airflow", "db", "migrate"], env, logs / "migrate.log")
        (HOME / "migrated").touch()
    _leave_when_told()
    processes = []
    try:
        for name, *more in COMMANDS:
            with (logs / f"{name}.log").open("ab") as log:
                processes.append(_start(["airflow", name, *more], lock, log, env))
        yield _sign_in(f"http://127.0.0.1:{port}", processes, logs)
    finally:
        _end(processes)


def _start(
    command: list[str], lock: Lock, log: IO[bytes], env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """`command` in a group of its own; it holds the lock on, should this process be killed before it."""
    started = subprocess.Popen(
        command,
        env=env,
        cwd=ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,
        pass_fds=(lock.descriptor,),
    )
    lock.started(started.pid)
    return started


def _leave_when_told() -> None:
    """Ended from outside, or with the terminal: what was started must go too, as after Ctrl-C."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, _leave)


def _leave(told: int, _: object) -> None:
    raise SystemExit(128 + told)


def _quietly(command: list[str], env: dict[str, str], log: Path) -> None:
    with log.open("ab") as out:
        if subprocess.run(command, env=env, cwd=ROOT, stdout=out, stderr=out, check=False).returncode:
            raise SystemExit(f"`{' '.join(command)}` failed; see {log}.")


def _sign_in(url: str, processes: list[subprocess.Popen[bytes]], logs: Path) -> Airflow:
    password = json.loads((HOME / "passwords.json").read_text(encoding="ascii"))[USER]
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            raise SystemExit(f"Airflow ended while starting; see {logs}.")
        try:
            answer = httpx.post(
                f"{url}/auth/token", json={"username": USER, "password": password}, timeout=10
            )
            token = answer.raise_for_status().json()["access_token"]
        except httpx.HTTPError:
            time.sleep(0.5)
            continue
        client = httpx.Client(
            base_url=f"{url}/api/v2", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        return Airflow(url, password, client)
    raise SystemExit(f"Airflow did not answer within two minutes; see {logs}.")


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End what was started here, with its children, by the process groups it was started in."""
    for process in reversed(processes):
        if process.poll() is None:
            with suppress(ProcessLookupError):  # it ended just now, and the others must end too
                os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def chosen_offices() -> str:
    """The offices that the demo was written with: `first` or `all`; empty where there is no demo."""
    file = DEMO / "state.json"
    if not file.exists():
        return ""
    return str(json.loads(file.read_text(encoding="utf-8")).get("offices", "first"))


def demo_night() -> date:
    """The night that the demo's agencies are ready for: after the last one, if a day has passed since."""
    return date.fromisoformat(json.loads((DEMO / "state.json").read_text(encoding="utf-8"))["night"])


@contextmanager
def serving_offices(lock: Lock) -> Iterator[None]:
    """The servers that some offices of the demo need, while the block runs; nothing where none does."""
    if chosen_offices() != "all":
        yield
        return
    HOME.mkdir(parents=True, exist_ok=True)
    _leave_when_told()
    log = HOME / "demo-serve.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "jendela", "demo", "serve", str(DEMO)]
        process = _start(command, lock, out)
    try:
        _until_served(process, log)
        yield
    finally:
        _end([process])


def _until_served(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while b"Ctrl-C" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"The demo's offices cannot be served; see {log}.")
        time.sleep(0.2)


def connections() -> dict[str, str]:
    """The demo's connections by name, from the file that the demo wrote."""
    lines = (DEMO / "connections.env").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name.removeprefix("JENDELA_CONN_"): value.strip("'") for name, value in pairs}


def furnish(airflow: Airflow) -> None:
    """Make the pools and connections that the DAG expects, where they are not there yet."""
    known = {pool["name"] for pool in airflow.get("/pools")["pools"]}
    for name, slots in AGENCY_SLOTS.items():
        if name not in known:
            airflow.post(
                "/pools",
                {"name": name, "slots": slots, "description": "What this agency's servers bear at a time"},
            )
    there = {item["connection_id"] for item in airflow.get("/connections", limit=100)["connections"]}
    for name, url in connections().items():
        told = {"connection_id": name, "conn_type": "generic", "extra": json.dumps({"url": url})}
        if name not in there:
            airflow.post("/connections", told)
        elif url.startswith(("sftp:", "http:")):  # served on another port than the last time, maybe
            airflow.patch(f"/connections/{name}?update_mask=extra", told)
