"""Making articles of a document: what is said about them, their questions, the answer, and its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
import yaml

from tellerline.domain.data import Record, Value
from tellerline.domain.language import Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import ArticleChange, Finding
from tellerline.knowledge.article import Article
from tellerline.knowledge.learning.document import Block, Document, Grid, Heading, Item, Paragraph
from tellerline.knowledge.learning.header import fold

_FENCE = "---\n"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_QUESTIONS = re.compile(
    r"^(?:客户)?(?:常见)?(?:的)?问法$|^客户(?:会|常)?怎么问$|^常见问题$|\bcustomers ask\b|^questions?$"
)
_SAID = re.compile(r"([^:：]{1,16})[:：]\s*(.+)")
_KEYS: dict[str, str] = {
    "编号": "id", "文章编号": "id", "id": "id", "标题": "title", "title": "title", "主题": "topic", "topic": "topic",
    "产品": "products", "products": "products", "新产品": "new_products", "new products": "new_products",
    "受众": "audience", "audience": "audience", "负责部门": "owner", "owner": "owner",
    "生效日期": "valid_from", "生效日": "valid_from", "valid from": "valid_from",
    "失效日期": "valid_to", "失效日": "valid_to", "valid to": "valid_to", "expires": "valid_to",
    "复审日期": "review_by", "复审日": "review_by", "review by": "review_by", "业务流程": "flow", "flow": "flow",
    "相关文章": "related", "related": "related", "语言": "language", "language": "language",
}  # fmt: skip
_TOPICS = {
    "存款": "deposits", "借记卡": "debit-cards", "信用卡": "credit-cards", "贷款": "loans", "理财": "wealth",
    "支付": "payments", "转账": "payments", "外汇": "fx", "电子银行": "e-banking", "手机银行": "e-banking",
    "安全": "security", "服务": "service",
}  # fmt: skip
_AUDIENCES = {"公开": "public", "公众": "public", "客户": "customer", "员工": "staff", "内部": "staff"}
_LANGUAGES: dict[str, Language] = {
    "zh": "zh",
    "中文": "zh",
    "chinese": "zh",
    "en": "en",
    "英文": "en",
    "english": "en",
}
_LISTS = ("products", "related", "new_products", "questions")
_NEEDED = ("id", "topic", "owner", "review_by")


class Drafts(NamedTuple):
    """The articles of a document. `new_products`: those it says are new."""

    changes: list[ArticleChange]
    findings: list[Finding]
    new_products: list[str]


class _Part(NamedTuple):
    """The blocks of one article."""

    title: str
    place: str
    blocks: list[Block]


def draft_articles(document: Document, known: Mapping[Language, Mapping[str, Article]]) -> Drafts:
    """Return the articles that a document holds; what it leaves unsaid is taken over from the `known` ones it replaces."""
    if document.source.startswith(_FENCE):
        return _draft_written(document, known)
    shared, parts = _divide(document)
    about, rest = _split_about(shared)
    changes: list[ArticleChange] = []
    findings = [
        Finding(
            "structure",
            f"{document.name}, {block.place}",
            "text above the first title",
            "put it under a title",
        )
        for block in rest
        if not isinstance(block, Grid)
    ]
    if not parts:
        findings.append(_untitled(document))
    new_products: list[str] = []
    for part in parts:
        own, blocks = _split_about(part.blocks)
        heading: Record = {"title": part.title, **about, **own}
        products = heading.pop("new_products", [])
        new_products += [str(product) for product in products] if isinstance(products, list) else []
        body, questions = _write(blocks)
        if questions:
            heading["questions"] = [*questions]
        change, found = _change(document.name, part.place, heading, body, known)
        findings += found
        changes += [change] if change else []
    return Drafts(changes, findings, new_products)


def _untitled(document: Document) -> Finding:
    remedy = (
        "give it a title (Heading 1), or a table of figures with headings for the item and the new figure"
    )
    return Finding("structure", document.name, "it holds neither an article nor a table of figures", remedy)


def _draft_written(document: Document, known: Mapping[Language, Mapping[str, Article]]) -> Drafts:
    """An article as the pack has it: keys between two lines of ---, then the text."""
    parts = document.source.split(_FENCE, 2)
    problems: list[PackProblem] = []
    raw = LocatedYaml(document.name, parts[1], first_line=2).parse(problems)
    if len(parts) < 3 or not isinstance(raw, dict):
        what = problems[0].what if problems else "the keys above the text cannot be read"
        where = f"{document.name}, line {problems[0].line if problems else 1}"
        return Drafts([], [Finding("structure", where, what, "write the keys between two lines of ---")], [])
    heading: Record = msgspec.to_builtins(raw, str_keys=True)
    products = heading.pop("new_products", [])
    change, findings = _change(document.name, "line 1", heading, parts[2].strip("\n") + "\n", known)
    named = [str(product) for product in products] if isinstance(products, list) else []
    return Drafts([change] if change else [], findings, named)


def _divide(document: Document) -> tuple[list[Block], list[_Part]]:
    """Cut a document at its highest headings; what stands above the first is said of all."""
    top = min((block.level for block in document.blocks if isinstance(block, Heading)), default=0)
    shared: list[Block] = []
    parts: list[_Part] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == top:
            parts.append(_Part(block.text, block.place, []))
        else:
            (parts[-1].blocks if parts else shared).append(block)
    return shared, parts


def _split_about(blocks: Sequence[Block]) -> tuple[Record, list[Block]]:
    """Take what is said about an article out of its blocks: tables of two columns, `key: value` lines before the text."""
    about: Record = {}
    rest: list[Block] = []
    for block in blocks:
        if isinstance(block, Grid) and (said := _said_in(block)):
            about |= said
        elif isinstance(block, (Paragraph, Item)) and not any(
            isinstance(b, (Heading, Paragraph)) for b in rest
        ):
            said = _said_by(block.text)
            about |= said
            rest += [] if said else [block]
        else:
            rest.append(block)
    return about, rest


def _said_by(text: str) -> Record:
    """Return what lines of `key: value` say about an article; {} when one of them is something else."""
    said: Record = {}
    for line in text.splitlines():
        found = _SAID.fullmatch(line.strip())
        key = _KEYS.get(fold(found[1])) if found else None
        if found is None or key is None:
            return {}
        said[key] = _value(key, found[2])
    return said


def _said_in(grid: Grid) -> Record:
    """Return what a table says about an article; {} when it is another table."""
    rows = [[cell.text for cell in row] for row in grid.rows]
    if not all(len(row) == 2 and _KEYS.get(fold(row[0])) for row in rows):
        return {}
    return {_KEYS[fold(key)]: _value(_KEYS[fold(key)], value) for key, value in rows if value}


def _value(key: str, text: str) -> Value:
    text = text.strip()
    if key in _LISTS:
        return [part.strip() for part in re.split(r"[,，、;；\n]", text) if part.strip()]
    if key == "topic":
        return _TOPICS.get(text, text)
    return _AUDIENCES.get(text, text) if key == "audience" else text


def _write(blocks: Sequence[Block]) -> tuple[str, list[str]]:
    """Return blocks as the text of an article, and the questions taken out of their section."""
    lines: list[str] = []
    questions: list[str] = []
    levels = sorted({block.level for block in blocks if isinstance(block, Heading)})
    asking = False
    for block in blocks:
        if isinstance(block, Heading):
            asking = bool(_QUESTIONS.search(fold(block.text)))
            if not asking:
                lines += ["", f"## {block.text}" if block.level == levels[0] else f"**{block.text}**"]
        elif asking and not isinstance(block, Grid):
            questions.append(block.text)
        elif isinstance(block, Item):
            lines.append(f"1. {block.text}" if block.ordered else f"- {block.text}")
        elif isinstance(block, Grid):
            lines += ["", *_drawn(block), ""]
        else:
            lines += ["", block.text]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(_numbered(lines))).strip()
    return re.sub(r"(## [^\n]+)\n\n", r"\1\n", text) + "\n", questions


def _numbered(lines: Sequence[str]) -> Iterator[str]:
    """Count the entries of ordered lists."""
    number = 0
    for line in lines:
        number = number + 1 if line.startswith("1. ") else 0
        yield f"{number}. {line[3:]}" if number else line


def _drawn(grid: Grid) -> Iterator[str]:
    for number, row in enumerate(grid.rows):
        yield "| " + " | ".join(cell.text.replace("|", "/") for cell in row) + " |"
        if number == 0:
            yield "|" + "-|" * len(row)


def written_in(text: str) -> Language:
    """Return the language that a text is written in, by its script."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"


