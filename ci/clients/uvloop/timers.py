import asyncio
import threading
import time

from common import main


async def soon_in_order() -> list[int]:
    loop, seen = asyncio.get_running_loop(), []
    for number in range(200):
        loop.call_soon(seen.append, number)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return [len(seen), seen == sorted(seen)]


async def later_in_order() -> list[object]:
    loop, seen, done = asyncio.get_running_loop(), [], asyncio.Event()
    for delay in (30, 10, 20, 0, 40):
        loop.call_later(delay / 1000, seen.append, delay)
    cancelled = loop.call_later(0.015, seen.append, "cancelled")
    cancelled.cancel()
    loop.call_later(0.06, done.set)
    await done.wait()
    return [seen, cancelled.cancelled()]


async def never_early() -> bool:
    loop, early = asyncio.get_running_loop(), 0
    for _ in range(20):
        started = time.monotonic()
        await asyncio.sleep(0.005)
        early += time.monotonic() - started < 0.0035  # its clock counts whole milliseconds
    return early == 0 and loop.time() <= time.monotonic() + 1


async def sleeps_together() -> int:
    return len(await asyncio.gather(*(asyncio.sleep(n % 7 / 1000, n) for n in range(2000))))


async def timeouts() -> list[str]:
    said = []
    for patience in (0, 0.01):
        try:
            await asyncio.wait_for(asyncio.Event().wait(), patience)
        except asyncio.TimeoutError:
            said.append("timed out")
    return said


async def from_threads() -> int:
    loop, count, done = asyncio.get_running_loop(), 0, asyncio.Event()

    def arrived() -> None:
        nonlocal count
        count += 1
        if count == 4000:
            done.set()

    def send() -> None:
        for _ in range(1000):
            loop.call_soon_threadsafe(arrived)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    await done.wait()
    for thread in threads:
        thread.join()
    return count


async def handed_back_and_forth() -> int:
    loop = asyncio.get_running_loop()
    return sum(await asyncio.gather(*(loop.run_in_executor(None, lambda n=n: n) for n in range(500))))


main(soon_in_order, later_in_order, never_early, sleeps_together, timeouts, from_threads, handed_back_and_forth)
