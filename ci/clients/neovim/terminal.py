"""Runs Neovim on a terminal of its own: types a text, resizes, starts a command, writes the file and quits."""

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
        os.execvp("nvim", ["nvim", "-u", "NONE", "-i", "NONE", "-n", "-c", "set statusline=%{'width'.&columns}", "file"])
    size(master, 24, 80)
    before = termios.tcgetattr(master)
    said = b""
    # What to type once something has been seen on the screen.
    script = [(b"~", b"ihello from the keys\x1b"), (b"the keys", None), (b"width120", b":!echo shell''ed\r"),
              (b"shelled", b"\r:wq\r")]
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:  # the other side is gone
            break
        if not data:
            break
        said += data
        sys.stderr.write(repr(data) + "\n")
        while script and script[0][0] in said:
            _, keys = script.pop(0)
            if keys is None:
                size(master, 40, 120)
            else:
                os.write(master, keys)
    _, status = os.waitpid(pid, 0)
    with open("file", encoding="utf-8") as file:
        print("file", file.read().strip())
    print("exit", os.waitstatus_to_exitcode(status), "restored", termios.tcgetattr(master)[:4] == before[:4])
    print("cues left", len(script))
    return 0


signal.alarm(50)
sys.exit(main())
