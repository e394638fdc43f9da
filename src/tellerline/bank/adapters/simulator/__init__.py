"""The simulated core bank of a pack: made-up customers, true books, actions that happen exactly once.

    seed (pack) + facts (pack) → generate → core ← changes ← actions
                                                     │
                                                     └── journal on disk

`Simulator.open(pack, clock=…, journal=…)` gives one object that is both the bank and its proof of identity.
"""

from __future__ import annotations

from tellerline.bank.adapters.simulator.faults import FAULTS, Faults
from tellerline.bank.adapters.simulator.journal import Journal
from tellerline.bank.adapters.simulator.phone import DemoPhone, PhoneMessage
from tellerline.bank.adapters.simulator.refusals import REFUSALS
from tellerline.bank.adapters.simulator.seed import Seed, load_seed
from tellerline.bank.adapters.simulator.simulator import Simulator
from tellerline.bank.adapters.simulator.terms import Terms, TermsBook, load_terms, terms_from_facts

__all__ = [
    "FAULTS", "REFUSALS", "DemoPhone", "Faults", "Journal", "PhoneMessage", "Seed", "Simulator", "Terms", "TermsBook",
    "load_seed", "load_terms", "terms_from_facts",
]  # fmt: skip
