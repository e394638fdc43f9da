"""The web application, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import JsonValue
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tellerline.domain.errors import ServiceError
from tellerline.web import problem, wire
from tellerline.web.body import BodyGuard
from tellerline.web.calculators import calculator_routes
from tellerline.web.cases import case_routes
from tellerline.web.conversation import conversation_routes, problems
from tellerline.web.demo import demo_routes
from tellerline.web.desk.conversation import conversation_routes as desk_conversation_routes
from tellerline.web.desk.feed import desk_feed_route
from tellerline.web.desk.access import PREFIX as DESK
from tellerline.web.desk.access import is_signed
from tellerline.web.desk.office import customer_file_routes, office_routes
from tellerline.web.desk.session import session_routes
from tellerline.web.desk.staff import staff_routes
from tellerline.web.desk.work import work_routes
from tellerline.web.feed import feed_route
from tellerline.web.headers import SecureHeaders
from tellerline.web.knowledge import PREFIX as KNOWLEDGE
from tellerline.web.knowledge import knowledge_routes
from tellerline.web.page import page_routes
from tellerline.web.rate import AddressRate
from tellerline.web.site import Site, TheSite

OPENAPI_URL = "/api/v1/openapi.json"
DESCRIPTION = """The customer-service counter of a bank: conversations with its assistant.

Errors are problem details (RFC 9457); programs may switch on `code`. A conversation is also told live, gap-free and in
order, over a WebSocket: `/api/v1/conversations/{id}/feed?after=N`; send `{"token": "…"}` first.
"""

service_routes = APIRouter(tags=["service"])


@service_routes.get("/api/v1/about", responses=problems(429))
async def show_about(site: TheSite) -> wire.About:
    """Tell what a page needs to know of this counter."""
    bank = wire.Name(zh=site.bank.zh, en=site.bank.en)
    return wire.About(bank=bank, version=site.version, demo=site.demo is not None, memory=site.remembering is not None, languages=["zh", "en"])


@service_routes.get("/health")
async def show_health() -> wire.Health:
    """Tell that the process lives."""
    return wire.Health(status="ok")


@service_routes.get(
    "/ready", responses={503: {"model": wire.Readiness, "description": "A part is not ready."}}
)
async def show_readiness(site: TheSite, response: Response) -> wire.Readiness:
    """Tell whether every part is ready to serve."""
    parts = dict(await site.ready())
    ready = all(parts.values())
    response.status_code = 200 if ready else 503
    return wire.Readiness(ready=ready, parts=parts)


class Application(FastAPI):
    """FastAPI, with problem details in its OpenAPI document in place of the framework's own form of errors."""

    def openapi(self) -> dict[str, JsonValue]:
        """Return the OpenAPI document, made when it is first asked for."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.routes
            )
            problem_form = wire.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = document["components"]["schemas"]
            schemas.update(problem_form.pop("$defs", {}))
            schemas["Problem"] = problem_form
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            self.openapi_schema = document
        return self.openapi_schema


def build_application(
    site: Site,
    *,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    rooms: Sequence[APIRouter] = (),
) -> FastAPI:
    """Put the application together. `rooms` are further routes, such as the desk's."""
    app = Application(
        title=f"{site.bank.en} · Tellerline",
        version=site.version,
        description=DESCRIPTION,
        openapi_url=OPENAPI_URL,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.site = site

    def may_upload(path: str, headers: Headers) -> bool:
        return _may_upload(site, path, headers)

    app.add_exception_handler(ServiceError, problem.on_service_error)
    app.add_exception_handler(RequestValidationError, problem.on_validation_error)
    app.add_exception_handler(HTTPException, problem.on_http_error)
    app.add_exception_handler(Exception, problem.on_bug)
    always = (service_routes, conversation_routes, calculator_routes, knowledge_routes, case_routes)
    desk = (session_routes, staff_routes, work_routes, desk_conversation_routes, office_routes, customer_file_routes)
    for routes in (*always, *desk, *rooms, *([demo_routes] if site.demo else [])):
        app.include_router(routes)
    app.router.routes += [feed_route, desk_feed_route, *page_routes(site)]
    # The last one added is the first to see a request.
    app.add_middleware(BodyGuard, may_upload=may_upload)
    app.add_middleware(AddressRate, gate=site.rates)
    app.add_middleware(SecureHeaders)
    return app


def _may_upload(site: Site, path: str, headers: Headers) -> bool:
    """Tell who may send a file in place of JSON: staff where they bring documents, and customers into their conversation."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    bearer = token if scheme.lower() == "bearer" else ""
    if path.startswith(f"{KNOWLEDGE}/") and "/documents/" in path:
        return bool(bearer) and site.staff.person(bearer) is not None
    if path.startswith(f"{DESK}/"):
        brings = any(f"/{kind}/" in path for kind in ("attachments", "canned", "skills"))
        return brings and is_signed(site, headers)
    return path.startswith("/api/v1/conversations/") and "/attachments/" in path and bool(bearer)
