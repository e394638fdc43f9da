"""The scorer as the product puts it together, on the compiled demonstration bank."""

from __future__ import annotations

from pathlib import Path

from tellerline.app import shared_encoder
from tellerline.dialogue import pack
from tellerline.quality.build import build_scorer
from tellerline.quality.scorer import Scorer
from tellerline.settings import default_pack

RELEASES = Path(__file__).parents[2] / "data" / "releases"


def load_scorer() -> Scorer:
    """Return the scorer; the bank is compiled if it is not yet."""
    encoder = shared_encoder()
    version = pack.build(default_pack(), RELEASES, encoder)
    return build_scorer(default_pack(), pack.load(RELEASES, version, encoder), encoder)
