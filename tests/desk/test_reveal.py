"""What is masked stays masked until somebody who may says why; it is written down, and the value is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from tests.desk.counter import Colleague, Customer, open_site

PHONE = "13800001234"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_site(tmp_path_factory.mktemp("data")) as client:
        yield client


def test_a_name_and_a_typed_number_are_shown_for_a_reason_and_written_down(site: TestClient) -> None:
    lin = Colleague.sign_in(site, "lin.yue", "harbour-lin")
    token = site.get("/demo/customers").json()["customers"][0]["token"]
    with lin.feed() as feed:
        lin.put("presence", {"state": "available"})
        customer = Customer.open(site, "zh", token)
        customer.say(f"我朋友的手机号是{PHONE}，转人工")
        lin.act(customer.id, "accept", {"offer": feed.ring(customer.id)["offer"]["id"]})
        assert PHONE not in lin.get(f"conversations/{customer.id}/events").text
        known = lin.get(f"conversations/{customer.id}/customer").json()
        assert (known["name"]["zh"], known["phone"]) == ("王女士", "138****6021")
        without = lin.post(customer.id, "reveal", {"field": "name", "reason": ""})
        assert without.status_code == 422
        shown = lin.post(customer.id, "reveal", {"field": "name", "reason": "核对回执抬头"}).json()
        assert "王" in shown["value"]
        written = lin.get(f"conversations/{customer.id}/events").json()["events"][-1]
        kept = datetime.fromisoformat(shown["until"]) - datetime.fromisoformat(written["at"])
        assert abs(kept - timedelta(seconds=30)) < timedelta(seconds=1)
        (typed,) = [e["text"] for e in customer.events() if e["kind"] == "message.received"]
        mark = typed[typed.index("[") : typed.index("]") + 1]
        number = lin.post(customer.id, "reveal", {"field": mark, "reason": "回电"}).json()
        assert number["value"].endswith(PHONE)
        written = lin.get(f"conversations/{customer.id}/events").text
        assert written.count('"field.revealed"') == 2
        assert PHONE not in written
        assert lin.post(customer.id, "reveal", {"field": "password", "reason": "why not"}).status_code == 403
    ping = Colleague.sign_in(site, "he.ping", "harbour-he")
    notes = ping.get("audit", account="lin.yue").json()["notes"]
    revealed = [note["detail"] for note in notes if note["action"] == "field.revealed"]
    assert [detail["reason"] for detail in revealed] == ["核对回执抬头", "回电"]
    assert PHONE not in str(notes)
    assert lin.get("audit").status_code == 403
