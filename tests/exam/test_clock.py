"""Waiting costs nothing and is exact."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from tellerline.exam.clock import LoopClock, run_virtually

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_a_day_passes_at_once() -> None:
    async def wait() -> datetime:
        clock = LoopClock(START)
        await asyncio.sleep(24 * 3_600)
        return clock.now()

    began = time.perf_counter()
    assert run_virtually(wait()) == START + timedelta(days=1)
    assert time.perf_counter() - began < 5


def test_timers_fire_in_their_order_at_their_time() -> None:
    async def race() -> list[tuple[str, float]]:
        clock = LoopClock(START)
        fired: list[tuple[str, float]] = []

        async def note(name: str, delay_s: float) -> None:
            await asyncio.sleep(delay_s)
            fired.append((name, (clock.now() - START).total_seconds()))

        await asyncio.gather(note("late", 15), note("soon", 0.6), note("between", 8))
        return fired

    assert run_virtually(race()) == [("soon", 0.6), ("between", 8.0), ("late", 15.0)]


def test_time_stands_still_for_work_that_others_leave_to_a_thread() -> None:
    async def settle() -> tuple[str, float]:
        clock = LoopClock(START)
        ticking = asyncio.create_task(asyncio.sleep(0.001))
        result = await asyncio.to_thread(lambda: time.sleep(0.01) or "done")
        ticking.cancel()
        return result, (clock.now() - START).total_seconds()

    assert run_virtually(settle()) == ("done", 0.0)


def test_what_such_work_raises_is_raised_where_it_is_awaited() -> None:
    async def fail() -> None:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)

    run_virtually(fail())
