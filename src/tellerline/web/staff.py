"""Who of the staff asks: the owner of the token they show. Without tokens in the settings nobody is let in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tellerline.domain.errors import Refused
from tellerline.web.problem import Unauthenticated


class Staff:
    """The staff, by their tokens. Of the tokens only hashes are kept, and all are compared every time."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._digests = {name: _digest(token) for name, token in tokens.items()}

    def person(self, token: str) -> str | None:
        """Return whose token this is; None when it is nobody's."""
        asked = _digest(token)
        found = [name for name, digest in self._digests.items() if hmac.compare_digest(digest, asked)]
        return found[0] if found else None

    def access(self, bearer: HTTPAuthorizationCredentials | None) -> str:
        """Return who asks. Raises: Unauthenticated without a token; Refused when it is nobody's."""
        if bearer is None:
            raise Unauthenticated("token_missing", "Send your staff token as `Authorization: Bearer …`.")
        person = self.person(bearer.credentials)
        if person is None:
            raise Refused("staff_only", "Only staff may do this, and this token is nobody's.")
        return person


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


StaffBearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, scheme_name="StaffToken", description="A staff token.")),
]
