"""Starts named on free ports of the loopback interface, asks it, and ends it; prints what does not vary."""

import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

NAMES = 3000
KEY = 'key "rndc-key" { algorithm hmac-sha256; secret "dXZzcGVjIGNsaWVudHMgb24gdGhlIGxvb3BiYWNr"; };\n'
PATIENCE_S = 25


def free_port() -> int:
    """A port that is free for TCP and UDP. Somebody may take it before named does; then another is tried."""
    for _ in range(100):
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]
    sys.exit("error: no free port")


class Server:
    """A running named. `zone` is its zone statement; `more` options."""

    def __init__(self, name: str, zone: str, more: str = "", top: str = "") -> None:
        for _ in range(5):
            self.port, self.control = free_port(), free_port()
            folder = Path(name).absolute()
            folder.mkdir(exist_ok=True)
            (folder / "named.conf").write_text(f"""{KEY}{top}
controls {{ inet 127.0.0.1 port {self.control} allow {{ 127.0.0.1; }} keys {{ "rndc-key"; }}; }};
options {{
  directory "{folder}"; pid-file none; lock-file none; session-keyfile none;
  listen-on port {self.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  recursion no; dnssec-validation no; allow-transfer {{ any; }}; notify-delay 0; {more}
}};
{zone}
""")
            (folder / "rndc.key").write_text(KEY)
            self.folder = folder
            if self._start():
                return
        sys.exit("error: named does not start")

    def _start(self) -> bool:
        argv = ["named", "-g", "-c", str(self.folder / "named.conf")]
        self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log: list[str] = []
        assert self.child.stderr is not None
        for line in self.child.stderr:
            self.log.append(line)
            sys.stderr.write(line)
            if line.rstrip().endswith(" running"):
                break
        else:
            self.child.wait()
            return False
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        if any("address in use" in line for line in self.log):
            self.end()
            return False
        return True

    def _read(self) -> None:
        for line in self.child.stderr or []:
            self.log.append(line)
            sys.stderr.write(line)

    def end(self) -> int:
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(PATIENCE_S)
        self.reader.join()
        return code

    def dig(self, *arguments: str, port: int = 0) -> list[str]:
        argv = ["dig", "@127.0.0.1", "-p", str(port or self.port), "+time=10", "+tries=1", *arguments]
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False, timeout=PATIENCE_S)
        if done.returncode != 0:
            sys.stderr.write(done.stdout)
            sys.exit(f"error: dig {' '.join(arguments)} exited with {done.returncode}")
        return [" ".join(line.split()) for line in done.stdout.splitlines() if line]

    def rndc(self, *arguments: str) -> str:
        argv = ["rndc", "-s", "127.0.0.1", "-p", str(self.control), "-k", str(self.folder / "rndc.key"), *arguments]
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False, timeout=PATIENCE_S)
        return f"{done.returncode} {done.stdout.strip()}"


def zone_file(folder: str) -> None:
    Path(folder).mkdir(exist_ok=True)
    lines = ["$TTL 300", "@ IN SOA ns hostmaster 1 3600 900 86400 300", "@ IN NS ns", "ns IN A 127.0.0.1",
             "@ IN MX 10 mail", "mail IN A 10.0.0.1", "mail IN AAAA fd00::1", "alias IN CNAME mail", "*.wild IN A 10.9.9.9"]
    lines += [f"name{n} IN A 10.1.{n // 256}.{n % 256}" for n in range(NAMES)]
    lines += [f'large IN TXT "{"t" * 200}{n}"' for n in range(20)]
    (Path(folder) / "zone").write_text("\n".join(lines) + "\n")


def primary(more: str = "", top: str = "", zone_more: str = "") -> Server:
    zone_file("primary")
    zone = f'zone "example.test" {{ type primary; file "zone"; allow-update {{ 127.0.0.1; }}; {zone_more} }};'
    return Server("primary", zone, more, top)


