"""Facts about this node: its role, the running version and its slot. `root` is / on a node, a folder in tests."""

import glob
import json
import os

from ingot_node.update import grubenv
from ingot_node.update.error import UpdateError
from ingot_node.update.version import published_in, slot_config

OTHER = {"a": "b", "b": "a"}


class Node:
    """Reads the node's files below `root`; writes nothing."""

    def __init__(self, root: str = "/") -> None:
        self.root = root
        self.arguments: dict[str, str] = {name: value for name, _, value in (word.partition("=") for word in self._read("proc/cmdline").split())}

    def path(self, *names: str) -> str:
        return os.path.join(self.root, *names)

    def _read(self, name: str) -> str:
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return file.read().strip()
        except OSError:
            return ""

    @property
    def esp(self) -> str:
        return self.path("run/ingot/esp")

    @property
    def environment(self) -> str:
        return self.path("run/ingot/esp/grub/grubenv")

    @property
    def state(self) -> str:
        return self.path("var/lib/ingot/state/update")

    @property
    def release(self) -> dict:
        """release.json of the root: role, layout, architecture, date of its lock, whether it is for production."""
        return json.loads(self._read("usr/lib/ingot/release.json") or "{}")

    @property
    def role(self) -> str:
        return self.release.get("role", "unknown")

    @property
    def cluster(self) -> str:
        """The cluster of this node's seed, or "" if it has none."""
        try:
            found = json.loads(self._read("etc/ingot/cluster.json"))["cluster"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return ""
        return found if isinstance(found, str) else ""

    @property
    def published(self) -> str:
        """When the running version was published, or "" if its slot does not say so: that of a new disk does not."""
        try:
            return published_in(self._read(f"run/ingot/esp/{self.slot}/checks.json").encode())
        except UpdateError:
            return ""

    @property
    def keys(self) -> list[str]:
        return sorted(glob.glob(self.path("usr/lib/ingot/update-keys/*.pem")))

    @property
    def boot(self) -> str:
        """An id that differs at each start of the machine (random(4), boot_id)."""
        return self._read("proc/sys/kernel/random/boot_id")

    @property
    def on_trial(self) -> bool:
        """Whether the running version was started for a trial and is not confirmed yet."""
        return self.arguments.get("ingot.trying") == "1" and self.chosen().get("ingot_slot") != self.slot

    @property
    def diskless(self) -> bool:
        return os.path.exists(self.path("run/ingot/diskless"))

    @property
    def slot(self) -> str:
        """The running slot, a or b; UpdateError if there are no slots."""
        slot = self.arguments.get("ingot.slot")
        if slot in OTHER:
            return slot
        if "ingot.fetch" in self.arguments:
            raise UpdateError(
                "this node boots from the network: at each start it runs the version of its netboot server",
                "Publish the version on the server, then restart the node.",
                wrong_use=True,
            )
        if "ingot.medium" in self.arguments:
            raise UpdateError(
                "this node boots from an ISO: at each start it runs the version of the medium that is attached",
                "Attach the ISO of the other version in the BMC, then restart the node.",
                wrong_use=True,
            )
        raise UpdateError(
            "this disk has no second slot to write a version to: the kernel command line names no ingot.slot",
            "Write a new image to the disk once; from then on it can be updated.",
            wrong_use=True,
        )

    @property
    def other(self) -> str:
        return OTHER[self.slot]

    @property
    def version(self) -> str:
        """The running version, or "" if it is unknown."""
        return self.arguments.get("ingot.version") or self.slot_facts(self.slot).get("version", "")

    def folder(self, slot: str) -> str:
        return os.path.join(self.esp, slot)

    def slot_facts(self, slot: str) -> dict[str, str]:
        """version and rootHash of a complete slot; empty for any other."""
        return slot_config(self._read(f"run/ingot/esp/{slot}/slot.cfg"))

    def chosen(self) -> dict[str, str]:
        """The variables of GRUB's environment: ingot_slot, ingot_try, ingot_tried."""
        return grubenv.read(self.environment)
