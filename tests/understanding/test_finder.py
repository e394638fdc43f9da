"""Entities of both languages, with their values: today is Monday, 23 November 2026, in a Chinese conversation."""

from __future__ import annotations

from datetime import date

import pytest

from tellerline.domain.language import Text
from tellerline.domain.reading import Context, Entity
from tellerline.understanding.entities.finder import EntityFinder
from tellerline.understanding.normalise import normalise

PLACES = [
    Text("深圳市", "Shenzhen"),
    Text("福田区", "Futian"),
    Text("上海市", "Shanghai"),
    Text("杭州市", "Hangzhou"),
    Text("香港特别行政区", "Hong Kong"),
]
CONTEXT = Context("zh", date(2026, 11, 23), ("王伟", "李晓梅", "陈静", "John Smith"))
FINDER = EntityFinder(PLACES)

# What is found, by start and then by score, as `type value [unit][..last day]`.
TABLE = """
五百 => number 500; money 50000 CNY
500 => number 500; money 50000 CNY
500块 => money 50000 CNY
伍佰元 => money 50000 CNY
5k => number 5000; money 500000 CNY
转5k => money 500000 CNY
5千 => number 5000; money 500000 CNY
1.2万 => number 12000; money 1200000 CNY
三万五 => number 35000; money 3500000 CNY
两百五十块 => money 25000 CNY
给他三万五 => money 3500000 CNY
五块五毛 => money 550 CNY
3块5 => money 350 CNY
¥99.90 => money 9990 CNY
人民币3000元 => money 300000 CNY
RMB 3000 => money 300000 CNY
$20 => money 2000 USD
20 USD => money 2000 USD
US$1,234.56 => money 123456 USD
100美元 => money 10000 USD
港币3000 => money 300000 HKD
500欧元 => money 50000 EUR
五千日元 => money 5000 JPY
50 cents => money 50 CNY
five hundred bucks => money 50000 CNY
five fifty => number 550; money 55000 CNY
pay five fifty => money 55000 CNY
twelve thousand five hundred yuan => money 1250000 CNY
two and a half thousand => number 2500; money 250000 CNY
a hundred pounds => money 10000 GBP
half a million => number 500000; money 50000000 CNY
send 1.5k => money 150000 CNY
转五百给李晓梅 => money 50000 CNY; name 李晓梅
给汪伟转500 => name 汪伟; money 50000 CNY
给陈靜转两千 => name 陈静; money 200000 CNY
转1,200.50给王伟 => money 120050 CNY; name 王伟
给赵刚建行卡转的三万 => name 赵刚; money 3000000 CNY
转3万5千块 => money 3500000 CNY
存100万 => money 100000000 CNY
2千万 => number 20000000; money 2000000000 CNY
消费了58.5元 => money 5850 CNY
扣了我128 => money 12800 CNY
不是500,是800 => money 50000 CNY; money 80000 CNY
把500改成800 => number 500; money 80000 CNY
not 500, 800 => money 50000 CNY; money 80000 CNY
300 not 3000 => number 300; money 300000 CNY
额度调到五万 => money 5000000 CNY
limit to 20000 => money 2000000 CNY
取一万二 => money 1200000 CNY
二百五 => number 250; money 25000 CNY
从6621转到陈静那里2000 => last_four 6621; name 陈静; money 200000 CNY
从6621给陈静转两万 => last_four 6621; name 陈静; money 2000000 CNY
给妈妈转一千,爸爸两千 => relation 妈妈; money 100000 CNY; money 200000 CNY
transfer 800 to John Smith => money 80000 CNY; name John Smith
send 300 to jonh smith => money 30000 CNY; name jonh smith
send 300 to Wang Wei => money 30000 CNY; name Wang Wei
pay wei wang 20 dollars => name wei wang; money 2000 USD
send five hundred bucks to Tom => money 50000 CNY; name Tom
汇给欧阳娜娜一万 => name 欧阳娜娜; money 1000000 CNY
转给小陈八百 => name 小陈; money 80000 CNY
给张三转 => name 张三
收款人是赵国强 => name 赵国强
我叫李雷 => name 李雷
换成王丽 => name 王丽
王丽 => name 王丽
payee is Alice Brown => name Alice Brown
给我老婆转账 => relation 我老婆
给房东交房租 => relation 房东
我老婆的卡 => nothing
查余额 => nothing
12期 => periods 12
分十二个月 => periods 12
24 months => periods 24
two years => periods 24
三年 => periods 36
半年 => periods 6
一年半 => periods 18
a year and a half => periods 18
half a year => periods 6
over 36 instalments => periods 36
18-month plan => periods 18
定期三年,三万块 => product term_deposit; periods 36; money 3000000 CNY
存3万块3年 => money 3000000 CNY; periods 36
1 year fixed deposit => periods 12; product term_deposit
三个月定期 => periods 3; product term_deposit
6 months ago => date 2026-05-23
三个月前 => date 2026-08-23
今天 => date 2026-11-23
昨天 => date 2026-11-22
前天 => date 2026-11-21
大前天 => date 2026-11-20
昨晚转的 => date 2026-11-22
明天 => date 2026-11-24
后天 => date 2026-11-25
上周五 => date 2026-11-20
这周 => date 2026-11-23..2026-11-29
上周 => date 2026-11-16..2026-11-22
下周一 => date 2026-11-30
周五 => date 2026-11-27
上个月 => date 2026-10-01..2026-10-31
上个月15号 => date 2026-10-15
下个月最后一个工作日 => date 2026-12-31
12月第一个工作日 => date 2026-12-01
月底 => date 2026-11-30
年底 => date 2026-12-31
3月5日 => date 2026-03-05
三月五号 => date 2026-03-05
12月1日 => date 2026-12-01
15号 => date 2026-11-15
二十号 => date 2026-11-20
2026年3月5日 => date 2026-03-05
2026-03-05 => date 2026-03-05
3/5 => date 2026-03-05
去年12月 => date 2025-12-01..2025-12-31
去年 => date 2025-01-01..2025-12-31
三天前 => date 2026-11-20
两周后 => date 2026-12-07
最近一周 => date 2026-11-16..2026-11-23
近三个月 => date 2026-08-23..2026-11-23
过去30天 => date 2026-10-25..2026-11-23
3天内 => date 2026-11-23..2026-11-26
3个工作日内 => date 2026-11-23..2026-11-26
下一个工作日 => date 2026-11-24
国庆前 => date 2026-09-30
国庆期间 => date 2026-10-01..2026-10-07
双十一那天 => date 2026-11-11
春节 => date 2027-02-06
中秋 => date 2026-09-25
3月1号到3月15号 => date 2026-03-01..2026-03-15
3月1日到15日 => date 2026-03-01..2026-03-15
10月到11月 => date 2026-10-01..2026-11-30
上季度 => date 2026-07-01..2026-09-30
前两天 => date 2026-11-21..2026-11-22
昨天和前天 => date 2026-11-22; date 2026-11-21
每周五 => nothing
yesterday => date 2026-11-22
the day before yesterday => date 2026-11-21
tomorrow morning => date 2026-11-24
last Friday => date 2026-11-20
this Friday => date 2026-11-27
next Friday => date 2026-12-04
on Friday => date 2026-11-27
Friday last week => date 2026-11-20
last week => date 2026-11-16..2026-11-22
last month => date 2026-10-01..2026-10-31
on the 15th => date 2026-11-15
the 3rd of last month => date 2026-10-03
the first of next month => date 2026-12-01
5 March => date 2026-03-05
March 5th => date 2026-03-05
March 5, 2026 => date 2026-03-05
5th of March 2025 => date 2025-03-05
3 days ago => date 2026-11-20
a week ago => date 2026-11-16
in two weeks => date 2026-12-07
within 5 working days => date 2026-11-23..2026-11-30
the next working day => date 2026-11-24
the last working day of next month => date 2026-12-31
end of the month => date 2026-11-30
by the end of next month => date 2026-12-31
the last 3 months => date 2026-08-23..2026-11-23
past 30 days => date 2026-10-25..2026-11-23
in March => date 2026-03-01..2026-03-31
since last March => date 2026-03-01..2026-03-31
last Christmas => date 2025-12-25
before National Day => date 2026-09-30
Double Eleven => date 2026-11-11
from 1 March to 15 March => date 2026-03-01..2026-03-15
between 1 Nov and 10 Nov => date 2026-11-01..2026-11-10
05.03.2026 => date 2026-03-05
尾号6688 => last_four 6688
尾号是六六八八 => last_four 6688
后四位6688 => last_four 6688
6688那张卡 => last_four 6688
卡6688丢了 => last_four 6688
****1234 => last_four 1234
ending in 6688 => last_four 6688
last four digits 6688 => last_four 6688
card ending six six two zero => last_four 6620
my 6688 card => last_four 6688
6688 => number 6688; last_four 6688; money 668800 CNY
0034 => number 34; last_four 0034
[card:1234]丢了 => last_four 1234
[account:5678] => last_four 5678
[phone:8000] => phone [phone:8000]
手机13800138000 => phone +8613800138000
流水号TR261123004512 => reference TR261123004512
TR261123004512 => reference TR261123004512
参考号 20261123000017 => reference 20261123000017
case number CP-20261123-0001 => reference CP-20261123-0001
reference 998877665 => reference 998877665
订单号123456789 => reference 123456789
第二个 => ordinal 2
第2张 => ordinal 2
第三笔 => ordinal 3
最后一个 => ordinal -1
前者 => ordinal 1
后者 => ordinal -1
倒数第二个 => ordinal -2
the second one => ordinal 2
the last one => ordinal -1
second card => ordinal 2
the former => ordinal 1
option 2 => ordinal 2
number 3 => ordinal 3
2 => number 2; ordinal 2; money 200 CNY
二 => number 2; ordinal 2; money 200 CNY
the 2nd => ordinal 2
第二天 => nothing
first of all => nothing
一号线 => nothing
信用卡账单 => product credit_card
借记卡和定期存款 => product debit_card; product term_deposit
房贷提前还 => product mortgage
理财和基金 => product wealth_product; product fund
外汇 => product foreign_currency
存款保险 => nothing
credit card bill => product credit_card
fixed deposit and mortgage => product term_deposit; product mortgage
savings account => product demand_deposit
deposit insurance => nothing
深圳福田有网点吗 => place 深圳; place 福田
上海的分行 => place 上海
branch in Shenzhen => place Shenzhen
Hong Kong => place Hong Kong
香港 => place 香港
昨天星巴克那笔 => date 2026-11-22; merchant 星巴克
在盒马消费了58元 => merchant 盒马; money 5800 CNY
被健身房扣了398 => merchant 健身房; money 39800 CNY
商户是优衣库 => merchant 优衣库
the Starbucks one => merchant Starbucks
charged at Tesco on 3 March => merchant Tesco; date 2026-03-03
Netflix charged me 98 => merchant Netflix; money 9800 CNY
最后那笔 => ordinal -1
上面那笔 => nothing
第3笔和第12笔 => ordinal 3; ordinal 12
分期12期,尾号6688 => periods 12; last_four 6688
我要3张卡 => number 3
80% => number 80
5年期3.6% => periods 60; number 3.6
2026年 => date 2026-01-01..2026-12-31
12345 => number 12345; money 1234500 CNY
100 => number 100; money 10000 CNY
1 => number 1; ordinal 1; money 100 CNY
十 => number 10; ordinal 10; money 1000 CNY
半 => number 0.5
千万别转 => nothing
万一丢了 => nothing
一下子 => nothing
三方存管 => nothing
用6688还信用卡 => last_four 6688; product credit_card
from my 6621 account => last_four 6621
我2月29日转的 => date 2024-02-29
转账限额100000 => money 10000000 CNY
last 5 transactions => number 5
I have two cards => number 2
one moment => nothing
a few days ago => date 2026-11-20
second-hand flat => nothing
May I ask => nothing
I sat down => nothing
march on => nothing
两千二百五十元 => money 225000 CNY
三百二 => number 320; money 32000 CNY
1万2 => number 12000; money 1200000 CNY
十五万八 => number 158000; money 15800000 CNY
一百零五 => number 105; money 10500 CNY
廿五号 => date 2026-11-25
"""


