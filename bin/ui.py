"""`make ui`: the Airflow of `make run` in a browser, on this machine only, until Ctrl-C."""

from __future__ import annotations

import sys
import time

from alone import alone
from local_airflow import HOME, LOCK, USER, furnish, running, serving_offices
from rich.console import Console


def main() -> int:
    """0 when it was ended by hand."""
    console = Console()
    if not (HOME / "migrated").exists():
        console.print("There is no night to look at yet: `make run` first.")
        return 2
    console.print("Starting Airflow on the loopback address (about 20 s)")
    with alone(LOCK, console.print) as lock, serving_offices(lock), running(lock) as airflow:
        furnish(airflow)
        console.print(
            f"\n  {airflow.url}/dags/nightly_exchange\n  user {USER}, password {airflow.password}\n"
        )
        console.print("Ctrl-C ends it.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