def _change(
    name: str, place: str, heading: Record, body: str, known: Mapping[Language, Mapping[str, Article]]
) -> tuple[ArticleChange | None, list[Finding]]:
    where = f"{name}, {place}"
    language = _LANGUAGES.get(fold(str(heading.pop("language", "")))) or written_in(
        f"{heading.get('title')} {body}"
    )
    before = known[language].get(str(heading.get("id")))
    if before is not None:
        heading = _taken_over(before) | heading
    heading.setdefault("audience", "public")
    heading.setdefault("products", [])
    heading.setdefault("questions", [])
    findings = [
        Finding("missing", where, f"{key} is not said", f"add it: a table of two columns with a row `{key}`")
        for key in _NEEDED
        if not heading.get(key)
    ]
    for key in ("valid_from", "valid_to", "review_by"):
        found = _day(heading, key)
        if found is not None:
            findings.append(Finding("day", where, f"{key} is {found!r}", "write the day as 2026-12-01"))
    if not isinstance(heading.get("id"), str):
        return None, findings
    return ArticleChange(language, str(heading["id"]), heading, body, where), findings


def _day(heading: Record, key: str) -> str | None:
    """Put a day into its form; return what stands there when it is none."""
    said = heading.get(key)
    if said in (None, "", "null"):
        heading.pop(key, None)
        return None
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", str(said).strip())
    try:
        heading[key] = date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        heading[key] = ""
    return None if heading[key] else str(heading.pop(key) or said)


def _taken_over(article: Article) -> Record:
    """Return what the article in force says about itself, but for its days."""
    said: Record = msgspec.to_builtins(article.heading)
    for key in ("valid_from", "valid_to", "title"):
        said.pop(key, None)
    return {key: value for key, value in said.items() if value is not None}


def written_heading(change: ArticleChange, on: date) -> dict[str, object]:
    """Return the keys above an article that comes into force on day `on`, with its days as days."""
    heading: dict[str, object] = {"id": change.id, **change.heading}
    for key in ("valid_from", "valid_to", "review_by"):
        heading[key] = date.fromisoformat(str(heading[key])) if heading.get(key) else None
    heading["valid_from"] = heading["valid_from"] or on
    return heading


def render_article(change: ArticleChange, on: date) -> str:
    """Return the file of an article that comes into force on day `on`."""
    written = yaml.safe_dump(written_heading(change, on), allow_unicode=True, sort_keys=False, width=1_000)
    return f"{_FENCE}{written}{_FENCE}{change.body}"
