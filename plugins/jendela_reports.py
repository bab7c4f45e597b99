"""The nights' reports and Data Docs within Airflow's own pages, for whoever is signed in there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin

from jendela.configured import state_folder
from jendela.desk.reports import reports_app

PREFIX = "/jendela/reports"


def _state() -> Path:
    return state_folder(os.environ)


class JendelaReports(AirflowPlugin):
    """Airflow does not ask who calls a plugin's app: the app asks itself, with Airflow's own `get_user`."""

    name = "jendela_reports"
    fastapi_apps: ClassVar[list[Any]] = [
        {"app": reports_app(_state, get_user), "url_prefix": PREFIX, "name": "Jendela reports"}
    ]
    # Relative, so that it holds behind a proxy and below a path.
    external_views: ClassVar[list[Any]] = [
        {
            "name": "Reports",
            "href": f"{PREFIX[1:]}/",
            "destination": "nav",
            "url_route": "night_reports",
        },
        {"name": "Reports", "href": f"{PREFIX[1:]}/", "destination": "dag", "url_route": "dag_reports"},
    ]
