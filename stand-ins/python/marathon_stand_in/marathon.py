"""marathon, the stand-in: leads by a latch in the real ZooKeeper and runs apps as processes."""

import os
import socket
import sys
import time

from kazoo.exceptions import KazooException

from marathon_stand_in import NOTICE, VERSION
from marathon_stand_in.app_store import AppStore
from marathon_stand_in.key_store import KeyStore, KeyStoreError
from marathon_stand_in.latch import Latch
from marathon_stand_in.login import credential_of
from marathon_stand_in.marathon_http import marathon_routes
from marathon_stand_in.options import OptionError, load_options
from marathon_stand_in.scheduler import Scheduler
from stand_in import leading_master, libprocess, log, zookeeper_url
from stand_in.changes import Changes
from stand_in.http_call import PLAIN
from stand_in.http_server import serve
from stand_in.session import Session

# The interval of the loop while nothing changes.
_PULSE_SECONDS = 5.0


class Marathon:
    """run() follows the election, and schedules while this instance leads."""

    def __init__(self, options):
        self.options = options
        self.started = time.time()
        self._leading_since = None
        self._changes = Changes()
        self.wake = self._changes.notify
        hostname = options.get("hostname") or socket.gethostname()
        path = options.get("ssl_keystore_path")
        self.key_store = KeyStore(path, options.get("ssl_keystore_password")) if path else None
        # As MarathonSchedulerService: others use the HTTP port, or the HTTPS port if HTTP is off.
        self.own_id = f"{hostname}:{options['http_port' if options['http'] else 'https_port']}"
        timeout = options["zk_session_timeout"] / 1000
        own, mesos = zookeeper_url.parse(options["zk"]), zookeeper_url.parse(options["master"])
        self._session = Session(own, timeout, self.wake, self._session_over)
        same = (own.servers, own.credentials) == (mesos.servers, mesos.credentials)
        self._mesos = self._session if same else Session(mesos, timeout, self.wake, self.wake)
        self.latch = Latch(self._session, own.path, self.own_id, self.wake)
        self._masters = leading_master.masters(self._mesos, mesos.path, self.wake)
        self.store = AppStore(self._session, own.path)
        self.scheduler = Scheduler(self.store, self._masters, options["framework_name"], credential_of(options))

    def run(self):
        """Never returns."""
        self._session.start()
        if self._mesos is not self._session:
            self._mesos.start()
        while True:
            try:
                if self._session.connected:
                    self._step()
            except KazooException as problem:
                log.warning(f"ZooKeeper: {problem!r}, trying again")
            self._changes.wait(_PULSE_SECONDS)

    def _step(self):
        self.latch.step()
        if self.latch.leading:
            self._leading_since = self._leading_since or time.time()
            if self._mesos.connected:
                self._masters.watch()
                self.scheduler.step()

    def leading_seconds(self):
        """For how long this instance has led; 0 if it does not lead."""
        return time.time() - self._leading_since if self._leading_since else 0.0

    def abdicate(self):
        """Gives up the leadership, and exits."""
        try:
            self._session.client.stop()
        finally:
            log.die("Leadership abdicated: ending, to be started again as a standby", 103)

    def _session_over(self):
        self.latch.session_over()


def main():
    """The program marathon."""
    if "--version" in sys.argv[1:]:
        print(f"{VERSION} ({NOTICE})")
        return
    try:
        if sys.argv[1:]:
            raise OptionError(f"Unexpected argument '{sys.argv[1]}': options are MARATHON_* in /etc/default/marathon")
        marathon = Marathon(load_options(os.environ))
    except (OptionError, KeyStoreError, ValueError) as problem:
        print(f"[stand-in] Error: {problem}", file=sys.stderr)
        sys.exit(1)
    log.info(f"Starting Marathon {VERSION}: {NOTICE}")
    # The JVM serves Marathon's own ports; libmesos in it calls the masters.
    libprocess.initialize()
    options, routes = marathon.options, marathon_routes(marathon)
    ports = [("http", PLAIN)] if options["http"] else []
    ports += [("https", marathon.key_store)] if marathon.key_store else []
    for scheme, tls in ports:
        listen, port = options[f"{scheme}_address"], options[f"{scheme}_port"]
        try:
            serve(listen, port, routes, tls)
        except OSError as problem:
            log.die(f"Failed to listen on {listen}:{port}: {problem}")
    log.info(f"Marathon {marathon.own_id} started")
    marathon.run()
