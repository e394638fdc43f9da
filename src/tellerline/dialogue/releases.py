"""Which releases are in force for new conversations, and all others that open conversations still finish on."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec

from tellerline.dialogue import pack as packs
from tellerline.dialogue.building import build_apart
from tellerline.dialogue.release import Release
from tellerline.domain.errors import NotFound
from tellerline.models.contract import SentenceEncoder

LOADED_MAX = (
    6  # besides those in force; those that few conversations still need are loaded again when they do
)
KEPT_MIN = 5  # releases that stay on this machine although nobody needs them
PERCENT = 100


class Plan(msgspec.Struct, frozen=True):
    """What new conversations begin with: `candidate` for `share` percent of them, if there is one; else `stable`."""

    stable: str
    candidate: str = ""
    share: int = 0

    def release_for(self, conversation: str) -> str:
        """Return the release of a new conversation; the same id has the same answer, in every process."""
        drawn = int.from_bytes(hashlib.sha256(conversation.encode()).digest()[:8]) % PERCENT
        return self.candidate if self.candidate and drawn < self.share else self.stable


class Releases(Mapping[str, Release]):
    """Compiled releases by version, loaded when first needed.

    note: the file that says what was in force, for the next start. say: told how building goes.
    """

    def __init__(
        self,
        folder: Path,
        encoder: SentenceEncoder,
        *,
        note: Path | None = None,
        say: packs.Progress = lambda _: None,
    ) -> None:
        self._folder = folder
        self._encoder = encoder
        self._note = note
        self._say = say
        self._loaded: dict[str, Release] = {}
        self._plan = Plan("")
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    # --- what is in force

    @property
    def current(self) -> Release:
        """The release new conversations begin with, but for those that try another."""
        return self[self._plan.stable]

    @property
    def plan(self) -> Plan:
        """What new conversations begin with."""
        return self._plan

    def release_for(self, conversation: str) -> Release:
        """Return the release that a new conversation begins with."""
        return self[self._plan.release_for(conversation)]

    def put(self, plan: Plan) -> None:
        """Put releases in force for new conversations, once they are loaded. Raises: NotFound; PackRefused."""
        for version in filter(None, (plan.stable, plan.candidate)):
            self._load(version)
        self._plan = plan
        if self._note is not None:
            self._note.parent.mkdir(parents=True, exist_ok=True)
            draft = self._note.with_suffix(".new")
            draft.write_bytes(msgspec.json.encode(plan))
            draft.replace(self._note)

    def noted(self) -> Plan | None:
        """Return what was in force here before, if it can serve at once."""
        try:
            plan = msgspec.json.decode(self._note.read_bytes(), type=Plan) if self._note is not None else None
        except (OSError, msgspec.MsgspecError):
            return None
        if plan is None or not self.is_built(plan.stable):
            return None
        return plan if self.is_built(plan.candidate) else Plan(plan.stable)

    def publish(self, pack: Path, *, say: packs.Progress = lambda _: None) -> Release:
        """Build `pack` if needed and put it in force; when it has errors, the release in force stays.

        Raises: PackRefused.
        """
        self.put(Plan(packs.build(pack, self._folder, self._encoder, say=say)))
        return self.current

    # --- building and loading

    def build(self, pack: Path, *, like: Path) -> str:
        """Build `pack` if needed, as a variation of the pack in `like`; return its version.

        Who asks for a release that is being built waits for it; others don't: once a release is in force, another one is
        built in a process of its own. Raises: PackRefused; Unavailable.
        """
        version = packs.content_hash(pack)
        with self._locks[version]:
            if self.is_built(version):
                return version
            if not self._plan.stable:
                return packs.build(pack, self._folder, self._encoder, like=like, say=self._say)
            return build_apart(pack, self._folder, like)

    def is_built(self, version: str) -> bool:
        """Whether a release is on this machine as this product compiles it."""
        return bool(version) and packs.is_built(self._folder, version, self._encoder)

    def pack_of(self, version: str) -> Path:
        """Return the folder of the pack that a release was made of. Raises: NotFound, code `release`."""
        folder = self._folder / version / "pack"
        if not folder.is_dir():
            detail = (
                f"release {version} is not on this machine; build it from its pack: tellerline pack build"
            )
            raise NotFound("release", detail, release=version)
        return folder

    def kept(self) -> frozenset[str]:
        """Return the versions that are on this machine."""
        return frozenset(path.parent.name for path in self._folder.glob("*/pack"))

    async def ready(self, version: str) -> None:
        """Have a release at hand, without holding up anybody but who asks for it. Raises: NotFound; PackRefused."""
        if version not in self._loaded:
            await asyncio.to_thread(self._load, version)

    def _load(self, version: str) -> None:
        """Load a release; one that another version of this product compiled is compiled anew first."""
        with self._locks[version]:
            if version not in self._loaded and not self.is_built(version):
                self._say(
                    f"release {version} was compiled by another version of this product; compiling it anew …"
                )
                folder = self.pack_of(version)
                if self._plan.stable:
                    build_apart(folder, self._folder, folder)
                else:
                    packs.build(folder, self._folder, self._encoder, say=self._say)
        self[version]

    def clear(self, needed: Collection[str]) -> list[str]:
        """Remove releases that are neither `needed`, nor in force, nor among the newest; return which."""
        stay = {*needed, self._plan.stable, self._plan.candidate}
        newest = sorted(self.kept(), key=lambda name: (self._folder / name).stat().st_mtime, reverse=True)
        gone = [name for name in newest[KEPT_MIN:] if name not in stay]
        for name in gone:
            with self._locks[name], tempfile.TemporaryDirectory(dir=self._folder) as scratch:
                os.rename(self._folder / name, Path(scratch) / name)  # noqa: PTH104  in one step, whole
                self._loaded.pop(name, None)
        return gone

    def __getitem__(self, version: str) -> Release:
        """Return a release. Raises: NotFound when it is not on this machine."""
        found = self._loaded.get(version)
        if found is None:
            found = self._loaded[version] = packs.load(self._folder, version, self._encoder)
            stay = (version, self._plan.stable, self._plan.candidate)
            for old in [name for name in list(self._loaded) if name not in stay][:-LOADED_MAX]:
                self._loaded.pop(old, None)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
