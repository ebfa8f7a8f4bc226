"""Lists the whole state of this node, one line of JSON for each item, so that two nodes can be compared.

{"what": NAME, "is": TEXT, "own": TEXT}: `is` is a value or the digest of a file. `own` is the same after the node's own
values (address, names, machine-id, agent id, hardware address, boot id) were replaced by placeholders. If `own` is
equal on two nodes, only these values differ. The golden root itself is one line: its root hash, which the kernel
enforces. Files above the root and files of the state are listed one by one. Times are not compared.
"""

import argparse
import hashlib
import json
import os
import re
import stat
import subprocess

UNIT_FOLDERS = ("/usr/lib/systemd/system", "/etc/systemd/system", "/run/systemd/system")
# Longer files are not texts that contain an address; only their digests are compared.
LONGEST_TEXT = 256 * 1024
UPPER = "/run/ingot/overlay/upper"
STATE = "/var/lib/ingot/state"


class Node:
    """The node, or a folder that a test uses in its place."""

    def __init__(self, root):
        self.root = root

    def read(self, path):
        try:
            with open(self.root + path, "rb") as file:
                return file.read().decode("utf-8", "replace").strip()
        except OSError:
            return ""

    def link(self, path):
        """The last part of the target of a link, or ""."""
        try:
            return os.path.basename(os.readlink(self.root + path))
        except OSError:
            return ""

    def list(self, path):
        try:
            return sorted(os.listdir(self.root + path))
        except OSError:
            return []


def own_words(node):
    """The node's own values and their placeholders, longest value first."""
    address = node.read("/run/ingot/address")
    name = node.read("/etc/hostname")
    boot = node.read("/proc/sys/kernel/random/boot_id")
    words = {
        address: "@ADDRESS@", address.replace(".", "-"): "@ADDRESS@", name: "@NAME@", node.read("/etc/machine-id"): "@MACHINE@",
        boot: "@BOOT@", boot.replace("-", ""): "@BOOT@", node.link("/var/lib/mesos/meta/slaves/latest"): "@AGENT@",
    }
    for card in node.list("/sys/class/net"):
        if card != "lo":
            words[node.read(f"/sys/class/net/{card}/address")] = "@CARD@"
    return sorted(((text, word) for text, word in words.items() if len(text) > 6), key=lambda pair: -len(pair[0]))


def without_own(text, words):
    for own, word in words:
        text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(own)}(?![0-9A-Za-z])", word, text)
    # systemd ends the name of a service's own /tmp with random characters (systemd.exec(5), PrivateTmp=).
    return re.sub(r"(systemd-private-@BOOT@-[^/]*)-[0-9A-Za-z]{6}", r"\1-@RANDOM@", text)


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Inventory:
    def __init__(self, node, words):
        self._node, self._words = node, words
        self.lines = []

    def add(self, what, value):
        self.lines.append({"what": without_own(what, self._words), "is": value, "own": without_own(value, self._words)})

    def file(self, what, path):
        """Adds a path: kind, mode, owner and content; for a device its numbers, for a link its target."""
        found = os.lstat(path)
        head = f"{stat.filemode(found.st_mode)} {found.st_uid}:{found.st_gid}"
        if stat.S_ISLNK(found.st_mode):
            self.add(what, f"{head} {os.readlink(path)}")
        elif stat.S_ISREG(found.st_mode):
            self._content(what, head, path, found.st_size)
        elif stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode):
            self.add(what, f"{head} {os.major(found.st_rdev)},{os.minor(found.st_rdev)}")
        else:
            self.add(what, head)

    def _content(self, what, head, path, size):
        with open(path, "rb") as file:
            if size > LONGEST_TEXT:
                whole = hashlib.sha256()
                while block := file.read(1 << 20):
                    whole.update(block)
                self.add(what, f"{head} {size} {whole.hexdigest()}")
                return
            content = file.read()
        own = without_own(content.decode("latin-1"), self._words).encode("latin-1")
        self.lines.append({
            "what": without_own(what, self._words),
            "is": f"{head} {digest(content)}", "own": f"{head} {digest(own)}",
        })

    def tree(self, kind, folder):
        """Adds every path below a folder of the node, not the folder itself. Skips files that disappear meanwhile."""
        top = self._node.root + folder
        for path, folders, files in os.walk(top):
            for name in sorted(folders + files):
                whole = os.path.join(path, name)
                shown = whole[len(top):] if kind == "above the root" else folder + whole[len(top):]
                try:
                    self.file(f"{kind} {shown}", whole)
                except FileNotFoundError:
                    pass


