"""One ZooKeeper session that never stops trying to connect and notices its own expiry."""

import logging
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.retry import KazooRetry
from kazoo.security import make_digest_acl

from stand_in import log

# kazoo logs every failed attempt; the session below logs it once.
logging.getLogger("kazoo").setLevel(logging.CRITICAL)


class Session:
    """Calls on_change at every change of state, and on_expired when the session has expired.

    A session that stays disconnected for its whole timeout counts as expired before ZooKeeper can report it: a leader
    that waited for an unreachable ZooKeeper would become a second leader.
    """

    def __init__(self, url, timeout, on_change, on_expired):
        self._timeout = timeout
        self._on_change = on_change
        self._on_expired = on_expired
        self._timer = None
        self._lock = threading.Lock()
        auth, acl = None, None
        if url.credentials:
            auth = [("digest", url.credentials)]
            acl = [make_digest_acl(*url.credentials.split(":", 1), all=True)]
        self.client = KazooClient(
            hosts=url.servers,
            timeout=timeout,
            auth_data=auth,
            default_acl=acl,
            connection_retry=KazooRetry(max_tries=-1, delay=0.2, max_delay=2.0),
            command_retry=KazooRetry(max_tries=3, delay=0.2, max_delay=1.0),
        )
        self.client.add_listener(self._state_changed)

    def start(self):
        """Starts to connect, in the background."""
        self.client.start_async()

    @property
    def connected(self):
        """True while the session can be used."""
        return self.client.connected

    @property
    def id(self):
        """The session's number, a new one after each expiry; None before the first session."""
        return self.client.client_id[0] if self.client.client_id else None

    def _state_changed(self, state):
        with self._lock:
            if self._timer:
                self._timer.cancel()
                self._timer = None
            if state == KazooState.SUSPENDED:
                log.warning("Lost the connection to ZooKeeper, trying to reconnect")
                self._timer = threading.Timer(self._timeout, self._give_up)
                self._timer.daemon = True
                self._timer.start()
            elif state == KazooState.CONNECTED:
                log.info("Connected to ZooKeeper")
        if state == KazooState.LOST:
            log.warning("ZooKeeper session expired")
            self._on_expired()
        self._on_change()

    def _give_up(self):
        if not self.connected:
            log.warning(f"No ZooKeeper for {self._timeout:g} secs: the session counts as expired")
            self._on_expired()
            self._on_change()
