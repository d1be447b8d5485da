import asyncio
import hashlib
import socket

from common import main

MUCH = bytes(range(256)) * 4096 * 8  # 8 MiB


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def exchange(host: str, port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)

    async def send() -> None:
        writer.write(data)
        await writer.drain()
        writer.write_eof()

    received, _ = await asyncio.gather(reader.read(-1), send())
    writer.close()
    await writer.wait_closed()
    return received


async def port_of(server: asyncio.base_events.Server) -> int:
    return server.sockets[0].getsockname()[1]


async def echoes_much() -> list[object]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    received = await exchange("127.0.0.1", await port_of(server), MUCH)
    server.close()
    await server.wait_closed()
    return [len(received), hashlib.sha256(received).hexdigest() == hashlib.sha256(MUCH).hexdigest()]


async def many_connections() -> list[int]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=300)
    port = await port_of(server)
    sizes = [len(r) for r in await asyncio.gather(*(exchange("127.0.0.1", port, b"x" * n * 100) for n in range(200)))]
    server.close()
    return [len(sizes), sum(sizes)]


async def flow_control() -> list[object]:
    """A reader that does not read stops the writer; reading lets it go on."""
    paused, resumed, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    total = 0

    class Sender(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            transport.set_write_buffer_limits(high=100_000)
            transport.write(MUCH)
            self.size = transport.get_write_buffer_size()
            transport.write_eof()

        def pause_writing(self) -> None:
            paused.set()

        def resume_writing(self) -> None:
            resumed.set()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal total
        await go.wait()
        while data := await reader.read(1 << 20):
            total += len(data)
        writer.close()
        done.set()

    done, loop = asyncio.Event(), asyncio.get_running_loop()
    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    transport, protocol = await loop.create_connection(Sender, "127.0.0.1", await port_of(server))
    await paused.wait()
    early = resumed.is_set()
    go.set()
    await done.wait()
    await resumed.wait()
    transport.close()
    server.close()
    return [early, total, protocol.size > 100_000]


async def refused() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        try:
            await asyncio.open_connection("127.0.0.1", taken.getsockname()[1])
        except OSError as error:
            return type(error).__name__
    return "accepted?"


async def address_in_use() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        try:
            await asyncio.start_server(echo, "127.0.0.1", taken.getsockname()[1])
        except OSError as error:
            return f"{type(error).__name__} {error.errno}"
    return "bound?"


async def aborted() -> list[object]:
    """The other side resets the connection: the reader gets an error, not an end."""
    seen: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(1)
            seen.set_result(await reader.read(-1))
        except ConnectionError as error:
            seen.set_result(type(error).__name__)
        writer.close()

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", await port_of(server))) as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        peer.send(b"x")
        await asyncio.sleep(0.01)
    said = await seen
    server.close()
    return [said]


async def half_closed() -> bytes:
    """The client says that it has finished; the server still answers."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"got " + await reader.read(-1))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    said = await exchange("127.0.0.1", await port_of(server), b"all of it")
    server.close()
    return said


async def over_ipv6() -> object:
    try:
        server = await asyncio.start_server(echo, "::1", 0)
    except OSError:
        return 5
    said = await exchange("::1", await port_of(server), b"hello")
    server.close()
    return len(said)


async def given_sockets() -> list[object]:
    """The loop takes sockets that Python made, listening and connected."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(echo, sock=listening)
    mine = socket.create_connection(listening.getsockname())
    mine.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=mine)
    writer.writelines([b"a", b"bc", b"", b"def"])
    writer.write_eof()
    said = await reader.read(-1)
    peer = writer.get_extra_info("peername")[0]
    nodelay = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    writer.close()
    server.close()
    return [said, peer, nodelay != 0]


async def paused_reading() -> list[int]:
    sizes: list[int] = []
    done = asyncio.Event()

    class Receiver(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            transport.pause_reading()
            asyncio.get_running_loop().call_later(0.01, transport.resume_reading)

        def data_received(self, data: bytes) -> None:
            sizes.append(len(data))
            self.transport.pause_reading()
            asyncio.get_running_loop().call_soon(self.transport.resume_reading)

        def connection_lost(self, error: Exception | None) -> None:
            done.set()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Receiver, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection("127.0.0.1", await port_of(server))
    writer.write(b"y" * 1_000_000)
    await writer.drain()
    writer.close()
    await done.wait()
    server.close()
    return [sum(sizes)]


main(echoes_much, many_connections, flow_control, refused, address_in_use, aborted, half_closed, over_ipv6,
     given_sockets, paused_reading)