def root_of(node, inventory):
    words = [word for word in node.read("/proc/cmdline").split() if word.startswith(("ingot.roothash=", "ingot.version="))]
    for word in words:
        name, _, value = word.partition("=")
        inventory.add(f"root {name[6:]}", value)
    enforced = any(
        node.read(f"/sys/block/{disk}/dm/name") == "ingot-root" and node.read(f"/sys/block/{disk}/dm/uuid").startswith("CRYPT-VERITY-")
        for disk in node.list("/sys/block")
    )
    inventory.add("root enforced by dm-verity", "yes" if enforced else "NO")
    inventory.add("kernel command line", node.read("/proc/cmdline"))
    inventory.add("kernel version", node.read("/proc/version"))


def modules_of(node, inventory):
    for line in node.read("/proc/modules").splitlines():
        inventory.add(f"module {line.split()[0]}", "loaded")


def mounts_of(node, inventory):
    """proc(5), mountinfo: mount point, options, then after the hyphen type, source, options."""
    for line in node.read("/proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, source, options) = before.split(), after.split(" ", 2)
        inventory.add(f"mount {fields[4]}", f"{kind} {source} {fields[5]} {options}")


def settings_of(node, inventory):
    top = node.root + "/proc/sys"
    for path, _, files in os.walk(top):
        for name in sorted(files):
            whole = os.path.join(path, name)
            try:
                with open(whole, encoding="utf-8", errors="replace") as file:
                    inventory.add(f"setting {whole[len(top) + 1:]}", file.read().strip())
            except OSError:
                pass  # some settings can only be written


def ports_of(node, inventory):
    """proc(5), /proc/net/tcp and udp: only sockets that listen (0A), or that are not connected (07)."""
    for kind, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in node.read(f"/proc/net/{kind}").splitlines()[1:]:
            fields = line.split()
            if fields[3] != state:
                continue
            address, _, port = fields[1].rpartition(":")
            if kind.endswith("6"):
                place = "any" if set(address) == {"0"} else address
            else:
                place = ".".join(str(int(address[at:at + 2], 16)) for at in (6, 4, 2, 0))
            inventory.add(f"listens {kind} {place} {int(port, 16)}", f"user {fields[7]}")


def services_of(node, inventory):
    """The services that have processes, from their control groups, without a request to systemd.

    Leaves out services that a timer starts: they run for a moment, at a different time on each node.
    """
    timed = {f"{name[:-6]}.service" for folder in UNIT_FOLDERS for name in node.list(folder) if name.endswith(".timer")}
    for hierarchy in ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup"):
        for name in node.list(f"{hierarchy}/system.slice"):
            # The ssh session that runs this program is not in a service, and only the session starts what it needs.
            if name.endswith((".service", ".socket", ".mount")) and name not in timed and node.read(f"{hierarchy}/system.slice/{name}/cgroup.procs"):
                inventory.add(f"runs {name}", "yes")


def units_of(node, inventory):
    if node.root:
        return
    states = subprocess.run(["systemctl", "--root=/", "list-unit-files", "--no-legend", "--no-pager"],
                            capture_output=True, text=True, check=True).stdout
    for line in states.splitlines():
        name, state, *_ = line.split()
        inventory.add(f"unit {name}", state)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default="", help="folder to check instead of /")
    given = options.parse_args()
    node = Node(given.root)
    inventory = Inventory(node, own_words(node))
    for part in (root_of, modules_of, mounts_of, settings_of, ports_of, services_of, units_of):
        part(node, inventory)
    inventory.tree("above the root", UPPER)
    inventory.tree("state", STATE)
    for line in inventory.lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
