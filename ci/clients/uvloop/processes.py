import asyncio
import os
import signal
import sys

from common import main

PIPE, DEVNULL = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL


async def ran(*argv: str, **more: object) -> list[object]:
    process = await asyncio.create_subprocess_exec(*argv, stdout=PIPE, stderr=PIPE, **more)
    out, err = await process.communicate()
    return [process.returncode, out, err]


async def output_and_status() -> list[object]:
    return await ran("sh", "-c", "echo out; echo err >&2; exit 7")


async def in_and_out() -> list[object]:
    process = await asyncio.create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    out, _ = await process.communicate(b"s" * 3_000_000)
    return [process.returncode, len(out)]


async def line_by_line() -> list[bytes]:
    process = await asyncio.create_subprocess_exec("sed", "-u", "s/^/> /", stdin=PIPE, stdout=PIPE)
    said = []
    for line in (b"a\n", b"b\n", b"c\n"):
        process.stdin.write(line)
        said.append(await process.stdout.readline())
    process.stdin.close()
    await process.wait()
    return said


async def ended_by_signal() -> list[object]:
    codes = []
    for how in ("terminate", "kill"):
        process = await asyncio.create_subprocess_exec("sleep", "50")
        getattr(process, how)()
        codes.append(await process.wait())
    process = await asyncio.create_subprocess_exec("sleep", "50")
    process.send_signal(signal.SIGUSR1)
    return [*codes, await process.wait()]


async def before_exec() -> list[object]:
    """preexec_fn runs Python in the child, after the fork and before the exec."""

    def prepare() -> None:
        os.umask(0o27)
        os.environ["FRUIT"] = "apple"
        os.nice(1)

    return (await ran("sh", "-c", "umask; nice; echo $FRUIT", preexec_fn=prepare))[:2]


async def before_exec_fails() -> str:
    def prepare() -> None:
        raise ValueError("no")

    try:
        await ran("true", preexec_fn=prepare)
    except Exception as error:
        return type(error).__name__
    return "started?"


async def places_and_names() -> list[object]:
    environment = {k: v for k, v in os.environ.items() if k.startswith(("LD_", "UVSPEC_"))}
    said = await ran("/bin/sh", "-c", "pwd; echo $GREETING $HOME", cwd="/", env={**environment, "GREETING": "hi"})
    return said[:2]


async def not_there() -> list[str]:
    said = []
    for argv, more in ((["/not/there"], {}), (["/etc/passwd"], {}), (["true"], {"cwd": "/not/there"})):
        try:
            await asyncio.create_subprocess_exec(*argv, **more)
            said.append("started?")
        except OSError as error:
            said.append(type(error).__name__)
    return said


async def descriptors() -> list[object]:
    """A child gets the descriptors that it is passed and none beside."""
    reading, writing = os.pipe()
    kept = await ran(sys.executable, "-c", f"import os; os.write({writing}, b'passed'); print('ok')", pass_fds=(writing,))
    os.close(writing)
    text = os.read(reading, 100)
    os.set_inheritable(reading, True)
    inode = os.fstat(reading).st_ino
    listing = await ran("ls", "-l", "/proc/self/fd")
    os.close(reading)
    return [kept[0], text, b"-> pipe:[%d]" % inode in listing[1], b"eventpoll" in listing[1], b"eventfd" in listing[1]]


async def merged_and_discarded() -> list[object]:
    process = await asyncio.create_subprocess_shell("echo a; echo b >&2", stdout=PIPE, stderr=asyncio.subprocess.STDOUT)
    out, _ = await process.communicate()
    silent = await asyncio.create_subprocess_shell("echo a; cat", stdin=DEVNULL, stdout=DEVNULL)
    with open("out", "wb") as file:
        filed = await asyncio.create_subprocess_shell("echo filed", stdout=file)
        await filed.wait()
    return [out, await silent.wait(), open("out").read()]


async def new_session() -> bool:
    said = await ran(sys.executable, "-c", "import os; print(os.getsid(0) == os.getpid())", start_new_session=True)
    return said[1] == b"True\n"


async def many_at_once() -> list[int]:
    codes = [r[0] for r in await asyncio.gather(*(ran("sh", "-c", f"exit {n % 5}") for n in range(60)))]
    return [codes.count(n) for n in range(5)]


async def zombies() -> int:
    """How many children nobody has waited for."""
    count = 0
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            count += 1
    except ChildProcessError:
        pass
    return count


main(output_and_status, in_and_out, line_by_line, ended_by_signal, before_exec, before_exec_fails, places_and_names,
     not_there, descriptors, merged_and_discarded, new_session, many_at_once, zombies)
