"""Days and periods as said in Chinese: 昨天, 上周五, 上个月15号, 3月5日, 下个月最后一个工作日, 国庆前, 最近三个月."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from tellerline.understanding.entities.calendar import (
    Anchor,
    Span,
    add_months,
    last_of_month,
    make_date,
    month_span,
    quarter_span,
    year_span,
)
from tellerline.understanding.entities.festival import CHINESE, festival_days, find_festival, names_pattern
from tellerline.understanding.entities.numeral import parse_chinese

Handler = Callable[["re.Match[str]", Anchor], "Span | date | None"]

_NUM = r"(?:[0-9]{1,3}|[一二三四五六七八九十两廿卅]{1,3}|半)"
_DAY = r"(?:[0-3]?[0-9]|[一二三四五六七八九十廿卅]{1,3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = (
    r"(?:(?P<year>20[0-9]{2}|二[零〇][一二三四五六七八九][零〇一二三四五六七八九]|(?<![0-9])2[0-9](?=年[0-9]{1,2}月))年的?"
    r"|(?P<near_year>大前年|前年|去年|今年|本年|明年|后年)的?)"
)
_MONTH_SHIFT = r"(?P<month_shift>上上|下下|上|下|这|本|当)(?:个|一个)?月(?:份)?的?"

_DAY_SHIFTS = {
    "大前天": -3, "前天": -2, "前晚": -2, "前夜": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "昨儿": -1, "今天": 0,
    "今日": 0, "今晚": 0, "今早": 0, "今晨": 0, "今儿": 0, "当天": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1,
    "大后天": 3, "后天": 2, "后日": 2,
}  # fmt: skip
_YEAR_SHIFTS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "这个": 0, "下": 1, "下下": 2}
_WEEKDAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "1": 0,
    "2": 1,
    "3": 2,
    "4": 3,
    "5": 4,
    "6": 5,
}


def _int(text: str) -> int:
    """Return a small numeral as an integer."""
    if text.isascii():
        return int(text)
    value = parse_chinese(text)
    return int(value) if value is not None else 0


def _year(match: re.Match[str], anchor: Anchor) -> int | None:
    """Return the year a match names, if it names one."""
    if match["year"]:
        year = _int(match["year"])
        return year if year > 100 else 2000 + year
    if match["near_year"]:
        return anchor.today.year + _YEAR_SHIFTS[match["near_year"]]
    return None


def _month_of(match: re.Match[str], anchor: Anchor) -> date:
    """Return the first day of the month "last month", "next month"…"""
    return add_months(anchor.today.replace(day=1), _SHIFTS[match["month_shift"]])


def _shifted_day(match: re.Match[str], anchor: Anchor) -> date:
    return anchor.today + timedelta(days=_DAY_SHIFTS[match[0]])


def _few_days(match: re.Match[str], anchor: Anchor) -> Span:
    """Read 前两天, 前几天, 这几天, 这两天."""
    count = 5 if match["few"] == "几" else _int(match["few"])
    last = anchor.today if match["which"] != "前" else anchor.today - timedelta(days=1)
    return last - timedelta(days=count - 1), last


def _week(match: re.Match[str], anchor: Anchor) -> Span | date:
    shift = _SHIFTS[match["shift"]]
    day = match["day"]
    if not day:
        first = anchor.weekday(0, shift)
        return first, first + timedelta(days=6)
    if day == "末":
        return anchor.weekday(5, shift), anchor.weekday(6, shift)
    return anchor.weekday(_WEEKDAYS[day], shift)


def _bare_weekday(match: re.Match[str], anchor: Anchor) -> Span | date:
    if match["day"] == "末":
        saturday = anchor.bare_weekday(5)
        return saturday, saturday + timedelta(days=1)
    return anchor.bare_weekday(_WEEKDAYS[match["day"]])


def _month_shift_day(match: re.Match[str], anchor: Anchor) -> date | None:
    first = _month_of(match, anchor)
    return make_date(first.year, first.month, _int(match["day"]))


def _month_shift(match: re.Match[str], anchor: Anchor) -> Span:
    return month_span(_month_of(match, anchor))


def _month_day(match: re.Match[str], anchor: Anchor) -> date | None:
    month, day, year = _int(match["month"]), _int(match["day"]), _year(match, anchor)
    return anchor.month_day(month, day) if year is None else make_date(year, month, day)


def _dotted(match: re.Match[str], anchor: Anchor) -> date | None:
    """Read 11.10号, 11.11买的."""
    return anchor.month_day(int(match["month"]), int(match["day"] or match["day2"]))


def _month_named(match: re.Match[str], anchor: Anchor) -> date | None:
    """Return the first day of 3月, 去年12月."""
    month, year = _int(match["month"]), _year(match, anchor)
    return anchor.month(month) if year is None else make_date(year, month, 1)


def _whole_month(match: re.Match[str], anchor: Anchor) -> Span | None:
    first = _month_named(match, anchor)
    return month_span(first) if first else None


def _part_of_month(match: re.Match[str], anchor: Anchor) -> Span | date | None:
    """Read 月底, 上个月初, 3月最后一天, 下个月最后一个工作日, 12月第一个工作日."""
    named = match["month"] or match["month_shift"]
    if match["month"]:
        first = _month_named(match, anchor)
    else:
        first = _month_of(match, anchor) if named else anchor.today.replace(day=1)
    if first is None:
        return None
    part = match["part"]
    if part.endswith("工作日"):
        return anchor.working.of_month(first, _position(match["nth"]))
    if part in ("最后一天", "最后1天"):
        return last_of_month(first)
    if part in ("初", "月初"):
        return first, first.replace(day=5)
    if part.removeprefix("月") in ("中", "中旬"):
        return first.replace(day=11), first.replace(day=20)
    return last_of_month(first)


def _position(nth: str) -> int:
    return -1 if "最后" in nth or "末" in nth else _int(nth.removeprefix("第").removeprefix("头"))


def _range_in_month(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read 3月1号到15号."""
    first = _month_day(match, anchor)
    last = first and make_date(first.year, first.month, _int(match["last"]))
    return (first, last) if first and last and first <= last else None


