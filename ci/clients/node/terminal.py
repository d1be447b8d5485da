"""Runs terminal.js on a terminal of its own, types, resizes, and prints what comes back."""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios


def size(descriptor: int, rows: int, columns: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main() -> int:
    pid, master = pty.fork()
    if pid == 0:
        os.execvp("node", ["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "terminal.js")])
    size(master, 30, 90)
    before = termios.tcgetattr(master)
    said = b""
    answers = {b"ready\r\n": b"typed a line\n", b"raw\r\n": b"\x01\x03z", b"resize\r\n": None, b"cooked\r\n": b"\x03"}
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:  # the other side is gone
            break
        if not data:
            break
        said += data
        for cue, answer in list(answers.items()):
            if cue in said:
                del answers[cue]
                if answer is None:
                    size(master, 40, 120)
                else:
                    os.write(master, answer)
    _, status = os.waitpid(pid, 0)
    print(*(line for line in said.decode().replace("\r", "").splitlines()), sep="\n")
    print("exit", os.waitstatus_to_exitcode(status), "restored", termios.tcgetattr(master)[:4] == before[:4])
    return 0


signal.alarm(50)
sys.exit(main())
