"""Many threads report changes, and one loop wakes up."""

import threading


class Changes:
    """An event that clears itself when a wait sees it."""

    def __init__(self):
        self._event = threading.Event()

    def notify(self, *_):
        """Wakes the waiting loop. Ignores the arguments that callbacks get."""
        self._event.set()

    def wait(self, seconds):
        """Returns when notified, or after the given seconds."""
        self._event.wait(seconds)
        self._event.clear()
