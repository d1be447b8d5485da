"""What each program of the guide has to do: one function a program, with the program's name.

A trial feeds its program, checks what it prints and does, and how it ends. No fixed ports, no waiting by
sleeping; what two processes do is ordered by pipes and sockets.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import socket
import struct
import subprocess
import termios
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .stage import Failed, Skip, Stage, expect, require, well

Trial = Callable[[Stage], None]
TRIALS: dict[str, Trial] = {}


def trial(function: Trial) -> Trial:
    """Enters a trial under its program's name."""
    TRIALS[function.__name__.strip("_").replace("_", "-")] = function
    return function


# ------------------------------------------------------------------------------------ the loop


@trial
def helloworld(stage: Stage) -> None:
    stage.says("nothing to wait for", "the loop came back with 0")


@trial
def default_loop(stage: Stage) -> None:
    stage.says("on the default loop", "and ready for use again")


@trial
def idle_basic(stage: Stage) -> None:
    stage.says("idling", "100000 turns")


@trial
def idle_compute(stage: Stage) -> None:
    talk = stage.start()
    talk.until("computing")
    talk.send(b"forty-two\n")
    expect(well(talk.end()).lines, ["typed: forty-two after many turns"], "what it prints")


@trial
def prepare_check(stage: Stage) -> None:
    stage.says(*["before", "an event", "behind"] * 2)


@trial
def ref_timer(stage: Stage) -> None:
    stage.says("collecting", "the job is done, the collector is not waited for", "the loop came back with 0",
               "collected at least 3 times")


@trial
def uvstop(stage: Stage) -> None:
    stage.says("stopped: alive, idle 5, prepare 5", "once more: alive, idle 6, prepare 6")


@trial
def modal_loop(stage: Stage) -> None:
    stage.says("outside: it waits", "inside: turn 1", "inside: turn 2", "inside: turn 3", "outside: it goes on",
               "outside: late, after 3 turns inside")


@trial
def two_loops(stage: Stage) -> None:
    stage.says("the main thread works it out", "the answer is 42, from the main thread")


# -------------------------------------------------------------------------------------- threads


@trial
def thread_create(stage: Stage) -> None:
    done = well(stage.run())
    for name, steps in (("hare", 10), ("tortoise", 7)):
        wanted = [f"{name}: step {n}" for n in range(1, steps + 1)] + [f"{name}: arrived"]
        expect([line for line in done.lines if line.startswith(name)], wanted, f"what the {name} does")
    expect(done.lines[-1], "both are home", "its last line")


@trial
def locks(stage: Stage) -> None:
    done = well(stage.run())
    expect(sorted(done.lines[:-1]), ["a reader saw no half-made number"] * 2 + ["one of the threads may clean up"],
           "what the threads say")
    expect(done.lines[-1], "at the end it is 40", "its last line")


@trial
def once(stage: Stage) -> None:
    stage.says(*["made 1 times"] * 4)


@trial
def queue_work(stage: Stage) -> None:
    done = well(stage.run())
    numbers = [0, 1]
    while len(numbers) < 25:
        numbers.append(numbers[-1] + numbers[-2])
    expect(sorted(done.lines), sorted(f"number {i} is {n}" for i, n in enumerate(numbers)), "the numbers")


@trial
def queue_cancel(stage: Stage) -> None:
    stage.says("refused 1, called off 5, finished 1")


@trial
def progress(stage: Stage) -> None:
    lines = well(stage.run()).lines
    expect(lines[0], "1000 of 10240", "the first report")
    expect(lines[-1], "complete: 10240", "the end")
    figures = [int(line.split()[0]) for line in lines[:-1]]
    require(figures == sorted(figures) and len(figures) <= 11, f"reports {figures}")


@trial
def baton(stage: Stage) -> None:
    done = well(stage.run("three", "to", "carry"))
    expect(sorted(done.lines), ["carry has 5 characters", "three has 5 characters", "to has 2 characters"], "what it prints")


# ---------------------------------------------------------------------------------------- files


@trial
def uvcat(stage: Stage) -> None:
    content = "".join(f"line {n} of the file\n" for n in range(20000))
    (stage.folder / "file").write_text(content)
    expect(well(stage.run("file")).out, content, "the file")
    (stage.folder / "empty").touch()
    expect(well(stage.run("empty")).out, "", "an empty file")
    missing = stage.run("missing")
    require(missing.code == 1 and "no such file" in missing.err, f"a file that is not there: {missing}")


@trial
def fs_operations(stage: Stage) -> None:
    stage.says("wrote 22 bytes", "from the fifth on: buffers, one call", "the link leads to renamed",
               "11 bytes, mode 640, modified at 2000", "2 entries", "link is a link", "renamed is a file",
               "and then it is ENOENT", arguments=(str(stage.folder),))
    expect(sorted(os.listdir(stage.folder)), [], "what is left")


