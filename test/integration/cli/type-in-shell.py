"""Types keys into a real interactive shell on a pseudo-terminal.

Arguments: the file to read back, then the shell and its arguments. Each line of stdin is typed as it is (\\t is the tab
key) and ended with Enter; the shell has to write a line to that file for each of them. Prints the file. What the shell
shows on its terminal goes to stderr, for a test that fails.
"""

import os
import pty
import select
import signal
import sys
import time

LIMIT_S = 60


def main() -> int:
    result, shell = sys.argv[1], sys.argv[2:]
    lines = sys.stdin.read().splitlines()
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(shell[0], shell)
    end = time.monotonic() + LIMIT_S
    answered = 0
    for number, line in enumerate(lines, start=1):
        os.write(terminal, line.replace("\\t", "\t").encode() + b"\r")
        while answered < number and time.monotonic() < end:
            # Reads what the shell shows, which it could not write otherwise; wakes up to look for the answer.
            ready, _, _ = select.select([terminal], [], [], 0.02)
            if ready:
                try:
                    shown = os.read(terminal, 65536)
                except OSError:
                    break
                os.write(2, shown)
                # fish 4 and others ask the terminal what it is; a dumb one would not answer either.
            if os.path.exists(result):
                with open(result, encoding="utf-8") as file:
                    answered = len(file.readlines())
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    if os.path.exists(result):
        with open(result, encoding="utf-8") as file:
            sys.stdout.write(file.read())
    return 0 if answered >= len(lines) else 1


sys.exit(main())
