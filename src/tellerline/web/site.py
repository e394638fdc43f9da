"""What the routes work with, as the composition root gives it."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from tellerline.desk.house import StaffDesk
from tellerline.dialogue.case_desk import CaseDesk
from tellerline.dialogue.learning import Learning
from tellerline.domain.event import ConversationId, Event
from tellerline.domain.language import Text
from tellerline.web.own_login import OwnLogin
from tellerline.quality.office import Quality
from tellerline.web.ports import Counter, DemoBank, Remembering
from tellerline.web.rate import RateGate
from tellerline.web.staff import Staff

DIST = Path(__file__).parent / "dist"


@dataclass(frozen=True)
class Site:
    """The parts behind the doors, and what is open at the moment.

    demo:           the demonstration bank, or None where real customers are served.
    staff:          who may come in by a staff token; nobody unless told.
    learning:       proposals of changes, or None where no record keeps them.
    desk:           the representatives' desk, or None where no record keeps it.
    own_login:      the bank's own login for its staff, or None where there is none.
    cases:          what is owed to customers, or None where nobody works on it.
    quality:        how well conversations were held, or None where nothing is scored.
    remembering:    what is remembered of customers, or None where nothing is.
    ready:          tells for each part whether it is ready to serve.
    turn_timeout_s: how long `?wait=turn` waits.
    dist:           the folder of the built pages.
    feeds:          open feeds by conversation; late: turns that outlasted their caller's patience.
    """

    counter: Counter
    bank: Text
    version: str
    rates: RateGate
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    demo: DemoBank | None = None
    staff: Staff = Staff({})  # noqa: RUF009  nobody, and never changed
    learning: Learning | None = None
    desk: StaffDesk | None = None
    own_login: OwnLogin | None = None
    cases: CaseDesk | None = None
    remembering: Remembering | None = None
    quality: Quality | None = None
    turn_timeout_s: float = 30.0
    dist: Path = DIST
    feeds: Tally[ConversationId] = field(default_factory=Tally)
    late: set[asyncio.Future[Sequence[Event]]] = field(default_factory=set)


def access_site(connection: HTTPConnection) -> Site:
    """Return the site that a request came to."""
    site = connection.app.state.site
    assert isinstance(site, Site)
    return site


TheSite = Annotated[Site, Depends(access_site)]
