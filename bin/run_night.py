"""`make run`: one night of the demo agencies under Airflow, and what it did, on the terminal.

The first call writes the agencies; each further one lets a day pass before its night.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

from alone import Lock, alone
from local_airflow import (
    CONFIG,
    DEMO,
    HOME,
    LOCK,
    ROOT,
    Airflow,
    chosen_offices,
    connections,
    demo_night,
    furnish,
    running,
    serving_offices,
)
from rich.live import Live
from rich.table import Table

from jendela.configured import latest
from jendela.report import terminal

DAG = "nightly_exchange"
DONE = {"success", "failed", "skipped", "upstream_failed", "removed"}
STOPPED = "Stopped. `make run` takes the night up where it is."
TOLD_TO_STOP = (128 + signal.SIGTERM, 128 + signal.SIGHUP)
console = terminal.plain_console()


def _jendela(*arguments: str) -> None:
    """Our own command line, in a process of its own."""
    environ = {**os.environ, **{f"JENDELA_CONN_{name}": url for name, url in _known().items()}}
    ended = subprocess.run([sys.executable, "-m", "jendela", *arguments], cwd=ROOT, env=environ, check=False)
    if ended.returncode not in (0, 1):
        raise SystemExit(ended.returncode)


def _known() -> dict[str, str]:
    return connections() if (DEMO / "connections.env").exists() else {}


def prepare(workers: str, seed: str, offices: str) -> None:
    """Write the demo agencies, or let a day pass if the last night is closed; no choice means the demo's own.

    Raises:
        SystemExit: the demo was written with other offices than those asked for now.
    """
    there = chosen_offices()
    if CONFIG.exists() and offices and offices != there:
        console.print(
            f"The demo in {DEMO.relative_to(ROOT)} was written with OFFICES={there}, and you asked for "
            f"OFFICES={offices}. Go on with `make run OFFICES={there}`, or begin anew: `make clean`, then "
            f"`make run OFFICES={offices}`."
        )
        raise SystemExit(2)
    if not CONFIG.exists():
        console.print(
            f"[bold]1/3[/] Writing the demo agencies ({workers} workers) to {DEMO.relative_to(ROOT)}"
        )
        chosen = ("--workers", workers, "--seed", seed, "--offices", offices or "first")
        _jendela("demo", "agencies", str(DEMO), *chosen)
    elif (last := latest(CONFIG, os.environ)) and last.closed and demo_night() <= last.day:
        console.print("[bold]1/3[/] A day passes at the agencies")
        _jendela("demo", "advance", str(DEMO))
    else:
        console.print(
            "[bold]1/3[/] The demo agencies are there; an unfinished night is taken up where it stopped"
        )


def follow(airflow: Airflow, run_id: str) -> str:
    """Show the run's tasks as they go; its final state."""
    started = time.monotonic()
    with Live(console=console, refresh_per_second=2, transient=True) as live:
        while True:
            run = airflow.get(f"/dags/{DAG}/dagRuns/{run_id}")
            tasks = _tasks(airflow, run_id)
            live.update(_progress(tasks, time.monotonic() - started))
            if run["state"] in ("success", "failed"):
                return str(run["state"])
            time.sleep(1)


def _tasks(airflow: Airflow, run_id: str) -> list[dict[str, Any]]:
    """All tasks of a run. Airflow gives a hundred at once at most, whatever it is asked for."""
    found: list[dict[str, Any]] = []
    while True:
        path = f"/dags/{DAG}/dagRuns/{run_id}/taskInstances"
        page = airflow.get(path, limit=100, offset=len(found), order_by="id")
        found += page["task_instances"]
        if not page["task_instances"] or len(found) >= page["total_entries"]:
            return found


def _progress(tasks: list[dict[str, Any]], seconds: float) -> Table:
    ended = [task for task in tasks if task["state"] in DONE]
    table = Table(
        title=f"{DAG}: {len(ended)} of {len(tasks)} tasks, {seconds:.0f} s", title_justify="left", box=None
    )
    for task in tasks:
        if task["state"] in ("running", "up_for_retry", "failed"):
            table.add_row(task["task_id"], task.get("rendered_map_index") or "", task["state"])
    return table


def main() -> int:
    """0: the night is closed; 5: it is not."""
    with alone(LOCK, console.print) as lock:
        return _night(lock)


def _night(lock: Lock) -> int:
    begun = time.monotonic()
    prepare(
        os.environ.get("WORKERS", "20000"), os.environ.get("SEED", "20260901"), os.environ.get("OFFICES", "")
    )
    console.print("[bold]2/3[/] Starting Airflow on the loopback address (about 20 s)")
    with serving_offices(lock), running(lock) as airflow:
        furnish(airflow)
        _wait_for_dag(airflow)
        run_id = _unfinished(airflow) or _trigger(airflow)
        console.print(f"[bold]3/3[/] The night runs as {DAG}, run {run_id}")
        state = follow(airflow, run_id)
        if state == "success":
            _wait_for_verification(airflow)
    if ended := latest(CONFIG, os.environ):
        for receipt in ended.receipts:
            terminal.line(receipt, console)
        terminal.show(str(ended.day), ended.receipts, ended.state, console)
    console.print(f"\nThe whole took {time.monotonic() - begun:.0f} s. Next:")
    console.print("  make ui     Airflow with this run in it")
    console.print("  make run    a day passes, then the next night")
    console.print("  make clean  back to before the first night")
    if state != "success":
        console.print(f"[red]The run ended as {state}: see the red task in `make ui`, or {HOME / 'logs'}.[/]")
        return 5
    return 0


def _unfinished(airflow: Airflow) -> str | None:
    """The run that was broken off, if there is one: it holds the night, and Airflow takes it up again."""
    found = airflow.get(f"/dags/{DAG}/dagRuns", state=["running", "queued"], order_by="run_after")["dag_runs"]
    return str(found[0]["dag_run_id"]) if found else None


def _trigger(airflow: Airflow) -> str:
    body: dict[str, Any] = {"logical_date": None, "conf": {}}
    return str(airflow.post(f"/dags/{DAG}/dagRuns", body)["dag_run_id"])


def _wait_for_dag(airflow: Airflow) -> None:
    """Until the DAG processor has read both DAGs; then they are switched on."""
    until = time.monotonic() + 90
    wanted = {DAG, "verify_evidence"}
    while time.monotonic() < until:
        if wanted <= {found["dag_id"] for found in airflow.get("/dags", limit=50)["dags"]}:
            for dag in sorted(wanted):
                airflow.patch(f"/dags/{dag}", {"is_paused": False})
            return
        if errors := airflow.get("/importErrors")["import_errors"]:
            raise SystemExit(f"A DAG cannot be read: {errors[0]['stack_trace']}")
        time.sleep(0.5)
    raise SystemExit("The DAG processor did not read the DAGs within 90 seconds.")


def _wait_for_verification(airflow: Airflow) -> None:
    """Until verify_evidence, which the night's evidence starts, has ended (30 seconds at most)."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        runs = airflow.get("/dags/verify_evidence/dagRuns", limit=1, order_by="-run_after")["dag_runs"]
        if runs and runs[0]["state"] in ("success", "failed"):
            verdict = "verified" if runs[0]["state"] == "success" else "[red]does not verify[/]"
            console.print(f"The evidence of this night: {verdict} (DAG verify_evidence)")
            return
        time.sleep(1)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        console.print(STOPPED)
        sys.exit(130)
    except SystemExit as told:
        if told.code in TOLD_TO_STOP:
            console.print(STOPPED)
        raise
