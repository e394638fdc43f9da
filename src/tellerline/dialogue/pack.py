"""Making a release out of a bank pack's folder: read it, check it, compile it.

What takes seconds (training, indexing) is kept under the content's hash, with a copy of the pack itself, so that the next
start takes none and a conversation can finish on the release it began with. What was compiled by another sentence encoder or
another format of this product is compiled again from that copy.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from threadpoolctl import threadpool_limits

from tellerline.cases.calendar import load_calendar
from tellerline.cases.rules import CaseClock, CaseRules
from tellerline.dialogue.case_lint import read_cases
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.pack_lint import lint_pack
from tellerline.dialogue.release import Intent, Release
from tellerline.domain.errors import NotFound
from tellerline.domain.expression import evaluate
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem, errors_in
from tellerline.domain.reading import Context, Entity
from tellerline.flows.load import load_flows, read_copy
from tellerline.flows.spec import Due
from tellerline.knowledge.ground import Knowledge
from tellerline.knowledge.index import FORM as KNOWLEDGE_FORMAT
from tellerline.knowledge.index import load_index
from tellerline.knowledge.keep import load_knowledge, save_knowledge
from tellerline.models.contract import SentenceEncoder
from tellerline.reply.copy import CopyBook, parse_copy
from tellerline.reply.guard import Guard, read_guard
from tellerline.understanding.entities.finder import EntityFinder
from tellerline.understanding.intents import FORMAT, Model
from tellerline.understanding.normalise import normalise
from tellerline.understanding.reader import Understanding
from tellerline.understanding.remember import RememberingEncoder
from tellerline.understanding.spelling.speller import Speller
from tellerline.understanding.spelling.vocabulary import Vocabulary, gather_vocabulary

T = TypeVar("T")
Progress = Callable[[str], None]
MODEL = "understanding.npz"
SPELLING = "spelling.json"
KNOWLEDGE = "knowledge"
COMPILED_BY = "compiled-by"
SPEECH = ("patterns", "chitchat", "remembered")  # texts that belong to no flow, in phrases/
MERCHANTS = "phrases/merchants.yaml"


class PackForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`pack.yaml`: whose pack it is, and the limits the interpreter works with (chosen on development data)."""

    pack: str
    bank: Text
    owner: str
    calendar: str
    thresholds: dict[str, float]


class Registry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`intents/intents.yaml`."""

    intents: dict[str, Intent]
    flags: dict[str, str]
    affects: list[str]


class PackRefused(Exception):
    """The pack has errors; the release in force stays in force."""

    def __init__(self, problems: list[PackProblem]) -> None:
        super().__init__("\n".join(problem.render() for problem in problems))
        self.problems = problems


def content_hash(folder: Path, *parts: str) -> str:
    """Return the hash of what lies in a folder, or in some of its parts."""
    digest = hashlib.sha256()
    for root in [folder / part for part in parts] or [folder]:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def read_file(folder: Path, name: str, kind: type[T], problems: list[PackProblem]) -> T | None:
    """Read a YAML file of the pack as `kind`; None, and a problem, when it is not one."""
    path = folder / name
    if not path.is_file():
        problems.append(PackProblem(name, 0, "there is no such file", "add it; see the guide"))
        return None
    source = LocatedYaml(name, path.read_text(encoding="utf-8"))
    raw = source.parse(problems)
    return source.convert(raw, kind, problems) if raw is not None else None


def read_examples(
    folder: Path, names: list[str], problems: list[PackProblem]
) -> dict[str, dict[str, list[str]]]:
    """Read the phrases of every intent, by language."""
    found: dict[str, dict[str, list[str]]] = {}
    for language in LANGUAGES:
        found[language] = {
            name: read_file(folder, f"intents/{language}/{name}.yaml", list[str], problems) or []
            for name in names
        }
    return found


class FlagForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences that raise a flag, and near misses that must not."""

    positive: list[str]
    negative: list[str]


def read_flags(
    folder: Path, names: list[str], problems: list[PackProblem]
) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Read the examples of every flag and affect, by language."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for language in LANGUAGES:
        forms = {
            name: read_file(folder, f"flags/{language}/{name}.yaml", FlagForm, problems) for name in names
        }
        found[language] = {
            name: {"positive": form.positive, "negative": form.negative}
            for name, form in forms.items()
            if form
        }
    return found


def newest(folder: Path) -> tuple[int, float]:
    """Return how many files a pack has and when the newest was written, to notice that it was changed."""
    stats = [path.stat().st_mtime for path in folder.rglob("*") if path.is_file()]
    return len(stats), max(stats, default=0.0)


