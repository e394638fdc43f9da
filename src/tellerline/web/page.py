"""The pages: the customer's chat and the staff's desk with their parts, and a readable list of the interface's calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from html import escape

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tellerline.web.problem import render_problem
from tellerline.web.site import Site

PARTS_CACHE = "public, max-age=31536000, immutable"  # their names change with their content
PAGE_CACHE = "no-cache"  # kept, but checked each time
GZIP_BYTES_MIN = 1024
_CALLS_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>
<p>The whole description, for programs: <a href="{openapi}">{openapi}</a> (OpenAPI).</p>
<dl>
{calls}
</dl></main></body></html>
"""


class _Parts(StaticFiles):
    """Files that a browser may keep for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = PARTS_CACHE
        return response


def page_routes(site: Site) -> list[Route | Mount]:
    """Return the routes of the pages and of the parts they load."""
    parts = _Parts(directory=site.dist / "assets", check_dir=False)
    return [
        Route("/", _page(site, "index.html")),
        Route("/desk", _page(site, "desk/index.html")),
        Route("/desk/{rest:path}", _page(site, "desk/index.html")),
        Route("/favicon.svg", _page(site, "favicon.svg")),
        Route("/docs", show_calls),
        Mount("/assets", GZipMiddleware(parts, minimum_size=GZIP_BYTES_MIN)),
    ]


def _page(site: Site, name: str) -> Callable[[Request], Awaitable[Response]]:
    path = site.dist / name

    async def show(_: Request) -> Response:
        if not path.is_file():
            return render_problem(503, "pages_not_built", "The pages are not built; `make web` builds them.")
        return FileResponse(path, headers={"Cache-Control": PAGE_CACHE})

    return show


async def show_calls(request: Request) -> Response:
    """List the calls of the interface for people; programs read the OpenAPI document."""
    app = request.app
    assert isinstance(app, FastAPI)
    calls = "\n".join(_calls(app.openapi()))
    return HTMLResponse(_CALLS_PAGE.format(title=escape(app.title), openapi=app.openapi_url, calls=calls))


def _calls(document: Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            yield f"<dt><code>{method.upper()} {escape(path)}</code></dt><dd>{escape(call['description'])}</dd>"