@trial
def uvtee(stage: Stage) -> None:
    content = b"".join(b"%d of what comes in\n" % n for n in range(20000))
    done = well(stage.run("copy", given=content))
    expect(done.out.encode(), content, "its output")
    expect((stage.folder / "copy").read_bytes(), content, "the file")


@trial
def onchange(stage: Stage) -> None:
    file, other, folder = stage.folder / "file", stage.folder / "other", stage.folder / "folder"
    file.touch()
    other.touch()
    folder.mkdir()
    talk = stage.start('echo "$CHANGED has changed"', "file", "folder")
    expect([talk.line(), talk.line()], ["watching file", "watching folder"], "what it watches")
    other.write_text("nobody watches this")
    file.write_text("more")
    expect(talk.until("file"), "file: changed", "a change")
    talk.until("file has changed")
    talk.until("the command ended with 0")
    (folder / "new").touch()
    expect(talk.until("folder"), "folder: renamed", "a new file in a folder")
    talk.until("the command ended with 0")
    talk.interrupt()


# -------------------------------------------------------------------------------------- network


@trial
def tcp_echo_server(stage: Stage) -> None:
    talk = stage.start()
    port = talk.port()
    clients = [_connect(stage, port) for _ in range(5)]
    for number, client in enumerate(clients):
        client.sendall(b"from %d" % number)
    for number, client in enumerate(clients):
        expect(_receive(client, 6), b"from %d" % number, "the echo")
    big = os.urandom(1 << 20)
    sender = threading.Thread(target=_send_all, args=(clients[0], big), daemon=True)
    sender.start()
    expect(_receive(clients[0], len(big)) == big, True, "a large echo is the same")
    sender.join(stage.left_s())
    expect(clients[0].recv(1), b"", "the end, after ours")
    clients[1].close()
    talk.interrupt()
    expect(clients[2].recv(1), b"", "what a client sees of the server's end")
    for client in clients:
        client.close()


@trial
def tcp_client(stage: Stage) -> None:
    with _listener(stage) as server:
        talk = stage.start("127.0.0.1", str(server.getsockname()[1]))
        connection, _ = server.accept()
        with connection:
            connection.settimeout(stage.left_s())
            expect(_receive(connection, 14), b"hello, server\n", "what the client says")
            expect(connection.recv(1), b"", "and no more")
            connection.sendall(b"hello, client\n")
        expect(well(talk.end()).out, "hello, client\n", "what it prints")
    refused = stage.run("127.0.0.1", str(_closed_port()))
    require(refused.code == 1 and "ECONNREFUSED" in refused.err, f"with nobody there: {refused}")


@trial
def dns(stage: Stage) -> None:
    with _listener(stage) as server:
        talk = stage.start("127.0.0.1", str(server.getsockname()[1]))
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"you found me\n")
        expect(well(talk.end()).lines, ["the address is 127.0.0.1", "you found me"], "what it prints")
    nobody = stage.run("name.invalid", "no-such-service-")
    require(nobody.code == 1 and "EAI_" in nobody.err, f"a name that there is not: {nobody}")


@trial
def udp_dhcp(stage: Stage) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.settimeout(stage.left_s())
        server.bind(("0.0.0.0", 0))
        port = server.getsockname()[1]
        broadcast = _can_broadcast(server, port)
        talk = stage.start("127.255.255.255" if broadcast else "127.0.0.1", str(port))
        back = int(talk.until("listening on port").split()[-1])
        if broadcast:
            expect(talk.line(), "without leave to broadcast: EACCES", "a broadcast that is not allowed")
        message = b""
        while len(message) < 2:  # a question mark may be left of our own trial
            message = server.recv(2048)
        expect((message[:4], message[236:244]), (b"\x01\x01\x06\x00", bytes([99, 130, 83, 99, 53, 1, 1, 255])), "the DISCOVER")
        server.sendto(b"no answer at all", ("127.0.0.1", back))
        offer = bytearray(message)
        offer[0], offer[242] = 2, 2
        offer[16:20] = socket.inet_aton("10.1.2.3")
        server.sendto(offer, ("127.0.0.1", back))
        lines = well(talk.end()).lines
    expect([line for line in lines if "from" in line or "offers" in line],
           ["16 bytes from 127.0.0.1 are no answer", "127.0.0.1 offers 10.1.2.3"], "what it makes of answers")
    require("asked" in lines, "its send callback did not come")


@trial
def udp_options(stage: Stage) -> None:
    done = stage.run()
    if done.code != 0 and re.search("ENODEV|ENETUNREACH|EADDRNOTAVAIL", done.err):
        raise Skip("no multicast on the loopback interface here")
    well(done)
    expect(done.lines[0], "time to live 7, in groups 3", "the options")
    require(done.lines[1].startswith("IPv6 only: 1") or "not on this machine" in done.lines[1], done.lines[1])
    expect(done.lines[2:], ["the group heard: good morning"], "what the group hears")


