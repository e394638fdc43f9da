"""Settings, read once at the start and unchangeable afterwards. An unknown `TELLERLINE_…` variable is an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tellerline.domain.errors import Invalid

PREFIX = "TELLERLINE_"
TOKEN_CHARS_MIN = 16
_IGNORED = {"TELLERLINE_NO_SKIP"}  # read by the tests only


def default_pack() -> Path:
    """Return where Harbour Bank lies: beside the package when installed, in the checkout otherwise."""
    here = Path(__file__).resolve().parent
    installed = here / "packs" / "harbour"
    return installed if installed.exists() else here.parents[1] / "packs" / "harbour"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that may differ between one installation and another.

    data:     folder of the record and the simulated core; pack: folder of the bank pack.
    demo:     the simulated bank, the demo phone and open traces; never on a real installation.
    quiet_ms, typing_ms, burst_ms: pacing, see `channels.counter.Pace`.
    staff_tokens: who of the staff may propose and approve, `name=token,name=token`; nobody, unless told.
    oidc_issuer, oidc_client_id, oidc_client_secret: the bank's own login (OpenID Connect) for its staff; none, unless told.
    rate_limits: keep callers to the rates of `web.rate.Rates`; off only for load tests.
    """

    data: Path = Path("data")
    pack: Path = msgspec.field(default_factory=default_pack)
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True
    seed: int = 20261123
    quiet_ms: int = 600
    typing_ms: int = 2_500
    burst_ms: int = 8_000
    silence_s: int = 180
    reconcile_s: int = 15
    rate_limits: bool = True
    seats_max: int = 5_000
    staff_tokens: dict[str, str] = {}
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""


def load_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Read settings from `TELLERLINE_…` variables; what is `given` (not None) goes before them.

    Raises: Invalid, code `settings`, naming the variable and the remedy.
    """
    names = set(Settings.__struct_fields__)
    values: dict[str, object] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable in _IGNORED:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in names:
            known = ", ".join(sorted(PREFIX + known.upper() for known in names))
            raise Invalid("settings", f"{variable} is not a setting; known are {known}", field=variable)
        values[name] = _staff(value) if name == "staff_tokens" else value
    values.update({name: value for name, value in given.items() if value is not None})
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise Invalid("settings", f"a {PREFIX}… setting is wrong: {error}", field=str(error)) from error


def _staff(value: str) -> dict[str, str]:
    """Read `name=token,name=token`. Raises: Invalid; the tokens are not told."""
    pairs = [entry.strip().partition("=") for entry in value.split(",") if entry.strip()]
    tokens = {name.strip(): token.strip() for name, _, token in pairs}
    short = [name for name, token in tokens.items() if not name or len(token) < TOKEN_CHARS_MIN]
    if short or len(tokens) < len(pairs) or len(set(tokens.values())) < len(tokens):
        detail = (
            f"{PREFIX}STAFF_TOKENS is name=token,name=token; each person has one token, "
            f"of at least {TOKEN_CHARS_MIN} characters, that is nobody else's"
        )
        raise Invalid("settings", detail, field=f"{PREFIX}STAFF_TOKENS")
    return tokens


def _path(kind: type, value: object) -> object:
    return Path(str(value)) if kind is Path else value
