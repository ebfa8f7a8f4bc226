"""Apps, kept in ZooKeeper: <MARATHON_ZK>/state/apps/<id>, each one znode of JSON."""

import json
import uuid
from urllib.parse import quote

from kazoo.exceptions import NodeExistsError, NoNodeError


class AppStore:
    """Stores apps: dicts with id, cmd, instances, env, cpus, mem, labels and version."""

    def __init__(self, session, path):
        self._client = session.client
        self._root = path + "/state"
        self._apps = self._root + "/apps"

    def _path(self, app_id):
        return f"{self._apps}/{quote(app_id, safe='')}"

    def framework_id(self):
        """The framework id of Marathon's tasks: created once, and the same after a failover. Raises KazooException."""
        path = self._root + "/framework:id"
        self._client.ensure_path(self._apps)
        try:
            self._client.create(path, f"{uuid.uuid4()}-0000".encode())
        except NodeExistsError:
            pass
        return self._client.get(path)[0].decode()

    def all(self):
        """Every app, sorted by id. Raises KazooException."""
        self._client.ensure_path(self._apps)
        found = (self._read(f"{self._apps}/{name}") for name in self._client.get_children(self._apps))
        return sorted((app for app in found if app), key=lambda app: app["id"])

    def get(self, app_id):
        """One app, or None. Raises KazooException."""
        return self._read(self._path(app_id))

    def _read(self, path):
        try:
            return json.loads(self._client.get(path)[0])
        except NoNodeError:
            return None

    def create(self, app):
        """Stores a new app; False if an app with that id exists. Raises KazooException."""
        try:
            self._client.create(self._path(app["id"]), json.dumps(app).encode(), makepath=True)
            return True
        except NodeExistsError:
            return False

    def replace(self, app):
        """Stores a changed app; False if no app with that id exists. Raises KazooException."""
        try:
            self._client.set(self._path(app["id"]), json.dumps(app).encode())
            return True
        except NoNodeError:
            return False

    def delete(self, app_id):
        """Removes an app; False if it does not exist. Raises KazooException."""
        try:
            self._client.delete(self._path(app_id))
            return True
        except NoNodeError:
            return False