def question(name: str, number: int) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def ask_many(port: int, count: int) -> int:
    """Over one socket, a few at a time; how many were answered with the right address."""
    good, waiting = 0, 16
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", port))
        sock.settimeout(10)
        for first in range(0, count, waiting):
            for n in range(first, min(first + waiting, count)):
                sock.send(question(f"name{n % NAMES}.example.test", n))
            for _ in range(first, min(first + waiting, count)):
                answer = sock.recv(4096)
                n = struct.unpack(">H", answer[:2])[0] % NAMES
                good += bytes([10, 1, n // 256, n % 256]) in answer
    return good


def udp() -> None:
    server = primary()
    for arguments in (["+short", "mail.example.test"], ["+short", "mail.example.test", "AAAA"], ["+short", "example.test", "MX"],
                      ["+short", "alias.example.test"], ["+short", "any.wild.example.test"]):
        print(*arguments, server.dig(*arguments))
    for name in ("missing.example.test", "elsewhere.test"):
        print(name, *re.findall(r"status: (\w+)", "\n".join(server.dig(name))))
    print("large", len(server.dig("+short", "large.example.test", "TXT")))  # truncated, and asked again over TCP
    Path("batch").write_text("".join(f"name{n}.example.test +short\n" for n in range(100)))
    print("batch", len(server.dig("-f", "batch")))
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(ask_many(server.port, 2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("many", results)
    print("end", server.end())


def tcp() -> None:
    server = primary()
    print(server.dig("+tcp", "+short", "mail.example.test"))
    print(len(server.dig("+tcp", "+keepopen", "+short", *(f"name{n}.example.test" for n in range(50)))))
    zone = server.dig("+nocomments", "+nocmd", "+nostats", "example.test", "AXFR")
    print("transferred", len([line for line in zone if " IN " in line]))
    clients = [subprocess.Popen(["dig", "@127.0.0.1", "-p", str(server.port), "+nostats", "example.test", "AXFR"],
                                stdout=subprocess.PIPE, text=True) for _ in range(8)]
    print("at once", sorted({out.count(" IN ") or out.count("\tIN\t") for out, _ in (c.communicate() for c in clients)}))
    # Many questions down one connection before the first answer is read, in pieces that fit no frame.
    data = b"".join(struct.pack(">H", len(q)) + q for q in (question(f"name{n}.example.test", n) for n in range(300)))
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        sock.settimeout(10)
        rng = random.Random(1)
        while data:
            size = rng.randrange(1, 200)
            sock.sendall(data[:size])
            data = data[size:]
        stream = sock.makefile("rb")
        numbers = set()
        for _ in range(300):
            answer = stream.read(struct.unpack(">H", stream.read(2))[0])
            numbers.add(struct.unpack(">H", answer[:2])[0])
    print("one connection", len(numbers))
    # Connections that say nothing, and one that goes away in the middle of a question.
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    idle[0].sendall(b"\0")
    idle[0].close()
    print(server.dig("+tcp", "+short", "mail.example.test"))
    for sock in idle:
        sock.close()
    print("end", server.end())


def encrypted() -> None:
    for _ in range(5):
        tls, https, http = free_port(), free_port(), free_port()
        more = (f"listen-on port {tls} tls ephemeral {{ 127.0.0.1; }};"
                f"listen-on port {https} tls ephemeral http local {{ 127.0.0.1; }};"
                f"listen-on port {http} tls none http local {{ 127.0.0.1; }};")
        server = primary(more, top='http local { endpoints { "/dns-query"; }; };')
        if not any("address in use" in line for line in server.log):
            break
        server.end()
    for port, option in ((tls, "+tls"), (https, "+https"), (http, "+http-plain")):
        names = [f"name{n}.example.test" for n in range(20)]
        print(option, len(server.dig(option, "+short", *names, port=port)), server.dig(option, "+short", "mail.example.test", port=port))
    print("end", server.end())


def update() -> None:
    server = primary()
    commands = f"server 127.0.0.1 {server.port}\nzone example.test\n"
    commands += "".join(f"update add new{n}.example.test 60 A 10.2.0.{n}\nsend\n" for n in range(30))
    commands += "update delete name0.example.test\nsend\n"
    done = subprocess.run(["nsupdate"], input=commands, text=True, check=False, timeout=PATIENCE_S)
    print("nsupdate", done.returncode)
    print(server.dig("+short", "new7.example.test"), server.dig("+short", "name0.example.test"))
    print(server.dig("+tcp", "+short", "example.test", "SOA"))
    print("up" if "server is up and running" in server.rndc("status") else "down?")
    print(server.rndc("freeze", "example.test"), server.rndc("thaw", "example.test"))
    print(server.rndc("reload"))
    os.kill(server.child.pid, signal.SIGHUP)  # reloads as well
    print(server.rndc("nosuchcommand").split()[0])
    print(server.dig("+short", "new29.example.test"))
    server.rndc("stop")
    print("end", server.end(), any("exiting" in line for line in server.log))


def secondary() -> None:
    notify = free_port()
    first = primary(zone_more=f"also-notify {{ 127.0.0.1 port {notify}; }}; notify explicit;")
    zone = f'zone "example.test" {{ type secondary; primaries {{ 127.0.0.1 port {first.port}; }}; masterfile-format text; file "copy"; }};'
    second = Server("second", zone, more=f"listen-on port {notify} {{ 127.0.0.1; }};")

    def wait_for(name: str) -> list[str]:
        while not (said := second.dig("+short", name)) or ";" in said[0]:
            pass
        return said

    print(wait_for("name2999.example.test"))
    commands = f"server 127.0.0.1 {first.port}\nzone example.test\nupdate add late.example.test 60 A 10.3.0.1\nsend\n"
    print("nsupdate", subprocess.run(["nsupdate"], input=commands, text=True, check=False, timeout=PATIENCE_S).returncode)
    # A notification may be lost while the copy is still being made: ask the second one to look.
    second.rndc("refresh", "example.test")
    print(wait_for("late.example.test"))
    print("end", second.end(), first.end())


{"udp": udp, "tcp": tcp, "encrypted": encrypted, "update": update, "secondary": secondary}[sys.argv[1]]()