def rows() -> list[tuple[str, str]]:
    pairs = [line.split(" =>", 1) for line in TABLE.strip().splitlines()]
    return [(text, found.strip().replace("nothing", "")) for text, found in pairs]


def shown(entity: Entity) -> str:
    unit = f" {entity.unit}" if entity.unit else ""
    return f"{entity.type} {entity.value}{unit}" + (f"..{entity.until}" if entity.until else "")


@pytest.mark.parametrize(("text", "found"), rows())
def test_entities_have_their_values(text, found):
    entities = FINDER.find(normalise(text).text, CONTEXT)
    assert "; ".join(map(shown, entities)) == found


def test_the_table_is_long_enough_to_mean_something():
    assert len(rows()) >= 150


@pytest.mark.parametrize(("text", "found"), rows())
def test_every_entity_stands_where_it_says(text, found):
    plain = normalise(text).text
    for entity in FINDER.find(plain, CONTEXT):
        assert plain[entity.start : entity.end] == entity.text
        assert 0 < entity.score <= 1


def test_figures_put_the_day_first_in_an_english_conversation():
    english = Context("en", CONTEXT.today)
    assert [e.value for e in FINDER.find("03/05", english)] == ["2026-05-03"]
    assert [e.value for e in FINDER.find("05/23", english)] == ["2026-05-23"]
    assert [e.value for e in FINDER.find("03/05", CONTEXT)] == ["2026-03-05"]