def build(
    pack: Path,
    releases: Path,
    encoder: SentenceEncoder,
    *,
    like: Path | None = None,
    say: Progress = lambda _: None,
) -> str:
    """Check a pack and compile it under `releases`; return the release's version. Nothing half-built is left behind.

    like: a pack that this one varies in facts, articles or phrases; the fit of its search is taken over, in seconds.
    Raises: PackRefused with every error, each naming file, line and remedy.
    """
    version = content_hash(pack)
    if is_built(releases, version, encoder):
        return version
    say(f"checking {pack.name} …")
    errors = errors_in(lint_pack(pack))
    if errors:
        raise PackRefused(errors)
    releases.mkdir(parents=True, exist_ok=True)
    varied = like is not None and content_hash(like) != version
    model = releases / build(like, releases, encoder, say=say) if like is not None and varied else None
    _make(pack, releases, version, encoder, like=model, say=say)
    say(f"release {version} is ready")
    return version


def is_built(releases: Path, version: str, encoder: SentenceEncoder) -> bool:
    """Whether a release is on this machine as this product, with this encoder, compiles it."""
    mark = releases / version / COMPILED_BY
    return mark.is_file() and mark.read_text(encoding="utf-8") == _compiler(encoder)


def _compiler(encoder: SentenceEncoder) -> str:
    return f"understanding {FORMAT}, knowledge {KNOWLEDGE_FORMAT}, {encoder.name}\n"


def _make(
    pack: Path,
    releases: Path,
    version: str,
    encoder: SentenceEncoder,
    *,
    like: Path | None = None,
    say: Progress = lambda _: None,
) -> None:
    """Compile a pack beside its place and move it there whole, in place of one that another compiler made."""
    target = releases / version
    with tempfile.TemporaryDirectory(dir=releases) as scratch:
        made = Path(scratch) / version
        shutil.copytree(pack, made / "pack")
        _compile(made, releases / "models", encoder, like, say)
        (made / COMPILED_BY).write_text(_compiler(encoder), encoding="utf-8")
        if target.exists() and not is_built(releases, version, encoder):
            target.rename(Path(scratch) / "outdated")
        if not target.exists():
            made.replace(target)


def _compile(made: Path, models: Path, encoder: SentenceEncoder, like: Path | None, say: Progress) -> None:
    """Compile the pack copied to `made`. A model already trained on the same examples, kept in `models`, is used again.

    like: the release whose fitted search is taken over.
    """
    models.mkdir(parents=True, exist_ok=True)
    # Neither needs the other, and both spend most of their time in arithmetic that runs beside Python. Each keeps to one
    # core: matrices of this size gain nothing from several, and threads that wait for one another take them from the rest.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor() as pool:
        work = [
            pool.submit(_compile_understanding, made, models, encoder, say),
            pool.submit(_compile_knowledge, made, models, encoder, like, say),
        ]
        for part in work:
            part.result()


def _compile_understanding(made: Path, models: Path, encoder: SentenceEncoder, say: Progress) -> None:
    pack, problems = made / "pack", list[PackProblem]()
    registry = read_file(pack, "intents/intents.yaml", Registry, problems)
    if registry is None:
        raise PackRefused(problems)
    examples = read_examples(pack, list(registry.intents), problems)
    (made / SPELLING).write_bytes(msgspec.json.encode(_vocabulary_of(examples)))
    kept = models / f"{content_hash(pack, 'intents', 'flags')}-{FORMAT}-{encoder.name}.npz"
    if not kept.exists():
        say("training the understanding …")
        from tellerline.understanding.train import train  # noqa: PLC0415  scikit-learn: needed only here, and slow to import

        flags = read_flags(pack, [*registry.flags, *registry.affects], problems)
        remembering = RememberingEncoder(encoder, models / f"meanings-{encoder.name}.npz")
        train(msgspec.to_builtins(registry), examples, flags, remembering).save(made / MODEL)
        remembering.keep()
        shutil.copy2(made / MODEL, kept)
    else:
        shutil.copy2(kept, made / MODEL)


def _compile_knowledge(
    made: Path, models: Path, encoder: SentenceEncoder, like: Path | None, say: Progress
) -> None:
    say("indexing the knowledge …")
    from tellerline.knowledge.compile import compile_knowledge  # noqa: PLC0415  the same

    fitted = load_index(like / KNOWLEDGE) if like is not None else None
    passages = RememberingEncoder(encoder, models / f"passages-{encoder.name}.npz")
    compiled, _ = compile_knowledge(made / "pack", passages, fitted=fitted)
    passages.keep()
    save_knowledge(compiled, made / KNOWLEDGE)


