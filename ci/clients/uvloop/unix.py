import asyncio
import os
import socket

from common import main


async def unix_server() -> list[object]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.readline()).upper())
        writer.close()

    server = await asyncio.start_unix_server(answer, "socket")
    said = []
    for number in range(20):
        reader, writer = await asyncio.open_unix_connection("socket")
        writer.write(b"line %d\n" % number)
        said.append(await reader.read(-1))
        writer.close()
    server.close()
    await server.wait_closed()
    return [len(said), said[-1], os.path.exists("socket")]


async def no_such_socket() -> str:
    try:
        await asyncio.open_unix_connection("nothing")
    except OSError as error:
        return type(error).__name__
    return "connected?"


async def pipes() -> list[object]:
    """Both ends of a pipe as transports; the writer sees the reader go."""
    loop = asyncio.get_running_loop()
    reading, writing = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb"))
    lost = loop.create_future()

    class Writer(asyncio.Protocol):
        def connection_lost(self, error: Exception | None) -> None:
            lost.set_result(error)

    out, _ = await loop.connect_write_pipe(Writer, os.fdopen(writing, "wb"))
    out.write(b"p" * 300_000)
    received = await reader.readexactly(300_000)
    transport.close()  # the writer writes nothing, and has to notice nevertheless
    error = await lost
    return [len(received), error]


async def readers_and_writers() -> list[object]:
    loop = asyncio.get_running_loop()
    left, right = socket.socketpair()
    left.setblocking(False)
    right.setblocking(False)
    received, done, sent = b"", asyncio.Event(), 0

    def readable() -> None:
        nonlocal received
        data = right.recv(1000)
        received += data
        if not data:
            loop.remove_reader(right)
            done.set()

    def writable() -> None:
        nonlocal sent
        sent += left.send(b"q" * 1000)
        if sent >= 50_000:
            loop.remove_writer(left)
            left.shutdown(socket.SHUT_WR)

    loop.add_reader(right, readable)
    loop.add_writer(left, writable)
    await done.wait()
    again = [loop.remove_reader(right), loop.remove_writer(left)]
    left.close()
    right.close()
    return [len(received) == sent, again]


async def socket_calls() -> list[object]:
    loop = asyncio.get_running_loop()
    listening = socket.socket()
    listening.setblocking(False)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    client = socket.socket()
    client.setblocking(False)
    (accepted, _), _ = await asyncio.gather(loop.sock_accept(listening), loop.sock_connect(client, listening.getsockname()))

    async def receive() -> int:
        total = 0
        while data := await loop.sock_recv(accepted, 65536):
            total += len(data)
        return total

    async def send() -> None:
        await loop.sock_sendall(client, b"r" * 2_000_000)
        client.shutdown(socket.SHUT_WR)

    total, _ = await asyncio.gather(receive(), send())
    for sock in (listening, client, accepted):
        sock.close()
    return [total]


main(unix_server, no_such_socket, pipes, readers_and_writers, socket_calls)
