"""What a customer asks to have remembered: one of the choices there are, and nothing said of somebody else."""

from __future__ import annotations

import pytest

from tellerline.domain.data import Record
from tellerline.domain.remembered import ElderMode, Preference, Reached, Speaks
from tellerline.memory.wish import address, wishes

WANG: Record = {"name": "王芳", "surname": {"zh": "王", "en": "Wang"}}
SMITH: Record = {"name": "Emma Smith", "surname": {"zh": "Smith", "en": "Smith"}}


@pytest.mark.parametrize(
    ("text", "profile", "wish"),
    [
        ("叫我王老师", WANG, address("teacher", WANG)),
        ("别叫我先生，叫我女士", WANG, address("ms", WANG)),
        ("I'm not a Mr, call me Ms Smith", SMITH, address("ms", SMITH)),
        ("call me Emma", SMITH, address("given", SMITH)),
        ("please use my full name", SMITH, address("full", SMITH)),
        ("以后有结果发短信，别打电话", WANG, Reached("sms")),
        ("ring me with any news", SMITH, Reached("phone")),
        ("关闭长辈模式", WANG, ElderMode(on=False)),
        ("turn on elder mode please", SMITH, ElderMode()),
        ("以后都跟我说英文", WANG, Speaks("en")),
    ],
)
def test_a_plain_wish_is_heard(text: str, profile: Record, wish: Preference) -> None:
    assert wishes(text, profile) == [wish]


@pytest.mark.parametrize(
    "text", ["我妈喜欢打电话", "以后打电话给我老公", "my mother prefers texts", "text my wife instead"]
)
def test_what_is_said_of_somebody_else_is_nobodys_wish(text: str) -> None:
    assert wishes(text, WANG) == []


@pytest.mark.parametrize("text", ["改一下我的偏好", "change my preferences", "叫我小仙女"])
def test_otherwise_there_is_a_choice_of_all_there_is(text: str) -> None:
    offered = wishes(text, WANG)
    assert len(offered) > 6
    assert len(set(offered)) == len(offered)


def test_names_are_those_on_file() -> None:
    assert (address("teacher", WANG).zh, address("teacher", WANG).en) == ("王老师", "Teacher Wang")
    assert (address("given", WANG).zh, address("given", WANG).en) == ("芳", "Fang")
    assert (address("full", WANG).zh, address("full", WANG).en) == ("王芳", "Fang Wang")
    assert address("full", SMITH).zh == "Emma Smith"
