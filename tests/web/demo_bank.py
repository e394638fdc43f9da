"""A demonstration bank in memory: two customers, one phone."""

from __future__ import annotations

from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, Invalid, NotFound

LI: Record = {
    "token": "demo-li",
    "name": {"zh": "李静", "en": "Li Jing"},
    "story": {
        "zh": "工资卡、信用卡和两笔定期存款",
        "en": "Salary account, a credit card and two term deposits",
    },
    "phone": "13800125678",
    "id_last_four": "2316",
    "elder": False,
}
ZHOU: Record = {
    "token": "demo-zhou",
    "name": {"zh": "周国华", "en": "Zhou Guohua"},
    "story": {"zh": "68岁，养老金账户和一张借记卡", "en": "Aged 68: pension account and a debit card"},
    "phone": "13900124321",
    "id_last_four": "1109",
    "elder": True,
}
CODE_TEXT = {
    "zh": "【港湾银行】验证码246810，5分钟内有效。工作人员不会向您索要验证码。",
    "en": "[Harbour Bank] Your code is 246810, valid for 5 minutes. Our staff never ask for it.",
}
FACE_TEXT = {"zh": "请确认人脸核验请求", "en": "Approve the face check"}


class PaperBank:
    """Two customers on paper. `on_face` hears the answer to a face check."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Record]] = {"demo-li": [], "demo-zhou": []}
        self.played: Record = {"mode": "none"}

    def _phone(self, customer_token: str) -> list[Record]:
        if customer_token not in self.entries:
            raise NotFound("customer", "There is no such customer of the demonstration bank.")
        return self.entries[customer_token]

    def ring(self, customer_token: str, kind: str, at: str) -> None:
        """Let a code or a face check arrive."""
        entries = self._phone(customer_token)
        text: Record = dict(CODE_TEXT if kind == "sms" else FACE_TEXT)
        entry: Record = {"id": f"{kind}-{len(entries) + 1}", "at": at, "kind": kind, "text": text}
        entry.update({"code": "246810"} if kind == "sms" else {"state": "pending"})
        entries.insert(0, entry)

    async def customers(self) -> list[Record]:
        return [LI, ZHOU]

    async def phone(self, customer_token: str) -> list[Record]:
        return self._phone(customer_token)

    async def answer_face(self, customer_token: str, check: str, *, approve: bool) -> None:
        found = next((entry for entry in self._phone(customer_token) if entry["id"] == check), None)
        if found is None:
            raise NotFound("check", "There is no such check on this phone.")
        if found["state"] != "pending":
            raise Conflict("answered", "This check is answered already.")
        found["state"] = "approved" if approve else "declined"

    async def faults(self) -> Record:
        return self.played

    async def set_faults(self, faults: Record) -> Record:
        if faults.keys() != {"mode"}:
            raise Invalid("faults", "The paper bank knows only `mode`.", field="mode")
        self.played = faults
        return self.played

    async def state(self, customer_token: str) -> Record:
        return {"entries": len(self._phone(customer_token))}
