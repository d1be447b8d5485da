"""What the scripts of this folder share: they print one line for each thing that worked."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import uvloop

PATIENCE_S = 30


def main(*works: Callable[[], Awaitable[object]]) -> None:
    """Runs each on a new loop, prints its name and what it returns."""
    failed = False
    for work in works:
        loop = uvloop.new_event_loop()
        asyncio.set_event_loop(loop)
        problems: list[object] = []
        loop.set_exception_handler(lambda _loop, context: problems.append(context))
        try:
            result = loop.run_until_complete(asyncio.wait_for(work(), PATIENCE_S))
            print(work.__name__, result, flush=True)
        except Exception as error:
            failed = True
            print(work.__name__, "failed:", repr(error), flush=True)
            sys.excepthook(*sys.exc_info())
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
        for problem in problems:
            failed = True
            print(work.__name__, "reported:", problem)
    sys.exit(1 if failed else 0)
