"""Papers at the desk: attachments, letters, lists, and workbooks that the staff bring."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from tellerline.desk.office import Attached, File
from tellerline.desk.sheet import XLSX
from tellerline.domain.language import Language
from tellerline.web.conversation import Access, problems
from tellerline.web.desk import wire
from tellerline.web.desk.access import PREFIX, Desk, Signed, access_desk
from tellerline.web.desk.conversation import Conversation
from tellerline.web.conversation import answer
from tellerline.web.desk.session import READ, WRITE
from tellerline.web.site import TheSite

office_routes = APIRouter(prefix=PREFIX, tags=["desk"])
customer_file_routes = APIRouter(prefix="/api/v1/conversations/{id}/attachments", tags=["conversations"])
FileName = Annotated[str, Path(max_length=200, description="Its file name, which tells its form.")]
Attachment = Annotated[str, Path(max_length=64, description="Its id.")]
_ANY_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_FILE: dict[int | str, dict[str, object]] = {
    200: {"description": "The file.", "content": {"application/octet-stream": {}}}
}


def download(file: File) -> Response:
    """Return a file to be saved, never to be shown: no browser opens it as a page of ours."""
    name = quote(file.name, safe="")
    return Response(
        file.data,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _attached(attached: Attached) -> Response:
    return answer(attached, 201)


@office_routes.put(
    "/conversations/{id}/attachments/{name}",
    status_code=201,
    response_model=wire.Attached,
    responses=WRITE,
    openapi_extra=_ANY_BODY,
)
async def attach(
    request: Request, desk: Desk, session: Signed, conversation: Conversation, name: FileName
) -> Response:
    """Send the customer a file, as the body: png, jpeg, webp, pdf, docx, xlsx or txt, up to 5 MB."""
    data = await request.body()
    return _attached(await desk.office.attach(session.account, conversation, name, data))


@office_routes.get("/conversations/{id}/attachments/{attachment}", responses={**_FILE, **READ})
async def open_attachment(
    desk: Desk, session: Signed, conversation: Conversation, attachment: Attachment
) -> Response:
    """Open an attachment."""
    return download(await desk.office.file(session.account, conversation, attachment))


@office_routes.get("/conversations/{id}/letter", responses={**_FILE, **READ})
async def write_letter(
    desk: Desk,
    session: Signed,
    conversation: Conversation,
    form: Annotated[Literal["pdf", "docx"], Query(description="The letter's form.")] = "pdf",
    language: Annotated[Language, Query(description="Of the letter's own words.")] = "zh",
    case: Annotated[str, Query(max_length=40, description="Only this case, as an acknowledgement.")] = "",
) -> Response:
    """Write the conversation as the customer saw it, or one of its cases, as a letter."""
    return download(
        await desk.office.letter(session.account, conversation, form=form, language=language, case=case)
    )


@office_routes.get("/list.xlsx", responses={**_FILE, **READ})
async def export_list(desk: Desk, session: Signed) -> Response:
    """Export what is at the desk as a workbook; what was said is not in it."""
    data = await asyncio.to_thread(desk.office.work_list, session.account)
    return download(File("desk.xlsx", XLSX, data))


@office_routes.put(
    "/canned/{name}", response_model=wire.Brought, responses=WRITE, openapi_extra=_ANY_BODY
)
async def bring_phrases(request: Request, desk: Desk, session: Signed, name: FileName) -> Response:
    """Bring canned replies in a workbook with the columns id, title_zh, title_en, zh, en, tags; all or none are taken."""
    data = await request.body()
    count = await asyncio.to_thread(desk.office.bring_phrases, session.account, name, data)
    return answer({"count": count})


@office_routes.put(
    "/skills/{name}", response_model=wire.Brought, responses=WRITE, openapi_extra=_ANY_BODY
)
async def bring_skills(request: Request, desk: Desk, session: Signed, name: FileName) -> Response:
    """Bring who serves what in a workbook with the columns account, queues, languages, licences, capacity."""
    data = await request.body()
    return answer({"count": desk.office.bring_skills(session.account, name, data)})


# --- the customer's side


@customer_file_routes.put(
    "/{name}",
    status_code=201,
    response_model=wire.Attached,
    responses=problems(400, 401, 404, 409, 413, 415, 422, 429, 503),
    openapi_extra=_ANY_BODY,
)
async def bring_file(request: Request, site: TheSite, conversation: Access, name: FileName) -> Response:
    """Send a file to the representative, as the body; while none is there or asked for it is not taken."""
    office = access_desk(site).office
    return _attached(await office.bring(conversation, name, await request.body()))


@customer_file_routes.get("/{attachment}", responses={**_FILE, **problems(401, 404, 422, 429, 503)})
async def open_file(site: TheSite, conversation: Access, attachment: Attachment) -> Response:
    """Open a file of this conversation."""
    return download(await access_desk(site).office.file_of(conversation, attachment))
