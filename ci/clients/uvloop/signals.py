import asyncio
import os
import signal
import threading

from common import main


async def handlers() -> list[str]:
    loop, seen = asyncio.get_running_loop(), []
    done = asyncio.Event()

    def on(name: str) -> None:
        seen.append(name)
        if len(seen) == 3:
            done.set()

    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
        loop.add_signal_handler(number, on, number.name)
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
        os.kill(os.getpid(), number)
    await done.wait()
    removed = [loop.remove_signal_handler(signal.SIGUSR1), loop.remove_signal_handler(signal.SIGUSR1)]
    return [*sorted(seen), *map(str, removed)]


async def many_while_waiting() -> bool:
    """Each signal that is sent after the one before was seen is seen."""
    loop, seen = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, seen.set)
    for _ in range(300):
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1)).start()
        await seen.wait()
        seen.clear()
    loop.remove_signal_handler(signal.SIGUSR1)
    return True


async def python_handler() -> list[object]:
    """A handler that Python's signal module installed runs while the loop waits."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    old = signal.signal(signal.SIGUSR2, lambda number, frame: loop.call_soon_threadsafe(done.set))
    loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR2)
    await done.wait()
    signal.signal(signal.SIGUSR2, old)
    return ["handled"]


async def children_and_signals() -> list[int]:
    """SIGCHLD belongs to the loop; ours changes nothing about waiting for children."""
    loop, seen = asyncio.get_running_loop(), []
    loop.add_signal_handler(signal.SIGWINCH, seen.append, 1)
    process = await asyncio.create_subprocess_exec("sh", "-c", f"kill -WINCH {os.getpid()}; exit 4")
    code = await process.wait()
    while not seen:
        await asyncio.sleep(0.001)
    loop.remove_signal_handler(signal.SIGWINCH)
    return [code, len(seen)]


async def interrupted() -> str:
    """Ctrl-C reaches the program as Python's own exception."""
    import uvloop

    def in_thread() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    async def wait() -> None:
        asyncio.get_running_loop().call_later(0.01, lambda: threading.Thread(target=in_thread).start())
        await asyncio.sleep(20)

    pid = os.fork()
    if pid == 0:
        asyncio._set_running_loop(None)
        loop = uvloop.new_event_loop()
        try:
            loop.run_until_complete(wait())
        except KeyboardInterrupt:
            os._exit(42)
        os._exit(1)
    code = await asyncio.get_running_loop().run_in_executor(None, lambda: os.waitpid(pid, 0)[1])
    return f"exit {os.waitstatus_to_exitcode(code)}"


main(handlers, many_while_waiting, python_handler, children_and_signals, interrupted)
