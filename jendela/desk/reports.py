"""The nights' reports and Data Docs in a browser: files that the hub wrote, read and never changed.

They name nobody, so being signed in is enough to read them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

SHOWN = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
}
# The report's comfort is one script of its own; nothing may be fetched from elsewhere.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Night = Annotated[str, PathParameter(pattern=r"^\d{4}-\d\d-\d\d[0-9a-z+.-]*$")]


def reports_app(state: Callable[[], Path], signed_in: Callable[..., Any]) -> FastAPI:
    """The pages, for mounting: `state` gives the hub's state folder, `signed_in` is a dependency that refuses
    whoever may not read them."""
    app = FastAPI(
        title="Jendela", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(signed_in)]
    )

    @app.get("/")
    def nights() -> HTMLResponse:
        """All nights that have a report, the latest first."""
        return HTMLResponse(index(state() / "reports"), headers=HEADERS)

    @app.get("/{night}/{name:path}")
    def file(night: Night, name: str) -> FileResponse:
        """One file of a night's folder."""
        folder = (state() / "reports" / night).resolve()
        found = (folder / name).resolve() if "\0" not in name else folder
        if not found.is_relative_to(folder) or found.suffix not in SHOWN or not _is_there(found):
            raise HTTPException(404, "There is no such file in this night's report.")
        return FileResponse(found, media_type=SHOWN[found.suffix], headers=HEADERS)

    return app


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name longer than any file's
        return False


def index(folder: Path) -> str:
    """The page of all nights below the folder of the reports."""
    found = sorted((night for night in folder.glob("*") if (night / "report.html").is_file()), reverse=True)
    environment = Environment(
        loader=PackageLoader("jendela.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    nights = [(night.name, (night / "data_docs" / "index.html").is_file()) for night in found]
    return environment.get_template("reports.html").render(nights=nights)
