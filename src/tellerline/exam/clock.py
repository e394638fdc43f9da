"""Time in the exam: an event loop whose clock jumps to the next thing due, so that waiting costs nothing and is exact."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.BaseSelector):
    """A selector that, instead of waiting for time to pass, lets it pass."""

    def __init__(self, passed: Callable[[float], None]) -> None:
        self._real = selectors.DefaultSelector()
        self._passed = passed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return self._real.select(timeout)
        ready = self._real.select(0)
        if not ready:
            self._passed(timeout)
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:  # noqa: ANN401
        return self._real.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with its own time, in seconds from 0. Work for a thread is done at once, so time stands still for it."""

    def __init__(self) -> None:
        self._elapsed_s = 0.0
        super().__init__(_Jump(self._pass))

    def _pass(self, seconds: float) -> None:
        self._elapsed_s += seconds

    def time(self) -> float:
        """Return the seconds passed in this loop."""
        return self._elapsed_s

    def run_in_executor(
        self, executor: Executor | None, func: Callable[..., T], *args: object
    ) -> asyncio.Future[T]:
        """Do here what others leave to a thread; see `asyncio.to_thread`."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # boundary: the error belongs to whoever awaits the work
            done.set_exception(error)
        return done


class LoopClock:
    """The clock of a conversation held in a `VirtualLoop`: `start`, and what has passed since it was made."""

    def __init__(self, start: datetime) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = start.astimezone(UTC)
        self._origin_s = self._loop.time()

    def now(self) -> datetime:
        """Return the present moment of the conversation, aware, in UTC, in whole milliseconds."""
        passed_ms = round((self._loop.time() - self._origin_s) * 1_000)
        return self._start + timedelta(milliseconds=passed_ms)


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end in a loop of virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
