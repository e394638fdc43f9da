"""Keys of programs, which customers and staff paste by mistake: API keys, JSON web tokens, private keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.understanding.sensitive.finding import Finding

_KEY = re.compile(
    r"(?<![A-Za-z0-9_\-])(?:"
    r"eyJ[A-Za-z0-9_\-]{5,4096}\.[A-Za-z0-9_\-]{5,4096}(?:\.[A-Za-z0-9_\-]{0,4096})?"
    r"|(?:sk|pk|rk)[\-_][A-Za-z0-9_\-]{16,256}|AKIA[0-9A-Z]{16}|LTAI[A-Za-z0-9]{12,30}|AIza[A-Za-z0-9_\-]{35}"
    r"|gh[pousr]_[A-Za-z0-9]{20,255}|xox[abprs]-[A-Za-z0-9\-]{10,255}"
    r")"
)
_NAMED_KEY = re.compile(
    r"(?:api[ _-]?key|secret(?: key)?|access[ _-]?token|bearer|密钥|令牌)\s{0,2}(?:是|为|is|:|=)?\s{0,2}"
    r"(?P<value>(?=[A-Za-z0-9_\-+/]{0,63}[0-9])[A-Za-z0-9_\-+/]{16,512}={0,2})",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,8192}(?:-----END [A-Z ]{0,24}KEY-----)?"
)


def find_keys(view: str) -> Iterator[Finding]:
    """Yield keys and tokens of programs."""
    for pattern in (_KEY, _PRIVATE):
        for match in pattern.finditer(view):
            yield Finding("secret", *match.span(), certainty=3)
    for match in _NAMED_KEY.finditer(view):
        yield Finding("secret", *match.span("value"), certainty=2)
