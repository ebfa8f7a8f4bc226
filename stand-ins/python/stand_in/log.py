"""Log lines in the shape of glog (Lmmdd hh:mm:ss pid] text), on stderr and, if asked, in a file."""

import os
import sys
import threading
import time

_LEVELS = {"INFO": 0, "WARNING": 1, "ERROR": 2}
# Reentrant: a signal handler may log while the line before is being written.
_lock = threading.RLock()
_sinks = [sys.stderr]
_threshold = 0


def configure(program, log_dir=None, quiet=False, level="INFO"):
    """Sets the outputs: stderr unless quiet, and <log_dir>/<program>.INFO. Raises OSError."""
    global _sinks, _threshold
    _threshold = _LEVELS.get(level, 0)
    sinks = [] if quiet else [sys.stderr]
    if log_dir:
        os.makedirs(log_dir, exist_ok=True)
        sinks.append(open(os.path.join(log_dir, program + ".INFO"), "a", encoding="utf-8"))
    _sinks = sinks


def _write(level, text):
    if _LEVELS[level] < _threshold:
        return
    line = f"{level[0]}{time.strftime('%m%d %H:%M:%S')} {os.getpid()}] {text}\n"
    with _lock:
        for sink in _sinks:
            try:
                sink.write(line)
                sink.flush()
            except OSError:
                pass  # a full disk or a closed pipe must not stop the service


def info(text):
    """Writes one line about an event."""
    _write("INFO", text)


def warning(text):
    """Writes one line about a possible problem."""
    _write("WARNING", text)


def error(text):
    """Writes one line about an error."""
    _write("ERROR", text)


def die(text, status=1):
    """Writes the reason and ends the process at once, from any thread."""
    error(text)
    os._exit(status)