@trial
def interfaces(stage: Stage) -> None:
    lines = well(stage.run()).lines
    known = {name for _, name in socket.if_nameindex()}
    for line in lines:
        name, where, address = line.split(" ", 2)
        require(name.split(":")[0] in known, f"an interface that there is not: {name}")
        require((where == "internal") == (address in ("127.0.0.1", "::1") or name == "lo"), f"internal or not: {line}")
    require("lo internal 127.0.0.1" in lines or "lo" not in known, f"no loopback interface in {lines}")


@trial
def pipe_echo_server(stage: Stage) -> None:
    path = stage.folder / "echo.sock"
    talk = stage.start(str(path))
    talk.until("listening")
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(stage.left_s())
        client.connect(str(path))
        client.sendall(b"through a name")
        expect(_receive(client, 14), b"through a name", "the echo")
    talk.interrupt()
    expect(path.exists(), False, "the name after the end")


@trial
def pipe_client(stage: Stage) -> None:
    path = stage.folder / "server.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.settimeout(stage.left_s())
        server.bind(str(path))
        server.listen()
        talk = stage.start(str(path))
        connection, _ = server.accept()
        with connection:
            connection.settimeout(stage.left_s())
            expect(_receive(connection, 12), b"hello, pipe\n", "what the client says")
            connection.sendall(b"hello, ")
            connection.sendall(b"client\n")
            expect(well(talk.end()).out, "hello, client\n", "what it prints")
    missing = stage.run(str(stage.folder / "missing"))
    require(missing.code == 1 and "ENOENT" in missing.err, f"a path that is not there: {missing}")


@trial
def multi_echo_server(stage: Stage) -> None:
    talk = stage.start(stage.program("multi-echo-server-worker"), "3")
    port = talk.port()
    clients = []
    for number in range(6):  # one after the other, so that turns can be told
        client = _connect(stage, port)
        client.sendall(b"from %d" % number)
        expect(_receive(client, 6), b"from %d" % number, "the echo")
        clients.append(client)
    workers = [talk.until("has a connection").split()[1] for _ in clients]
    expect((len(set(workers[:3])), workers[3:]), (3, workers[:3]), f"three workers in turns, not {workers}")
    for client in clients:
        client.close()
    done = talk.interrupt()
    expect(done.lines, ["a worker ended with status 0, signal 0"] * 3, "how the workers end")


