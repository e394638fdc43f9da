"""Which release is in force for new conversations, and all others that open conversations still finish on."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tellerline.dialogue import pack as packs
from tellerline.dialogue.building import build_apart
from tellerline.dialogue.release import Release
from tellerline.models.contract import SentenceEncoder

LOADED_MAX = (
    6  # besides the one in force; those that few conversations still need are loaded again when they do
)


class Releases(Mapping[str, Release]):
    """Compiled releases by version, loaded when first needed."""

    def __init__(
        self, folder: Path, encoder: SentenceEncoder, *, say: packs.Progress = lambda _: None
    ) -> None:
        self._folder = folder
        self._encoder = encoder
        self._say = say
        self._loaded: dict[str, Release] = {}
        self._current = ""
        self._building: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def current(self) -> Release:
        """The release new conversations begin with."""
        return self[self._current]

    def publish(self, pack: Path, *, say: packs.Progress = lambda _: None) -> Release:
        """Build `pack` if needed and put it in force; when it has errors, the release in force stays.

        Raises: PackRefused.
        """
        return self.put(packs.build(pack, self._folder, self._encoder, say=say))

    def build(self, pack: Path, *, like: Path) -> str:
        """Build `pack` if needed, as a variation of the pack in `like`; return its version.

        Who asks for a release that is being built waits for it; others don't. Raises: PackRefused; Unavailable.
        """
        version = packs.content_hash(pack)
        with self._building[version]:
            if version in self.kept() or version == packs.content_hash(like):
                return packs.build(pack, self._folder, self._encoder, say=self._say)
            return build_apart(pack, self._folder, like)

    def put(self, version: str) -> Release:
        """Put a release in force for new conversations. Raises: NotFound when it is not on this machine."""
        release = self[version]
        self._current = version
        return release

    def kept(self) -> frozenset[str]:
        """Return the versions that are on this machine."""
        return frozenset(path.parent.name for path in self._folder.glob("*/pack"))

    def __getitem__(self, version: str) -> Release:
        """Return a release. Raises: NotFound when it is not on this machine."""
        found = self._loaded.get(version)
        if found is None:
            found = self._loaded[version] = packs.load(self._folder, version, self._encoder)
            for old in [name for name in self._loaded if name not in (version, self._current)][:-LOADED_MAX]:
                del self._loaded[old]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
