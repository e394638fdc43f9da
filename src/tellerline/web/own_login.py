"""The bank's own login (OpenID Connect): authorization code with PKCE, state and nonce; who comes back is looked up by subject.

What has to be remembered between going there and coming back travels in a cookie of its own, signed and short-lived, so
that no state is kept for those who never come back.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import httpx2
import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.errors import MismatchingStateException, MissingCodeException
from authlib.oauth2.rfc6749.parameters import (
    parse_authorization_code_response,
    prepare_grant_uri,
    prepare_token_request,
)
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tellerline.desk.sign_in import SignInRefused
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Unavailable

ALGORITHMS = ["RS256", "ES256", "PS256"]
SCOPE = "openid profile"
WAY_MAX = timedelta(minutes=10)  # from going there to coming back
TIMEOUT_S = 10.0
LEEWAY_S = 60
ANSWER_BYTES_MAX = 256 * 1024


class OwnLoginSettings(msgspec.Struct, frozen=True):
    """Where the bank's login is, and what it knows the desk as."""

    issuer: str
    client_id: str
    client_secret: str


class Way(msgspec.Struct, frozen=True):
    """What is remembered on the way there and back."""

    state: str
    nonce: str
    verifier: str
    until: datetime


class _Provider(msgspec.Struct, frozen=True):
    """What the login says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


class OwnLogin:
    """See the module's head. transport: stands in for the network in tests."""

    def __init__(
        self,
        settings: OwnLoginSettings,
        clock: Clock,
        key: bytes,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._key = key
        self._transport = transport

    async def begin(self, return_url: str) -> tuple[str, str]:
        """Return where to send the browser, and what its cookie holds meanwhile. Raises: Unavailable."""
        provider = await self._provider()
        way = Way(generate_token(32), generate_token(32), generate_token(64), self._clock.now() + WAY_MAX)
        url = prepare_grant_uri(
            provider.authorization_endpoint,
            self._settings.client_id,
            "code",
            redirect_uri=return_url,
            scope=SCOPE,
            state=way.state,
            nonce=way.nonce,
            code_challenge=create_s256_code_challenge(way.verifier),
            code_challenge_method="S256",
        )
        return str(url), self._seal(way)

    async def finish(self, came_back_to: str, return_url: str, cookie: str) -> str:
        """Return the subject, `issuer|sub`, of who came back. Raises: SignInRefused; Unavailable."""
        way = self._open(cookie)
        try:
            found = parse_authorization_code_response(came_back_to, state=way.state)
        except (MismatchingStateException, MissingCodeException) as error:
            raise _refused() from error
        provider = await self._provider()
        body = prepare_token_request(
            "authorization_code", redirect_uri=return_url, code=found["code"], code_verifier=way.verifier
        )
        tokens = await self._token(provider, body)
        keys = await self._get(provider.jwks_uri)
        return f"{provider.issuer}|{self._subject(tokens.id_token, keys, provider, way)}"

    def _subject(self, token: str, keys: bytes, provider: _Provider, way: Way) -> str:
        """Check the identity token and return whose it is."""
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": way.nonce},
        )
        try:
            read = jwt.decode(token, KeySet.import_key_set(msgspec.json.decode(keys)), algorithms=ALGORITHMS)
            registry.validate(read.claims)
        except (JoseError, ValueError, KeyError) as error:
            raise _refused() from error
        return str(read.claims["sub"])

    async def _provider(self) -> _Provider:
        url = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            provider = msgspec.json.decode(await self._get(url), type=_Provider)
        except msgspec.DecodeError as error:
            raise Unavailable("own_login", "the bank's login does not describe itself") from error
        if provider.issuer != self._settings.issuer:
            raise Unavailable("own_login", "the bank's login calls itself something else than the settings do")
        return provider

    async def _token(self, provider: _Provider, body: str) -> _Tokens:
        auth = (self._settings.client_id, self._settings.client_secret)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            async with self._client() as client:
                answer = await client.post(provider.token_endpoint, content=body, headers=headers, auth=auth)
        except httpx2.HTTPError as error:
            raise Unavailable("own_login", "the bank's login does not answer") from error
        if answer.status_code != 200:
            raise _refused()
        try:
            return msgspec.json.decode(answer.content[:ANSWER_BYTES_MAX], type=_Tokens)
        except msgspec.DecodeError as error:
            raise _refused() from error

    async def _get(self, url: str) -> bytes:
        try:
            async with self._client() as client:
                answer = await client.get(url)
        except httpx2.HTTPError as error:
            raise Unavailable("own_login", "the bank's login does not answer") from error
        if answer.status_code != 200:
            raise Unavailable("own_login", "the bank's login does not answer")
        return answer.content[:ANSWER_BYTES_MAX]

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(timeout=TIMEOUT_S, transport=self._transport, follow_redirects=False)

    # --- the cookie of the way

    def _seal(self, way: Way) -> str:
        body = msgspec.json.encode(way).hex()
        return f"{body}.{self._sign(body)}"

    def _open(self, cookie: str) -> Way:
        body, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            raise _refused()
        way = msgspec.json.decode(bytes.fromhex(body), type=Way)
        if way.until < self._clock.now():
            raise _refused()
        return way

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, f"own-login:{body}".encode(), hashlib.sha256).hexdigest()


def _refused() -> SignInRefused:
    return SignInRefused("sign_in_refused", "the bank's login did not vouch for anybody; try again")