@trial
def uvwget(stage: Stage) -> None:
    pages = {"/one": b"one\n" * 1000, "/two": os.urandom(300000)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Length", str(len(page or b"")))
            self.end_headers()
            self.wfile.write(page or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        done = well(stage.run(f"{base}/one", f"{base}/two"))
        expect(sorted(done.lines), [f"{base}/one: done", f"{base}/two: done"], "what it prints")
        for number, page in enumerate(pages.values(), 1):
            expect((stage.folder / f"{number}.download").read_bytes() == page, True, f"download {number} is the page")
        expect(stage.run(f"{base}/three").code, 1, "its end when a page is not there")
        server.shutdown()


# ------------------------------------------------------------------------------------ processes


@trial
def spawn(stage: Stage) -> None:
    done = well(stage.run("mkdir", "made"))
    pid = done.lines[0].removeprefix("started ")
    expect(done.lines, [f"started {pid}", f"{pid} ended with status 0, signal 0"], "a program that ends well")
    require((stage.folder / "made").is_dir(), "mkdir made nothing")
    for script, wanted in (("exit 7", "status 7, signal 0"), ("kill -9 $$", "status 0, signal 9")):
        require(well(stage.run("sh", "-c", script)).lines[1].endswith(wanted), f"`{script}` is no {wanted}")
    expect(well(stage.run("no-such-program-")).lines, ["cannot start no-such-program-: ENOENT"], "a program that is not there")


@trial
def spawn_options(stage: Stage) -> None:
    home = stage.folder / "home"
    home.mkdir()
    lines = well(stage.run(str(home))).lines
    expect(sorted(lines), sorted([str(home), "good evening, nowhere.", "through the pipes", "ended with status 0, signal 0"]),
           "what it prints")
    expect([line for line in lines if "ended" not in line], [str(home), "good evening, nowhere.", "through the pipes"], "the order")


@trial
def detach(stage: Stage) -> None:
    ask, answer = stage.folder / "ask", stage.folder / "answer"
    os.mkfifo(ask)
    os.mkfifo(answer)
    done = well(stage.run("sh", "-c", f"read line < {ask}; echo \"$line is back\" > {answer}"))
    pid = int(done.lines[0].removeprefix("started "))
    expect(os.getsid(pid), pid, "the session of the child")
    # Opening a FIFO waits for the other side: in a process, so that it cannot wait for ever.
    subprocess.run(["sh", "-c", f"echo the message > {ask}"], timeout=stage.left_s(), check=True)
    reader = subprocess.run(["cat", str(answer)], capture_output=True, timeout=stage.left_s(), check=True)
    expect(reader.stdout, b"the message is back\n", "what the child says when its parent is gone")


@trial
def signal(stage: Stage) -> None:
    lines = well(stage.run()).lines
    expect(sorted(lines), ["killing it again: ESRCH", "the child ended with status 0, signal 15",
                           "the main thread got SIGUSR1", "the other thread got SIGUSR1"], "what it prints")


@trial
def proc_streams(stage: Stage) -> None:
    done = well(stage.run(stage.program("proc-streams-child")))
    expect((done.out, done.err), ("the child ended with status 0, signal 0\n", "written to standard error"), "what it prints")


@trial
def cgi(stage: Stage) -> None:
    talk = stage.start(stage.program("cgi-tick"))
    port = talk.port()
    wanted = "".join(f"tick {n}\n" for n in range(1, 11)) + "done\n"
    clients = [_connect(stage, port) for _ in range(3)]
    for client in clients:
        expect(_receive(client, 1 << 16).decode(), wanted, "the ticks, and the end")
        client.close()
    for _ in clients:
        expect(talk.until("program ended"), "the program ended with status 0, signal 0", "how it ends")
    talk.interrupt()


# ------------------------------------------------------------------------- libraries, terminals


@trial
def plugin(stage: Stage) -> None:
    folder = stage.programs
    names = [str(folder / "libhello.so"), str(stage.folder / "missing.so"), str(folder / "libstranger.so"), str(folder / "libhello.so")]
    stage.says("loaded: hello", "cannot load: there is a reason", "no plugin: there is a reason", "loaded: hello",
               arguments=tuple(names))


@trial
def tty(stage: Stage) -> None:
    stage.says("no terminal, no colours")
    expect(_on_terminal(stage, 24, 80), "\x1b[41;37mwhite on red\x1b[0m\r\n", "what a terminal is shown")


@trial
def tty_gravity(stage: Stage) -> None:
    shown = _on_terminal(stage, 6, 40)
    rows = [int(n) for n in re.findall(r"\x1b\[2J\x1b\[H\x1b\[(\d+)B\x1b\[15C\x1b\[42;37m falling \x1b\[0m", shown)]
    expect(rows, list(range(6)), "the lines on which the text is")


# ----------------------------------------------------------------------------------- what helps


def _connect(stage: Stage, port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), stage.left_s())
    client.settimeout(stage.left_s())
    return client


def _listener(stage: Stage) -> socket.socket:
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(stage.left_s())
    return server


def _closed_port() -> int:
    """A port on which nobody listens, most probably: it was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _receive(client: socket.socket, length: int) -> bytes:
    """So many bytes, or fewer at the end."""
    data = b""
    while len(data) < length:
        try:
            more = client.recv(length - len(data))
        except TimeoutError as error:
            raise Failed(f"only {len(data)} of {length} bytes came") from error
        if not more:
            break
        data += more
    return data


def _send_all(client: socket.socket, data: bytes) -> None:
    client.sendall(data)
    client.shutdown(socket.SHUT_WR)


def _can_broadcast(server: socket.socket, port: int) -> bool:
    """Whether a broadcast on the loopback interface needs leave, and arrives with it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.sendto(b"?", ("127.255.255.255", port))
            return False
        except PermissionError:
            pass
        except OSError:
            return False
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        try:
            probe.sendto(b"?", ("127.255.255.255", port))
            server.settimeout(1)
            server.recv(1)
        except OSError:
            return False
        finally:
            server.settimeout(60)
    return True


def _on_terminal(stage: Stage, lines: int, columns: int) -> str:
    """What the trial's own program shows on a terminal of this size, whose modes it has to leave as they were."""
    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        before = termios.tcgetattr(theirs)
        shown: list[bytes] = []
        reader = threading.Thread(target=_read_terminal, args=(ours, shown), daemon=True)
        reader.start()
        well(stage.start(stdout=theirs).end())
        expect(termios.tcgetattr(theirs), before, "the terminal's modes at the end")
        os.close(theirs)
        theirs = -1
        reader.join(stage.left_s())
        return b"".join(shown).decode()
    finally:
        if theirs >= 0:
            os.close(theirs)
        os.close(ours)


def _read_terminal(descriptor: int, shown: list[bytes]) -> None:
    """Up to the end, which a terminal tells as an error once its last user is gone."""
    while True:
        try:
            data = os.read(descriptor, 4096)
        except OSError:
            return
        if not data:
            return
        shown.append(data)
