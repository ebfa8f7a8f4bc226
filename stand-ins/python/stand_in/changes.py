"""Something changed: many threads say so, one loop wakes up."""

import threading


class Changes:
    """An event that clears itself when it is seen."""

    def __init__(self):
        self._event = threading.Event()

    def notify(self, *_):
        """Wakes the waiting loop; takes and ignores what callbacks are given."""
        self._event.set()

    def wait(self, seconds):
        """Returns when notified, or after so many seconds."""
        self._event.wait(seconds)
        self._event.clear()
