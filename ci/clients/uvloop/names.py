import asyncio
import socket

from common import main


async def local_names() -> list[object]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
    same = found == socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
    by_name = await loop.getaddrinfo("localhost", 80, family=socket.AF_INET)
    return [found[0][4], same, by_name == socket.getaddrinfo("localhost", 80, family=socket.AF_INET)]


async def unknown_name() -> bool:
    try:
        await asyncio.get_running_loop().getaddrinfo("no such name", 80)
    except socket.gaierror as error:
        try:
            socket.getaddrinfo("no such name", 80)
        except socket.gaierror as expected:
            return error.errno == expected.errno
    return False


async def names_of_addresses() -> list[object]:
    loop = asyncio.get_running_loop()
    flags = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    return [await loop.getnameinfo(("127.0.0.1", 80), flags),
            await loop.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST) == socket.getnameinfo(
                ("127.0.0.1", 80), socket.NI_NUMERICHOST)]


async def many_at_once() -> int:
    loop = asyncio.get_running_loop()
    results = await asyncio.gather(*(loop.getaddrinfo("127.0.0.1", n) for n in range(1, 101)))
    return sum(r[0][4][1] for r in results)


async def cancelled() -> list[str]:
    loop, said = asyncio.get_running_loop(), []
    for _ in range(20):
        task = asyncio.ensure_future(loop.getaddrinfo("127.0.0.1", 80))
        await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            said.append("cancelled")
    return sorted(set(said))


main(local_names, unknown_name, names_of_addresses, many_at_once, cancelled)
