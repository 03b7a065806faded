"""Runs a command in a terminal of its own, presses Ctrl-C, and prints as JSON what became of it and of the terminal.

Arguments: a text to wait for, then seconds at which Ctrl-C is pressed after it, between commas, then the command. Presses
that come after the command has ended are not made. Python's standard library only.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 120
awaited = sys.argv[1].encode()
presses = [float(seconds) for seconds in sys.argv[2].split(",")]
command = sys.argv[3:]

pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(command[0], command)

fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
before = after = termios.tcgetattr(terminal)[:4]
seen = b""
begun = time.time()
reached = None
pressed = 0
while time.time() - begun < PATIENCE:
    if select.select([terminal], [], [], 0.02)[0]:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            break
        if not read:
            break
        seen += read
    after = termios.tcgetattr(terminal)[:4]
    if reached is None and awaited in seen:
        reached = time.time()
    if reached is not None and presses and time.time() - reached > presses[0]:
        os.write(terminal, b"\x03")
        presses.pop(0)
        pressed += 1
else:
    os.kill(pid, 9)
status = os.waitpid(pid, 0)[1]


def last(on, off):
    """Whether the last of two sequences is `off`."""
    return seen.rfind(off) > seen.rfind(on)


print(
    json.dumps(
        {
            "status": os.waitstatus_to_exitcode(status),
            "text": seen.decode(errors="replace"),
            "pressed": pressed,
            "cursorHidden": last(b"\x1b[?25h", b"\x1b[?25l"),
            "linesCut": last(b"\x1b[?7h", b"\x1b[?7l"),
            "restored": before == after,
        }
    )
)
