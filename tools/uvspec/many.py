"""Many pieces of work in threads, with an end that Ctrl-C may bring forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def work_through(items: Iterable[Item], work: Callable[[Item], Result], jobs: int, done: Callable[[Result], None], stop: Callable[[], None]) -> bool:
    """Calls `work` in `jobs` threads, and `done` with each result in the caller's. False if it was interrupted.

    Ctrl-C calls `stop`, which has pieces that run end soon; their results are lost, and what has not begun is left.
    """
    with ThreadPoolExecutor(jobs) as pool:
        futures: set[Future[Result]] = {pool.submit(work, item) for item in items}
        try:
            while futures:
                ended, futures = wait(futures, return_when=FIRST_COMPLETED)
                for future in ended:
                    done(future.result())
        except KeyboardInterrupt:
            stop()
            for future in futures:
                future.cancel()
            return False
    return True