def _range_of_days(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read 1-5号, 1号到5号."""
    first = anchor.day_of_month(_int(match["day"]))
    last = first and make_date(first.year, first.month, _int(match["last"]))
    return (first, last) if first and last and first < last else None


def _half_year(match: re.Match[str], anchor: Anchor) -> Span:
    """Read 上半年, 去年下半年."""
    year = _year(match, anchor) or anchor.today.year
    return (
        (date(year, 1, 1), date(year, 6, 30))
        if match["half"] == "上"
        else (date(year, 7, 1), date(year, 12, 31))
    )


def _same_day(match: re.Match[str], anchor: Anchor) -> date:
    """Read 去年今天."""
    year = _year(match, anchor) or anchor.today.year
    return add_months(anchor.today, 12 * (year - anchor.today.year))


def _ahead(match: re.Match[str], anchor: Anchor) -> date:
    """Read 过三天, 再过一周."""
    return _moved(anchor.today, 1, match["count"], match["unit"])


def _beside_festival(match: re.Match[str], anchor: Anchor) -> date | None:
    """Read 国庆后第一个工作日, 春节前最后一天."""
    festival = CHINESE[match["festival"]]
    day = find_festival(festival, anchor, _year(match, anchor))
    if day is None:
        return None
    before = "前" in match["when"]
    last = day if before else day + timedelta(days=festival_days(festival) - 1)
    count = 1 if match["nth"].startswith(("最后", "头")) else _int(match["nth"].removeprefix("第"))
    step = -count if before else count
    return anchor.working.shift(last, step) if match["unit"] == "工作日" else last + timedelta(days=step)


def _bare_day(match: re.Match[str], anchor: Anchor) -> date | None:
    day = _int(match["day"])
    return anchor.day_of_month(day) if 1 <= day <= 31 else None


def _numeric(match: re.Match[str], _: Anchor) -> date | None:
    year = int(match["y"])
    return make_date(year if year > 100 else 2000 + year, int(match["m"]), int(match["d"]))


def _slash(match: re.Match[str], anchor: Anchor) -> date | None:
    """Read 3/5 in a Chinese sentence: month first."""
    return anchor.month_day(int(match["m"]), int(match["d"]))


def _whole_year(match: re.Match[str], anchor: Anchor) -> Span | date:
    return _part_of_year(_year(match, anchor) or anchor.today.year, match["part"])


def _year_end(match: re.Match[str], anchor: Anchor) -> Span | date:
    return _part_of_year(anchor.today.year, match["part"])


def _part_of_year(year: int, part: str | None) -> Span | date:
    if part in ("底", "末"):
        return date(year, 12, 31)
    if part == "初":
        return date(year, 1, 1), date(year, 1, 31)
    return year_span(year)


def _near_quarter(match: re.Match[str], anchor: Anchor) -> Span:
    this = (anchor.today.month - 1) // 3 + 1
    return quarter_span(anchor.today.year, this + _SHIFTS[match["shift"]])


def _quarter(match: re.Match[str], anchor: Anchor) -> Span:
    return quarter_span(_year(match, anchor) or anchor.today.year, _int(match["number"]))


def _ago(match: re.Match[str], anchor: Anchor) -> Span | date:
    """Read 三天前, 两周后, 3天内."""
    where = match["where"]
    sign = -1 if where == "前" else 1
    day = _moved(anchor.today, sign, match["count"], match["unit"])
    if where == "内":
        return (day, anchor.today) if sign < 0 else (anchor.today, day)
    return day


def _recent(match: re.Match[str], anchor: Anchor) -> Span:
    """Read 最近一周, 近三个月, 过去30天."""
    first = _moved(anchor.today, -1, match["count"], match["unit"])
    return first + timedelta(days=1) if match["unit"] == "天" else first, anchor.today


def _moved(day: date, sign: int, count: str, unit: str) -> date:
    half = count == "半"
    if count.endswith("个半"):  # 一个半月
        return _moved(_moved(day, sign, count.removesuffix("个半"), unit), sign, "半", unit)
    number = 1 if half else _int(count)
    if unit in ("天", "日"):
        return day + timedelta(days=sign * number)
    if unit in ("周", "星期", "礼拜"):
        return day + timedelta(weeks=sign * number)
    if unit == "季度":
        return add_months(day, sign * 3 * number)
    if unit == "月":
        return day + timedelta(days=sign * 15) if half else add_months(day, sign * number)
    return add_months(day, sign * (6 if half else 12 * number))


def _festival(match: re.Match[str], anchor: Anchor) -> Span | date | None:
    festival = CHINESE[match["festival"]]
    day = find_festival(festival, anchor, _year(match, anchor))
    if day is None:
        return None
    when = match["when"] or ""
    if "前" in when:
        return day - timedelta(days=1)
    if "后" in when:
        return day + timedelta(days=festival_days(festival))
    if when in ("期间", "假期", "长假", "放假"):
        return day, day + timedelta(days=festival_days(festival) - 1)
    return day


def _working_days(match: re.Match[str], anchor: Anchor) -> Span | date:
    """Read 下一个工作日, 3个工作日内, 两个工作日后."""
    if match["next"]:
        return anchor.working.shift(anchor.today, 1)
    day = anchor.working.shift(anchor.today, _int(match["count"]))
    return day if match["where"] == "后" else (anchor.today, day)


_PART_OF_MONTH = (
    rf"(?:(?:{_YEAR})?(?P<month>{_MONTH})月(?:份)?的?|{_MONTH_SHIFT}|(?=月)|(?=最后一?个工作日))"
    rf"(?P<part>月?底|月?末|月?初|月?中旬|月?中(?![国信行午秋间])|最后[一1]天|(?P<nth>最后一?|第{_NUM}|头一)个?工作日)"
)
_FESTIVAL = (
    rf"(?:{_YEAR})?(?P<festival>{names_pattern(CHINESE)})节?(?:的)?"
    r"(?P<when>期间|假期|长假|放假|之?前|以前|之?后|以后|那天|当天)?"
)

_DAY_BESIDE = (
    rf"(?:{_YEAR})?(?P<festival>{names_pattern(CHINESE)})节?(?:假期|长假)?(?P<when>之?前|以前|之?后|以后)的?"
    rf"(?P<nth>最后[一1]?|头一|第{_NUM})个?(?P<unit>工作日|天)"
)

_PATTERNS: list[tuple[str, Handler]] = [
    ("|".join(sorted(_DAY_SHIFTS, key=len, reverse=True)), _shifted_day),
    (r"(?P<which>前|这|最近(?:这)?)(?P<few>[两几三2-5])天(?!前|后)", _few_days),
    (rf"(?:再)?过(?:个|了)?(?P<count>{_NUM})个?(?P<unit>天|周|星期|礼拜|月)(?!前|内|没|还|了)", _ahead),
    (r"(?P<shift>上上|下下|上|下|这|本)(?:个|一)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末1-6])?", _week),
    (r"(?<![每各个上下这本])(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])(?!到|至)", _bare_weekday),
    (rf"{_MONTH_SHIFT}(?P<day>{_DAY})(?:号|日)", _month_shift_day),
    (_PART_OF_MONTH, _part_of_month),
    (_MONTH_SHIFT, _month_shift),
    (
        rf"(?:{_YEAR})?(?P<month>{_MONTH})月份?的?(?P<day>{_DAY})[号日]?\s?(?:到|至|-|~|—)\s?(?P<last>{_DAY})[号日]",
        _range_in_month,
    ),
    (
        rf"(?:{_YEAR})?(?P<month>{_MONTH})月份?的?(?P<day>{_DAY})(?:[号日]|(?![0-9万千百块元个期天年多月]))",
        _month_day,
    ),
    (rf"(?:{_YEAR})?(?<![0-9个])(?P<month>{_MONTH})月(?:份|(?![期供薪饼结]))", _whole_month),
    (
        rf"(?<![0-9月第一二三四五六七八九十])(?P<day>{_DAY})(?:号|日)(?![线楼店机码院卡口柜门间球铺选方])",
        _bare_day,
    ),
    (
        rf"(?<![0-9月第一二三四五六七八九十])(?P<day>{_DAY})[号日]?\s?(?:到|至|-|~|—)\s?(?P<last>{_DAY})[号日](?![线楼店])",
        _range_of_days,
    ),
    (
        r"(?<![0-9.])(?P<year>(?!))?(?P<near_year>(?!))?(?P<month>1[0-2]|0?[1-9])\.(?:(?P<day>3[01]|[12][0-9]|0?[1-9])[号日]|(?P<day2>3[01]|[12][0-9])(?=[买转付刷那]))",
        _dotted,
    ),
    (rf"(?:{_YEAR})?(?P<half>[上下])半年", _half_year),
    (rf"{_YEAR}(?:的)?(?:今天|这个时候|这时候|同一天|同日)", _same_day),
    (
        r"(?<![0-9])(?P<y>20[0-9]{2}|[2-3][0-9])[\-/.](?P<m>1[0-2]|0?[1-9])[\-/.](?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9])",
        _numeric,
    ),
    (r"(?<![0-9])(?P<y>20[123][0-9])(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12][0-9]|0[1-9])(?![0-9])", _numeric),
    (r"(?<![0-9/])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9/])", _slash),
    (rf"{_YEAR}(?:全年)?年?(?P<part>[底末初])?", _whole_year),
    (r"(?<![今去明后前0-9])年(?P<part>[底末初])", _year_end),
    (r"(?P<shift>上|本|这|下)(?:个|一)?季度", _near_quarter),
    (rf"(?:{_YEAR})?第?(?P<number>[一二三四1-4])季度", _quarter),
    (
        rf"(?P<count>{_NUM}(?:个半(?=月))?)(?:个)?(?P<unit>天|日|周|星期|礼拜|月|年)(?:之|以)?(?P<where>前|后|内)(?!面)",
        _ago,
    ),
    (
        rf"(?:最近|近|过去|这|前|上)(?:的)?(?P<count>{_NUM})(?:个)?(?P<unit>天|周|星期|礼拜|月|年|季度)(?!前|后)",
        _recent,
    ),
    (_FESTIVAL, _festival),
    (_DAY_BESIDE, _beside_festival),
    (
        rf"(?P<next>下一?个工作日|次个?工作日)|(?P<count>{_NUM})个工作日(?:之|以)?(?P<where>内|后|前)?",
        _working_days,
    ),
]

RULES = [(re.compile(pattern), handler) for pattern, handler in _PATTERNS]
