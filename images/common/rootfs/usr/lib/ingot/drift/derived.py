"""What the node's files must say, computed from the seed and the node's own address; nothing of it is trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import cluster_config
from cluster_seed import IdentityError, parse_seed
from drift.declared import Declared
from drift.file_facts import FileFacts, facts
from drift.finding import INVESTIGATE, REBOOT, Drift
from drift.own_address import own_address, release
from drift.place import Place, read
from drift.seed_files import seed_files
from drift.seed_text import compact, keys_in, seed_text
from drift.text_diff import is_secret, text_diff

SEED = "/etc/ingot/cluster.json"
AGAIN = "systemctl restart ingot-identity writes it anew; find out who changed it"
# What cloud-init's networkd renderer writes of an address or of DHCP (cloudinit/net/networkd.py), and dhcp-identity.
_SECTIONS = [f"[{name}]" for name in "Match Network Link Address Route DHCPv4 DHCPv6".split()]
_SETTINGS = (
    "Name MACAddress PermanentMACAddress Driver DHCP Address Gateway DNS Domains Destination Metric RouteMetric MTUBytes UseDNS UseDomains UseMTU"
    " UseHostname GatewayOnLink LinkLocalAddressing IPv6AcceptRA RequiredForOnline ClientIdentifier"
).split()


def _of_network(line: str) -> bool:
    """Whether a line of a .network file is one of those, is blank or a comment."""
    name, equals, _ = line.strip().partition("=")
    return name in (_SETTINGS if equals else _SECTIONS) or not line.strip() or line.startswith("#")


class Derived:
    """The expected content of every file that is computed; `problems` says what could not be."""

    def __init__(self, place: Place, declared: Declared, address: str | None = None) -> None:
        self._place = place
        self._declared = declared
        self._seed_text = seed_text(place)
        self.problems: list[Drift] = []
        self.files = seed_files(place, self._seed_text, SEED)
        self.identity: dict[str, str] = self._render(address)
        self._judges: dict[str, Callable[[str, FileFacts], str | None]] = {
            "identity": lambda path, _: self.identity.get(path),
            "seed": self._seed,
            "keys": self._keys,
            "machine-id": self._machine_id,
            "network": self._network,
        }

    def _render(self, address: str | None) -> dict[str, str]:
        text = read(self._merged(SEED))
        if text is None:
            return {}
        try:
            seed = parse_seed(text)
            said = release(self._place)
            role = said.get("role", "")
            own = address or own_address(self._place, seed, role)
            if own is None:
                return {}
            return cluster_config.files(seed, own, cluster_config.Release(role, said.get("layout", "")))
        except IdentityError as error:
            self.problems.append(Drift(SEED, "derived", "critical", "not usable", "a seed from which the node's files can be computed", str(error), INVESTIGATE))
            return {}

    def _merged(self, path: str) -> str:
        """Through the overlay's layers, not through what is mounted above them."""
        written = self._place.written(path)
        return written if facts(written) is not None else self._place.golden(path)

    def _seed(self, _path: str, found: FileFacts) -> str | None:
        text = read(found.path) or ""
        if self._seed_text is None or compact(text) in compact(self._seed_text):
            return text
        return "the text that stands in the seed's user-data"

    def _keys(self, _path: str, found: FileFacts) -> str | None:
        text = read(found.path) or ""
        wanted = keys_in(self._seed_text or "")
        # Options before a key, such as command=, are none of the seed's.
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        plain = [" ".join(line.split(" ")[:2]) for line in lines]
        return text if sorted(set(plain)) == wanted else "\n".join(wanted) + "\n"

    def _machine_id(self, _path: str, found: FileFacts) -> str | None:
        """The one of the state; where a full disk keeps none, any that is one (machine-id(5))."""
        kept = read(self._place.live("/var/lib/ingot/state/machine-id"))
        text = read(found.path) or ""
        return kept or (text if re.fullmatch(r"[0-9a-f]{32}\n", text) else "32 letters of 0-9 and a-f")

    def _network(self, _path: str, found: FileFacts) -> str | None:
        text = read(found.path) or ""
        odd = [line for line in text.splitlines() if not _of_network(line)]
        return text if not odd else "\n".join(line for line in text.splitlines() if line not in odd) + "\n"

    def provider(self, path: str) -> str | None:
        """Who computes the file, or None if nobody does."""
        if path in self.identity:
            return "identity"
        if path in self.files:
            return "seed-file"
        statement = self._declared.first("derived", path)
        return statement.rest[1] if statement else None

    def judge(self, path: str, found: FileFacts | None) -> Drift | None:
        """What of a file is not as it was computed; None if all is. `found` is None where there is none."""
        provider = self.provider(path) or "identity"
        if provider == "seed-file":
            return self._seed_file(path, found)
        severity = "critical" if provider in ("seed", "keys") else "warning"
        if found is None:
            wanted = self.identity.get(path)
            return Drift(path, "derived", severity, "deleted", wanted or f"what {provider} says", None, AGAIN) if wanted or provider != "identity" else None
        if found.type != "file":
            return Drift(path, "derived", "critical", "replaced", "a file", found.visible().said(), AGAIN)
        wanted = self._judges[provider](path, found)
        if wanted is None:
            return Drift(path, "derived", severity, "added", "nothing: the seed does not give it", found.visible().said(), AGAIN)
        there = read(found.path) or ""
        if there != wanted:
            hidden = provider == "keys"
            return Drift(
                path,
                "derived",
                severity,
                "content",
                f"as {provider} says: {len(keys_in(wanted))} keys" if hidden else wanted.strip(),
                f"{len(keys_in(there))} keys" if hidden else there.strip(),
                INVESTIGATE if provider in ("seed", "keys") else AGAIN,
                text_diff(wanted, there),
            )
        return self._ownership(path, found, severity)

    def _seed_file(self, path: str, found: FileFacts | None) -> Drift | None:
        """Content, mode and owner as the seed gives them, and nothing else; set-uid for nobody, whatever a seed says."""
        wanted = self.files[path]
        expected = f"as the seed gives it: file {wanted.mode:04o} {wanted.uid}:{wanted.gid} {len(wanted.content.encode())} bytes"
        if found is None:
            return Drift(path, "derived", "warning", "deleted", expected, None, REBOOT)
        there = found.visible().said()
        if found.special:
            return Drift(path, "forbidden", "critical", found.special, expected, there, INVESTIGATE)
        if found.type != "file":
            return Drift(path, "derived", "critical", "replaced", expected, there, INVESTIGATE)
        text = read(found.path) or ""
        moved = {
            "content": text != wanted.content,
            "mode": found.mode != wanted.mode,
            "owner": (found.uid, found.gid) != (wanted.uid, wanted.gid),
            "xattr": bool(found.visible().xattrs),
        }
        kind = "+".join(name for name, differs in moved.items() if differs)
        shown = text_diff(wanted.content, text) if moved["content"] and not is_secret(path) else []
        return Drift(path, "derived", "critical" if found.mode & 0o111 else "warning", kind, expected, there, INVESTIGATE, shown) if kind else None

    def _ownership(self, path: str, found: FileFacts, severity: str) -> Drift | None:
        """Others than root, or the user whose keys it holds, must not write it."""
        owners = {0, self._owner(path)}
        if found.uid in owners and not found.mode & 0o022 and not found.mode & 0o111 and not found.visible().xattrs:
            return None
        return Drift(path, "derived", severity, "mode", "a file that its owner alone may write", found.visible().said(), AGAIN)

    def _owner(self, path: str) -> int:
        """Who but root may own it: the user of a home; networkd, to whom cloud-init gives its files."""
        if path.startswith("/home/"):
            home = facts(self._place.golden("/".join(path.split("/")[:3])))
            return home.uid if home else 0
        if self.provider(path) == "network":
            users = (line.split(":") for line in (read(self._place.golden("/etc/passwd")) or "").splitlines())
            return next((int(user[2]) for user in users if user[0] == "systemd-network"), 0)
        return 0

    def everything(self) -> Iterator[Drift]:
        """Judges every computed file, whether it was written since the start or not."""
        yield from self.problems
        for path in sorted({**self.identity, **self.files}):
            outside = path.startswith(("/run/", "/var/lib/zookeeper/"))
            drift = self.judge(path, facts(self._place.live(path) if outside else self._merged(path)))
            if drift:
                yield drift
