"""Which release is in force: worked out from the pack and the accepted proposals, by every process for itself.

The pack is the one last published by two persons. Until one has been, a demonstration follows its folder, so that whoever
edits a file sees it; elsewhere the first start installs the folder, and later edits wait until they are published.

A release that has to be built takes minutes. Whoever is served meanwhile is served by the one before.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import structlog

from tellerline.dialogue import pack as packs
from tellerline.dialogue.composition import composed, first_day
from tellerline.dialogue.proposal_book import ProposalBook, Step, with_fields
from tellerline.dialogue.releases import Plan, Releases
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Invalid
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import PackChange, Proposal, ProposalId

WHOLE = 100  # percent
KEPT_PACKS = 5  # published packs that can be gone back to
ALL = 10_000
log_line = structlog.get_logger("tellerline.force")


class Force:
    """See the module's head. follow: take the pack's folder as it is, until a pack is published. Its methods block."""

    def __init__(
        self, *, book: ProposalBook, releases: Releases, pack: Path, clock: Clock, follow: bool = True
    ) -> None:
        self._book = book
        self._releases = releases
        self._pack = pack
        self._clock = clock
        self._follow = follow
        self._building = threading.Lock()
        self._applied: tuple[object, ...] | None = None
        self._made: dict[
            tuple[object, ...], str
        ] = {}  # what is known of compositions, so that none is made twice

    # --- what is in force

    def accepted(self) -> list[Proposal]:
        """Return the proposals in force, in the order in which they are laid upon each other."""
        held = self._book.find(("in_force", "superseded"), limit=ALL)
        return sorted(held, key=lambda proposal: (proposal.in_force_at, proposal.order))

    def base(self, accepted: Sequence[Proposal], *, trial: bool = False) -> Path:
        """Return the folder of the pack that `accepted` are laid upon; with `trial`, of the one on trial."""
        published = [each.pack for each in accepted if each.pack and (trial or each.pack.share == WHOLE)]
        return self._releases.pack_of(published[-1].release) if published else self._pack

    def plan(self, accepted: Sequence[Proposal]) -> Plan:
        """Return what is in force with `accepted`, built where need be. Raises: PackRefused; Unavailable."""
        stable = self.make(accepted, self.base(accepted))
        trial = on_trial(accepted)
        if trial is None:
            return Plan(stable)
        return Plan(stable, self.make(accepted, self.base(accepted, trial=True)), trial.share)

    def make(self, accepted: Sequence[Proposal], base: Path) -> str:
        """Return the release of a pack with `accepted` laid over it, built where need be. Raises: as `plan`."""
        key = self.key(accepted, base)
        if key not in self._made:
            with composed(base, accepted) as folder:
                self._made[key] = self._releases.build(folder, like=base)
        return self._made[key]

    def key(self, accepted: Sequence[Proposal], base: Path) -> tuple[object, ...]:
        """Return what a composition depends on."""
        now = self._clock.now()
        laid = (f"{each.id} {each.digest} {first_day(each, now)}" for each in accepted if each.pack is None)
        return (base, packs.newest(base), *laid)

    def prepare(self, proposal: Proposal) -> None:
        """Build and load what a proposal would put in force, so that it is at once when it is approved."""
        plan = self.plan([*self.accepted(), proposal])
        for version in filter(None, (plan.stable, plan.candidate)):
            self._releases[version]

    def check_built(self, release: str) -> None:
        """Raise: NotFound, code `release`, when a release is not on this machine."""
        self._releases.pack_of(release)

    # --- putting in force

    def start(self) -> None:
        """Put in force what is when the process starts.

        What has to be built first is left to `activate` when the release of before can serve. Raises: PackRefused when
        there is neither that nor a pack without errors.
        """
        with self._building:
            self._install()
            held, before = self.accepted(), self._releases.noted()
            if before is not None and not self._is_ready(held):
                log_line.warning(
                    "the release of before serves while the present one is built", release=before.stable
                )
                self._releases.put(before)
                return
            try:
                self._releases.put(self.plan(held))
            except packs.PackRefused as refused:
                self._go_on_with(held, before, refused)

    def _go_on_with(self, held: Sequence[Proposal], before: Plan | None, refused: packs.PackRefused) -> None:
        last = max(held, key=lambda proposal: proposal.order, default=None)
        plan = before or (Plan(last.release) if last is not None and last.release else None)
        if plan is None or plan.stable not in self._releases.kept():
            raise refused
        _log_problems(refused.problems)
        self._releases.put(Plan(plan.stable))

    def _is_ready(self, held: Sequence[Proposal]) -> bool:
        try:
            with composed(self.base(held), held) as folder:
                return self._releases.is_built(packs.content_hash(folder))
        except packs.PackRefused:
            return True  # there is nothing to wait for: `start` finds the errors at once

    def _install(self) -> None:
        """Where the folder is not followed, the first start publishes it, on the word of whoever installs."""
        if self._follow or any(each.pack for each in self.accepted()):
            return
        release, now = self._releases.build(self._pack, like=self._pack), self._clock.now()
        name = ProposalId(f"{now:%Y%m%d}-{secrets.token_hex(4)}")
        installed = Proposal(
            name, "installed", "", now, "in_force", now, [PackChange(release)],
            digest=release, approved_at=now, activated_at=now, release=release,
        )  # fmt: skip
        self._book.add(installed, Step(now, "", "installed"))

    def activate(self) -> None:
        """Put in force what is due; a pack or a proposal with an error leaves the release in force as it is."""
        with self._building:
            held, due = self.accepted(), self._due()
            base = self.base(held)
            stamp = (base, packs.newest(base), *(proposal.id for proposal in (*held, *due)))
            if stamp == self._applied:
                return
            self._settle(held, due)
            self._applied = stamp

    def next_due_s(self) -> float | None:
        """Return the seconds until the next approved proposal comes into force; None when there is none."""
        now = self._clock.now()
        moments = [proposal.in_force_at for proposal in self._book.find(("approved",), limit=ALL)]
        waits_s = [
            (moment - now).total_seconds() for moment in moments if moment is not None and moment > now
        ]
        return min(waits_s, default=None)

    def _settle(self, held: list[Proposal], due: Sequence[Proposal]) -> None:
        """Put the due proposals on top of those in force, one by one: one that does not fit keeps no other back."""
        plan = self._try(held)
        for proposal in due if isinstance(plan, Plan) else ():
            made = self._try([*held, proposal])
            if isinstance(made, Plan):
                plan, held = made, [*held, proposal]
                continue
            trouble = "; ".join(problem.render() for problem in made[:5])
            self._book.change(
                proposal.id, self._step("could not be put in force"), with_fields(trouble=trouble)
            )
        if not isinstance(plan, Plan):
            _log_problems(plan)
            return
        self._releases.put(plan)
        log_line.info("a release is in force", **msgspec.structs.asdict(plan))
        for proposal in held:
            if proposal.state == "approved":
                self._mark(proposal, held, plan)

    def _mark(self, proposal: Proposal, held: Sequence[Proposal], plan: Plan) -> None:
        """Note that a proposal is in force now, and which ones it replaces."""
        now = self._clock.now()
        release = plan.candidate if proposal.pack and proposal.pack.share < WHOLE else plan.stable
        self._book.change(
            proposal.id,
            self._step("in force"),
            with_fields(state="in_force", activated_at=now, release=release),
        )
        for other in held[: held.index(proposal)]:
            if other.state == "in_force" and _replaces(proposal, other):
                self._book.change(other.id, self._step("superseded"), with_fields(state="superseded"))

    def _try(self, accepted: Sequence[Proposal]) -> Plan | list[PackProblem]:
        try:
            return self.plan(accepted)
        except packs.PackRefused as refused:
            return refused.problems

    def _due(self) -> list[Proposal]:
        now = self._clock.now()
        due = [each for each in self._book.find(("approved",), limit=ALL) if not each.trouble]
        return sorted(
            (each for each in due if each.in_force_at is not None and each.in_force_at <= now),
            key=lambda each: (each.in_force_at, each.order),
        )

    # --- going back

    def roll_back(self, person: str, reason: str) -> Proposal:
        """Take back the pack that was published last, or its trial; the release of before is in force when this returns.

        Raises: Invalid without a reason; Conflict, code `nothing_to_roll_back`.
        """
        if not reason.strip():
            raise Invalid("reason", "say why it is taken back", field="reason")
        published = [each for each in self.accepted() if each.pack]
        if not published or (len(published) == 1 and not self._follow):
            detail = "no published pack is in force that another one came before; publish the one you want"
            raise Conflict("nothing_to_roll_back", detail)
        back = with_fields(state="rolled_back", reason=reason.strip())
        done = self._book.change(published[-1].id, Step(self._clock.now(), person, "rolled back"), back)
        for other in reversed(published[:-1]):
            if other.pack and other.pack.share == WHOLE:
                self._book.change(other.id, self._step("in force again"), _again)
                break
            self._book.change(other.id, self._step("its trial is over"), back)
        self.activate()
        return done

    # --- clearing

    def clear(self, in_use: Collection[str]) -> list[str]:
        """Remove releases that nobody needs any more; return which.

        Kept: what open conversations began with (`in_use`), what is in force or waits to be, the packs that were published
        last, and the newest releases.
        """
        held = self.accepted()
        coming = self._book.find(("checked", "approved"), limit=ALL)
        published = [each.pack.release for each in held if each.pack]
        waiting = [each.pack.release for each in coming if each.pack]
        return self._releases.clear({*in_use, *waiting, *published[-KEPT_PACKS:]})

    def _step(self, step: str) -> Step:
        return Step(self._clock.now(), "", step)


def on_trial(accepted: Sequence[Proposal]) -> PackChange | None:
    """Return the pack on trial: the one published last, if it was not given all conversations."""
    published = [each.pack for each in accepted if each.pack]
    return published[-1] if published and published[-1].share < WHOLE else None


def _replaces(later: Proposal, earlier: Proposal) -> bool:
    """Whether nothing is left of the earlier one. A pack on trial leaves the one for everybody in its place."""
    if later.pack and later.pack.share < WHOLE and earlier.pack and earlier.pack.share == WHOLE:
        return False
    return bool(earlier.targets) and earlier.targets <= later.targets


def _again(proposal: Proposal) -> Proposal | None:
    return msgspec.structs.replace(proposal, state="in_force") if proposal.state == "superseded" else None


def _log_problems(problems: Sequence[PackProblem]) -> None:
    for problem in problems:
        log_line.error("the pack has an error; the release in force stays", problem=problem.render())
