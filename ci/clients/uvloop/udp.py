import asyncio
import socket

from common import main


class Collect(asyncio.DatagramProtocol):
    """Keeps what arrives and what goes wrong."""

    def __init__(self, wanted: int, answer: bool = False) -> None:
        self.received: list[bytes] = []
        self.errors: list[str] = []
        self.wanted, self.answer = wanted, answer
        self.done, self.failed = asyncio.Event(), asyncio.Event()
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self.received.append(data)
        if self.answer:
            self.transport.sendto(b"re: " + data, address)
        if len(self.received) == self.wanted:
            self.done.set()

    def error_received(self, error: Exception) -> None:
        self.errors.append(type(error).__name__)
        self.failed.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.closed.set()


async def request_and_reply() -> list[object]:
    loop = asyncio.get_running_loop()
    server, there = await loop.create_datagram_endpoint(lambda: Collect(3, True), local_addr=("127.0.0.1", 0))
    client, here = await loop.create_datagram_endpoint(lambda: Collect(3), remote_addr=server.get_extra_info("sockname"))
    for data in (b"one", b"y", b"x" * 20_000):
        client.sendto(data)
        await asyncio.sleep(0.01)
    await asyncio.gather(there.done.wait(), here.done.wait())
    client.close()
    server.close()
    await asyncio.gather(there.closed.wait(), here.closed.wait())
    return [[len(d) for d in there.received], [len(d) for d in here.received]]


async def many_in_order() -> list[object]:
    loop = asyncio.get_running_loop()
    server, there = await loop.create_datagram_endpoint(lambda: Collect(1000), local_addr=("127.0.0.1", 0))
    client, _ = await loop.create_datagram_endpoint(lambda: Collect(1), local_addr=("127.0.0.1", 0))
    address = server.get_extra_info("sockname")
    for number in range(1000):
        client.sendto(b"%d" % number, address)
        if number % 50 == 49:  # no more than the socket's buffer holds
            while len(there.received) <= number:
                await asyncio.sleep(0)
    await there.done.wait()
    client.close()
    server.close()
    return [len(there.received), there.received == [b"%d" % n for n in range(1000)]]


async def nobody_there() -> list[str]:
    """A connected socket learns that nobody listens."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = reserved.getsockname()
    client, here = await loop.create_datagram_endpoint(lambda: Collect(1), remote_addr=address)
    client.sendto(b"anybody?")
    await here.failed.wait()
    client.close()
    return here.errors[:1]


async def unix_datagrams() -> list[object]:
    loop = asyncio.get_running_loop()
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    left.setblocking(False)
    right.setblocking(False)
    one, here = await loop.create_datagram_endpoint(lambda: Collect(1), sock=left)
    other, there = await loop.create_datagram_endpoint(lambda: Collect(1), sock=right)
    one.sendto(b"across")
    await there.done.wait()
    one.close()
    other.close()
    return there.received


async def broadcast_option() -> bool:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: Collect(1), local_addr=("127.0.0.1", 0), allow_broadcast=True)
    on = transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST) != 0
    transport.close()
    return on


main(request_and_reply, many_in_order, nobody_there, unix_datagrams, broadcast_option)
