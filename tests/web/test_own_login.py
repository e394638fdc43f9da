"""The bank's own login, played by a small provider that never leaves this process."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tellerline.desk.sign_in import SignInRefused
from tellerline.domain.errors import Unavailable
from tellerline.testing.clock import VirtualClock
from tellerline.web.own_login import WAY_MAX, OwnLogin, OwnLoginSettings

ISSUER = "https://login.bank.example"
BACK = "https://desk.bank.example/api/v1/desk/session/oidc/return"
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1"})


class Provider:
    """Vouches for one person. `claims` change what its token says; `key` signs it."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock, self.key = clock, KEY
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.issuer = ISSUER
        self.up = True

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if not self.up:
            raise httpx2.ConnectError("no answer", request=request)
        answers: dict[str, Callable[[httpx2.Request], Any]] = {
            "/.well-known/openid-configuration": self.describe,
            "/keys": lambda _: {"keys": [KEY.as_dict(private=False)]},
            "/token": self.token,
        }
        return httpx2.Response(200, json=answers[request.url.path](request))

    def describe(self, _: httpx2.Request) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }

    def visit(self, url: str) -> str:
        """Let somebody sign in there; return where the browser comes back to."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return f"{BACK}?{urlencode({'code': 'c1', 'state': self.asked['state']})}"

    def token(self, request: httpx2.Request) -> dict[str, str]:
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert challenge == self.asked["code_challenge"], "the verifier fits the challenge"
        assert sent["redirect_uri"] == BACK
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "desk",
            "sub": "42",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
        }
        return {"id_token": jwt.encode({"alg": "RS256", "kid": "k1"}, {**claims, **self.claims}, self.key)}


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def provider(clock: VirtualClock) -> Provider:
    return Provider(clock)


@pytest.fixture
def login(clock: VirtualClock, provider: Provider) -> OwnLogin:
    settings = OwnLoginSettings(ISSUER, "desk", "secret")
    return OwnLogin(settings, clock, b"k" * 32, httpx2.MockTransport(provider))


async def test_whom_the_bank_vouches_for_is_known_by_issuer_and_subject(
    login: OwnLogin, provider: Provider
) -> None:
    url, way = await login.begin(BACK)
    assert await login.finish(provider.visit(url), BACK, way) == f"{ISSUER}|42"
    assert provider.asked["code_challenge_method"] == "S256"


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "old"}, {"exp": 1}],
    ids=["audience", "issuer", "nonce", "expired"],
)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(
    login: OwnLogin, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    url, way = await login.begin(BACK)
    with pytest.raises(SignInRefused):
        await login.finish(provider.visit(url), BACK, way)


async def test_a_token_signed_by_somebody_else_is_refused(login: OwnLogin, provider: Provider) -> None:
    provider.key = OTHER_KEY
    url, way = await login.begin(BACK)
    with pytest.raises(SignInRefused):
        await login.finish(provider.visit(url), BACK, way)


async def test_coming_back_with_another_state_a_changed_cookie_or_too_late_is_refused(
    login: OwnLogin, provider: Provider, clock: VirtualClock
) -> None:
    url, way = await login.begin(BACK)
    back = provider.visit(url)
    body, _, signature = way.partition(".")
    changed = msgspec.json.encode({**msgspec.json.decode(bytes.fromhex(body)), "nonce": "x"}).hex()
    for came_back, cookie in (
        (f"{BACK}?code=c1&state=other", way),
        (f"{BACK}?error=access_denied&state={provider.asked['state']}", way),
        (back, ""),
        (back, f"{changed}.{signature}"),
    ):
        with pytest.raises(SignInRefused):
            await login.finish(came_back, BACK, cookie)
    clock.advance(seconds=WAY_MAX.total_seconds() + 1)
    with pytest.raises(SignInRefused):
        await login.finish(back, BACK, way)


async def test_a_login_that_does_not_answer_or_is_another_is_unavailable(
    login: OwnLogin, provider: Provider
) -> None:
    provider.issuer = "https://evil.example"
    with pytest.raises(Unavailable):
        await login.begin(BACK)
    provider.up = False
    with pytest.raises(Unavailable):
        await login.begin(BACK)