def _vocabulary_of(examples: dict[str, dict[str, list[str]]]) -> Vocabulary:
    """Return the words customers' phrases use, which a misspelled word can have meant."""
    said = (phrase for phrases in examples.values() for each in phrases.values() for phrase in each)
    return gather_vocabulary(normalise(str(phrase)).text for phrase in said)


_LOADED_MAX = 4
_loaded: dict[tuple[Path, str, str], Release] = {}


def load(releases: Path, version: str, encoder: SentenceEncoder) -> Release:
    """Return a compiled release, loaded once: see `_load`."""
    key = (releases, version, encoder.name)
    if key not in _loaded:
        for old in list(_loaded)[: len(_loaded) - _LOADED_MAX + 1]:
            _loaded.pop(old, None)
        _loaded[key] = _load(releases, version, encoder)
    return _loaded[key]


def _load(releases: Path, version: str, encoder: SentenceEncoder) -> Release:
    """Load a compiled release, compiling it again when another encoder or format made it.

    Raises: NotFound, code `release`.
    """
    made = releases / version
    pack = made / "pack"
    if not pack.is_dir():
        raise NotFound("release", f"release {version} is not on this machine", release=version)
    if not is_built(releases, version, encoder):
        _make(pack, releases, version, encoder)
    problems: list[PackProblem] = []
    form = read_file(pack, "pack.yaml", PackForm, problems)
    registry = read_file(pack, "intents/intents.yaml", Registry, problems)
    flows, raw, more = load_flows(pack)
    errors = errors_in(problems + more)
    if errors or form is None or registry is None:
        raise PackRefused(errors)
    knowledge = load_knowledge(made / KNOWLEDGE, _read_figures, encoder)
    calendars = {path.stem: load_calendar(path) for path in sorted((pack / "calendar").glob("*.yaml"))}
    calendar = calendars[form.calendar]
    clock, cases = CaseClock(calendars, calendar), read_cases(pack, problems) or CaseRules()
    understanding = Understanding(
        Model.load(made / MODEL, encoder),
        places=knowledge.places(),
        holidays=calendar.holidays,
        workdays=calendar.workdays,
        merchants=read_file(pack, MERCHANTS, list[Text], problems) or [],
        speller=Speller(msgspec.json.decode((made / SPELLING).read_bytes(), type=Vocabulary)),
    )
    copies = {
        name: CopyBook(name, {lang: parse_copy(texts[lang]) for lang in LANGUAGES})
        for name, texts in raw.items()
    }
    for scope in SPEECH:
        files = {
            lang: read_copy(pack, pack / "phrases" / f"{scope}.{lang}.yaml", problems) for lang in LANGUAGES
        }
        copies[scope] = CopyBook(scope, {lang: parse_copy(files[lang].raw) for lang in LANGUAGES})
    rules = read_guard(pack, problems)
    if rules is None:
        raise PackRefused(errors_in(problems))
    guard = Guard(rules)
    return Release(
        version,
        form.bank,
        flows,
        copies,
        registry.intents,
        knowledge,
        understanding,
        guard.check,
        _due_at(clock, cases, knowledge),
        form.thresholds,
        cases,
        clock,
        guard.inspect,
    )


_FIGURES = EntityFinder()


def _read_figures(text: str, language: Language, on: date) -> list[Entity]:
    """Read the amounts, periods and dates of a question as understanding reads those of a message."""
    return _FIGURES.find(text, Context(language, on))


def _due_at(
    clock: CaseClock, cases: CaseRules, knowledge: Knowledge
) -> Callable[[datetime, Due, str], datetime]:
    """Return how deadlines are reckoned: amounts may be facts, days are the business days of the case's calendar."""

    def due_at(now: datetime, due: Due, kind: str) -> datetime:
        scope = {"facts": knowledge.facts(now.astimezone(BANK_ZONE).date())}
        calendar = clock.calendar(cases.of(kind))
        assert calendar is not None, "a pack has a calendar"

        def amount(value: int | str) -> int:
            return int(evaluate(value, scope)) if isinstance(value, str) else value

        return calendar.deadline(
            now,
            minutes=amount(due.minutes),
            hours=amount(due.hours),
            days=amount(due.days),
            business_days=amount(due.business_days),
        )

    return due_at
