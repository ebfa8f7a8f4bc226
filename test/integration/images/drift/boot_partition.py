"""The boot partition of the tests' nodes: slot a runs, slot b is empty, as on a disk that was just written."""

import hashlib
import os

ESP = "1A2B-3C4D"
VERSION = "20261126-aaaaaaaaaaaa"
KERNEL, INITRD = b"a kernel", b"an initrd"
BLOCK = 4096
TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../../templates/boot")


def slot_config(version: str, root_hash: str) -> bytes:
    """As templates/boot/slot.cfg.hbs gives it."""
    with open(f"{TEMPLATES}/slot.cfg.hbs", encoding="utf-8") as file:
        text = file.read()
    words = f"ingot.roothash={root_hash} ingot.version={version} loglevel=4"
    return text.replace("{{grub title}}", f"ingot-slave-{version}").replace("{{grub version}}", version).replace("{{words kernelArguments}}", words).encode()


def hash_tree(version: str, kernel: bytes = KERNEL, initrd: bytes = INITRD, salt: bytes = None) -> tuple:
    """Of a root of one block (veritysetup(8)): the file and the root hash. salt: that of an older ingot."""
    if salt is None:
        salt = b"".join(hashlib.sha256(part).digest() for part in (kernel, initrd, slot_config(version, "0" * 64)))
    header = b"verity\0\0" + (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(16) + b"sha256".ljust(32, b"\0")
    header += BLOCK.to_bytes(4, "little") * 2 + (1).to_bytes(8, "little") + len(salt).to_bytes(2, "little") + bytes(6) + salt
    top = version.encode().ljust(BLOCK, b"\0")
    return header.ljust(BLOCK, b"\0") + top, hashlib.sha256(salt + top).hexdigest()


ROOT_HASH = hash_tree(VERSION)[1]


def put(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def make_slot(folder: str, version: str, kernel: bytes = KERNEL, initrd: bytes = INITRD, salt: bytes = None) -> str:
    """A whole slot; its root hash."""
    tree, root_hash = hash_tree(version, kernel, initrd, salt)
    files = {"vmlinuz": kernel, "initrd.img": initrd, "root.verity": tree, "root.squashfs": bytes(BLOCK), "slot.cfg": slot_config(version, root_hash)}
    for name, content in files.items():
        put(f"{folder}/{name}", content)
    return root_hash


def make(root: str) -> None:
    """Mounted at /run/ingot/esp, of /dev/vda2."""
    esp = f"{root}/run/ingot/esp"
    with open(f"{TEMPLATES}/grub.cfg.hbs", encoding="utf-8") as file:
        menu = file.read().replace("{{grub espId}}", ESP)
    make_slot(f"{esp}/a", VERSION)
    os.makedirs(f"{esp}/b")
    put(f"{esp}/EFI/BOOT/BOOTX64.EFI", b"GRUB")
    put(f"{esp}/grub/grub.cfg", menu.encode())
    put(f"{esp}/grub/grubenv", b"# GRUB Environment Block\ningot_slot=a\ningot_try=\ningot_tried=\n".ljust(1024, b"#"))
    os.makedirs(f"{root}/dev/disk/by-uuid")
    os.symlink("../../vda2", f"{root}/dev/disk/by-uuid/{ESP}")
    for name, partition in (("vda", ""), ("vda/vda1", "1"), ("vda/vda2", "2")):
        os.makedirs(f"{root}/sys/devices/{name}", exist_ok=True)
        if partition:
            put(f"{root}/sys/devices/{name}/partition", partition.encode() + b"\n")
    os.makedirs(f"{root}/sys/class/block")
    for name, device in (("vda", "vda"), ("vda1", "vda/vda1"), ("vda2", "vda/vda2")):
        os.symlink(f"../../devices/{device}", f"{root}/sys/class/block/{name}")
        put(f"{root}/dev/{name}", name.encode())
