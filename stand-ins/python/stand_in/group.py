"""Members of a group: ephemeral, sequential znodes below one path. The first one leads."""

from kazoo.exceptions import NoNodeError
from kazoo.recipe.watchers import ChildrenWatch


def sequence(name):
    """The ten digits at the end of a sequential znode's name, as a number."""
    return int(name[-10:])


class Group:
    """Members are znodes <path>/<prefix that ends in marker><10 digits>."""

    def __init__(self, session, path, marker, on_change):
        self._session = session
        self._path = path
        self._marker = marker
        self._on_change = on_change
        self._watch = None
        self._members = []
        self._data = {}

    def watch(self):
        """Starts to watch the members (once; kazoo renews the watch). Raises KazooException."""
        if self._watch is None:
            self._session.client.ensure_path(self._path)
            self._watch = ChildrenWatch(self._session.client, self._path, self._children_changed)

    def _children_changed(self, children):
        mine = [name for name in children if self._is_member(name)]
        self._members = sorted(mine, key=sequence)
        self._data = {name: data for name, data in self._data.items() if name in mine}
        self._on_change()

    def _is_member(self, name):
        return name[-10:].isdigit() and name[:-10].endswith(self._marker)

    def members(self):
        """Names of the members, the leader first."""
        return list(self._members)

    def data(self, name):
        """What a member wrote about itself, as text; None if the member has left. Raises KazooException."""
        if name not in self._data:
            try:
                raw, _ = self._session.client.get(f"{self._path}/{name}")
            except NoNodeError:
                return None
            self._data[name] = raw.decode("utf-8")
        return self._data[name]

    def join(self, prefix, text):
        """Becomes a member and returns the znode's name. Raises KazooException.

        Reuses a znode that this session created before if it has the same text, and otherwise removes it: a lost reply
        also leaves a znode behind.
        """
        client = self._session.client
        client.ensure_path(self._path)
        for name in filter(self._is_member, client.get_children(self._path)):
            stat = client.exists(f"{self._path}/{name}")
            if stat and stat.owner_session_id == self._session.id:
                if self.data(name) == text:
                    return name
                client.delete(f"{self._path}/{name}")
        made = client.create(f"{self._path}/{prefix}", text.encode(), ephemeral=True, sequence=True)
        return made.rsplit("/", 1)[1]

    def path_of(self, name):
        """The whole path of a member's znode."""
        return f"{self._path}/{name}"