def first_value(text: str) -> str | int:
    return FINDER.find(text, CONTEXT)[0].value


def test_what_was_and_what_will_be_choose_the_year():
    assert first_value("12月1日转的那笔") == "2025-12-01"
    assert first_value("我想预约3月5日") == "2027-03-05"
    assert first_value("I was charged on 1 December") == "2025-12-01"


def test_a_bare_number_is_everything_it_may_be_and_money_least():
    found = {entity.type: entity.score for entity in FINDER.find("6688", CONTEXT)}
    assert found["number"] > found["last_four"] > found["money"]


def test_known_payees_are_surer_than_names_only_said():
    scores = [
        next(e.score for e in FINDER.find(text, CONTEXT) if e.type == "name")
        for text in ("转给王伟", "转给汪伟", "转给赵国强")
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


@pytest.mark.parametrize(
    "text", ["", " ", "🙂🙂", "[", "[card:", "第", "$", "....", "-", "零" * 50, "1" * 400, "百" * 30]
)
def test_odd_texts_are_read_without_error(text):
    FINDER.find(text, CONTEXT)


@pytest.mark.parametrize("unit", ["1 ", "三万", "昨天", "last ", "给王", "the ", "尾号6688,", "二百五"])
def test_long_texts_take_time_in_proportion(unit):
    FINDER.find(unit * (4_000 // len(unit)), CONTEXT)
