"""Creates nodes as folders in their own mount namespace, and runs ingot-drift on each.

Reads JSON from stdin: {"program", "golden", "nodes": [{"name", "plant": shell text that runs in the node's root}]}.
Writes a line of JSON for each node: name, exit (of ingot-drift), lines (its JSON lines), error, and what --prometheus
wrote. A node is an overlay over the golden root, or with "manifest" a copy of it. With the arguments GOLDEN IMAGES, only
the golden root is created.
"""

import base64
import contextlib
import ctypes
import hashlib
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile

import boot_partition
import peers
from answering_systemd import answer_once

LIBC = ctypes.CDLL(None, use_errno=True)
BIND = 4096

HASH = boot_partition.ROOT_HASH
SEED = {"version": 1, "cluster": "demo", "masters": ["10.78.0.11"], "attributes": {"rack": "r1"}}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRyaWZ0ZHJpZnRkcmlmdGRyaWZ0ZHJpZnRkcmlmdGRy"
USER_DATA = f"""#cloud-config
write_files:
  - path: /etc/ingot/cluster.json
    content: {json.dumps(json.dumps(SEED, indent=2))}
  - path: "/etc/ssl/site-ca.pem"
    owner: "root:root"
    permissions: "0644"
    content: "a certificate\\n"
  - path: "/usr/local/bin/fetch-secret"
    owner: "ops:ops"
    permissions: "0750"
    content: "#!/bin/sh\\necho \\"a secret\\"\\n"
users:
  - name: ops
    ssh_authorized_keys:
      - "{KEY} ops@desk"
"""

GOLDEN = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nops:x:990:990:Operator:/home/ops:/bin/bash\n",
    "etc/shadow": "root:*:20000:0:99999:7:::\nops:!:20000::::::\n",
    "etc/group": "root:x:0:\nops:x:990:\nsudo:x:27:\n",
    "etc/hostname": "ingot\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "etc/machine-id": "",
    "etc/mesos-slave/containerizers": "docker,mesos\n",
    "etc/ssh/sshd_config": "PermitRootLogin prohibit-password\n",
    "etc/sudoers.d/ops": "ops ALL=(ALL:ALL) NOPASSWD: ALL\n",
    "etc/pam.d/sshd": "auth required pam_nologin.so\n",
    "etc/docker/daemon.json": "{}\n",
    "etc/sysctl.d/60-cluster.conf": "# of the image\nkernel.kptr_restrict = 2\nnet.ipv4.ip_forward = 1\nvm.swappiness = 1\n",
    "usr/lib/sysctl.d/50-default.conf": "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.none.rp_filter\n",
    "usr/bin/python3.11": "a program",
    "usr/bin/dockerd": "a program",
    "usr/bin/ls": "a program",
    "usr/bin/sudo": "a program",
    "usr/bin/ping": "a program",
    "usr/sbin/sshd": "a program",
    "usr/share/doc/a/copyright": "free\n",
    "usr/lib/ingot/units-masked": "apt-daily.timer\napt-daily.service\n",
    "usr/lib/ingot/kernel-arguments": "loglevel=4\nsystemd.unified_cgroup_hierarchy=0\n",
    "usr/lib/ingot/release.json": '{"role": "slave", "layout": "mesosphere", "date": "2026-11-22T00:00:00Z"}\n',
    "usr/lib/systemd/system/ssh.service": "[Service]\n",
    "usr/lib/systemd/system/docker.service": "[Service]\n",
    "usr/lib/systemd/system/getty@.service": "[Service]\n",
    "usr/lib/systemd/system/man-db.timer": "[Timer]\n",
    "usr/lib/systemd/system-preset/00-ingot.preset": "enable ssh.service\nenable docker.service\nenable getty@.service\ndisable *\n",
    "usr/lib/modules/6.1.0-test/modules.dep": "kernel/drivers/net/dummy.ko.xz:\nkernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko\nkernel/net/bridge/br_netfilter.ko:\nkernel/fs/udf/udf.ko:\nkernel/drivers/net/tun.ko: kernel/fs/xfs/xfs.ko\nkernel/fs/xfs/xfs.ko:\n",
    # The modules that the spec names under modules are loaded at boot with their dependencies; neither is declared
    # elsewhere.
    "etc/modules-load.d/60-cluster.conf": "# Kernel modules\ntun\n",
    "home/ops/.bashrc": "# rc\n",
    "home/ops/.profile": "# profile\n",
}
# The package of each of these files; those below etc are its configuration.
OWNED = {
    "coreutils": ("usr/bin/ls",),
    "docker.io": ("usr/bin/dockerd",),
    "iputils-ping": ("usr/bin/ping",),
    "openssh-server": ("usr/sbin/sshd", "usr/lib/systemd/system/ssh.service", "etc/pam.d/sshd"),
    "python3.11-minimal": ("usr/bin/python3.11",),
    "sudo": ("usr/bin/sudo",),
    "systemd": ("usr/lib/sysctl.d/50-default.conf", "usr/lib/systemd/system/getty@.service", "usr/lib/systemd/system/man-db.timer"),
    "texts": ("usr/share/doc/a/copyright",),
}
FOLDERS = ("root", "tmp", "etc/ssl", "var/log", "var/tmp", "var/spool/cron", "usr/local/bin", "opt", "run", "proc", "sys", "dev", "var/lib/ingot/state", "var/lib/cloud", "srv/kept")

MOUNTS = """1 0 0:30 / / rw - overlay ingot-root rw
2 1 0:20 / /run rw,nosuid,nodev - tmpfs tmpfs rw
3 2 253:0 / /run/ingot/lower ro - squashfs /dev/mapper/ingot-root ro
4 2 0:31 / /run/ingot/overlay rw - tmpfs ingot-overlay rw
5 1 8:3 / /var/lib/ingot/state rw,nosuid,nodev,noatime - ext4 /dev/vda3 rw
6 1 8:3 /mesos /var/lib/mesos rw,nosuid,nodev,noatime - ext4 /dev/vda3 rw
7 1 8:3 /journal /var/log/journal rw,nosuid,nodev,noatime - ext4 /dev/vda3 rw
8 1 8:3 /docker /var/lib/docker rw,nosuid,nodev,noatime - ext4 /dev/vda3 rw
9 2 254:2 / /run/ingot/esp ro - vfat /dev/vda2 ro
10 1 0:5 / /proc rw,nosuid,nodev,noexec - proc proc rw
11 8 0:40 / /var/lib/docker/overlay2/0a1b/merged rw - overlay overlay rw
"""
HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
IDENTITY = {
    "cluster": "demo",
    "address": "10.78.0.21",
    "name": "demo-slave-10-78-0-21",
    "masters": ["10.78.0.11"],
    "quorum": 1,
    "attributes": {"rack": "r1"},
}
NETWORK = {
    "version": 2,
    "ethernets": {"cluster0": {"match": {"macaddress": "52:54:00:78:00:21"}, "set-name": "cluster0", "dhcp4": False, "addresses": ["10.78.0.21/24"]}},
}
KERNEL = {
    "proc/cmdline": f"BOOT_IMAGE=/a/vmlinuz boot=ingot ingot.esp={boot_partition.ESP} ingot.slot=a ingot.roothash={HASH} ingot.version=20261126-aaaaaaaaaaaa loglevel=4 systemd.unified_cgroup_hierarchy=0\n",
    "proc/modules": "virtio_blk 16384 1 - Live 0x0\nbr_netfilter 32768 0 - Live 0x0\ntun 16384 0 - Live 0x0\nxfs 16384 0 - Live 0x0\n",
    "proc/1/mountinfo": MOUNTS,
    "proc/1/net/tcp": HEADER + "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 500 1\n",
    "proc/1/net/udp": HEADER,
    "proc/1/net/packet": "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n",
    "proc/sys/kernel/hostname": "demo-slave-10-78-0-21\n",
    "proc/sys/kernel/osrelease": "6.1.0-test\n",
    "proc/sys/kernel/tainted": "0\n",
    "proc/sys/kernel/kptr_restrict": "2\n",
    "proc/sys/kernel/randomize_va_space": "2\n",
    "proc/sys/net/ipv4/ip_forward": "1\n",
    "proc/sys/net/ipv4/conf/eth0.5/rp_filter": "2\n",
    "proc/sys/vm/swappiness": "1\n",
    "sys/block/dm-0/dm/ingot-root.table": f"1 7:0 7:1 4096 4096 49609 1 sha256 {HASH} 00aa\n",
    "sys/block/dm-0/dm/ingot-root.status": "V\n",
    "sys/fs/cgroup/system.slice/ssh.service/cgroup.procs": "100\n",
    "sys/fs/cgroup/system.slice/docker.service/cgroup.procs": "",
    "run/ingot/address": "10.78.0.21\n",
    "run/ingot/who": "demo-slave-10-78-0-21 (10.78.0.21), slave\n",
    "run/ingot/identity.json": json.dumps(IDENTITY, indent=2) + "\n",
    "run/ingot/network-config.json": json.dumps(NETWORK),
}
# Written above the root when the node starts.
STARTED = {
    "etc/ingot/cluster.json": json.dumps(SEED, indent=2),
    "etc/hostname": "demo-slave-10-78-0-21\n",
    "etc/hosts": "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n10.78.0.11 demo-master-10-78-0-11\n10.78.0.21 demo-slave-10-78-0-21\n",
    "etc/mesos/zk": "zk://10.78.0.11:2181/mesos\n",
    "etc/mesos-slave/ip": "10.78.0.21\n",
    "etc/mesos-slave/hostname": "10.78.0.21\n",
    "etc/mesos-slave/attributes": "rack:r1\n",
    "etc/machine-id": "ab" * 16 + "\n",
    "var/lib/ingot/state/machine-id": "ab" * 16 + "\n",
    "etc/ssl/site-ca.pem": "a certificate\n",
    "usr/local/bin/fetch-secret": '#!/bin/sh\necho "a secret"\n',
    "home/ops/.ssh/authorized_keys": f"{KEY} ops@desk\n",
    "etc/systemd/network/10-cloud-init-cluster0.network": "[Address]\nAddress=10.78.0.21/24\n\n[Match]\nMACAddress=52:54:00:78:00:21\nName=cluster0\n\n[Network]\nDHCP=no\n\n",
    "var/log/syslog": "log\n",
}
STARTED_MODES = {"home/ops/.ssh": 0o700, "home/ops/.ssh/authorized_keys": 0o600, "usr/local/bin/fetch-secret": 0o750}


def write(root: str, files: dict) -> None:
    for name, content in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)


def run(*words: str) -> None:
    subprocess.run(words, check=True)


def mount(what: str, target: str, options: str = "", flags: int = 0) -> None:
    """Calls mount(2) directly: a program for each of a thousand mounts would take longer than the test.

    `what` is a type, or with BIND a folder.
    """
    if LIBC.mount(what.encode(), target.encode(), what.encode(), flags, options.encode()) != 0:
        raise OSError(ctypes.get_errno(), f"{what} cannot be mounted at {target}: {os.strerror(ctypes.get_errno())}")


def process(root: str, pid: str, program: str, group: str, sockets=(), environment: str = "") -> None:
    """Creates a process in the form of proc(5)."""
    write(root, {f"proc/{pid}/cgroup": f"0::{group}\n", f"proc/{pid}/environ": environment})
    os.makedirs(f"{root}/proc/{pid}/fd")
    os.symlink(program, f"{root}/proc/{pid}/exe")
    for number, inode in enumerate(sockets):
        os.symlink(f"socket:[{inode}]", f"{root}/proc/{pid}/fd/{number}")


def database() -> dict:
    """dpkg's database of the packages above: the owners of files, and the digests for debsums.

    Formats: dpkg-query(1), dpkg's file-formats.
    """

    def md5(name: str) -> str:
        return hashlib.md5(GOLDEN[name].encode(), usedforsecurity=False).hexdigest()

    files, status = {}, []
    for package, names in OWNED.items():
        configuration = [name for name in names if name.startswith("etc/")]
        lines = [f"Package: {package}", "Status: install ok installed", "Maintainer: nobody", "Architecture: amd64"]
        lines += [f"Version: {'1.9' if package == 'sudo' else '1'}", "Description: for tests"]
        lines += ["Conffiles:", *(f" /{name} {md5(name)}" for name in configuration)] if configuration else []
        status.append("\n".join(lines) + "\n")
        files[f"var/lib/dpkg/info/{package}.list"] = "/.\n" + "".join(f"/{name}\n" for name in names)
        files[f"var/lib/dpkg/info/{package}.md5sums"] = "".join(f"{md5(name)}  {name}\n" for name in names if name not in configuration)
    return {**files, "var/lib/dpkg/status": "\n".join(status)}


def sign_seed(folder: str) -> None:
    """Creates a seed key in the golden root.

    The signed user-data is next to the root, and so is the private key, for tests that sign other seeds.
    """
    key, public, seed = f"{folder}.key.pem", f"{folder}/usr/lib/ingot/seed-keys/site.pem", f"{folder}.user-data"
    os.makedirs(os.path.dirname(public))
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key)
    run("openssl", "pkey", "-in", key, "-pubout", "-out", public)
    write(os.path.dirname(folder), {os.path.basename(seed): USER_DATA})
    signed_seed(key, seed)


def signed_seed(key: str, path: str) -> None:
    """Adds the last line to a user-data file, as `ingot seed --sign` does (docs/seed.md)."""
    with open(path, "rb") as file:
        text = file.read()
    spki = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    message = b"DSSEv1 26 application/vnd.ingot.seed %d %s" % (len(text), text)
    with tempfile.NamedTemporaryFile() as file:
        file.write(message)
        file.flush()
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name], check=True, capture_output=True).stdout
    with open(path, "ab") as file:
        file.write(f"# ingot-seed-signature {hashlib.sha256(spki).hexdigest()} {base64.b64encode(signature).decode()}\n".encode())


def make_golden(folder: str, images: str) -> None:
    write(folder, {**GOLDEN, **database()})
    for name in FOLDERS + ("etc/ingot", "etc/mesos", "etc/systemd/network", "etc/systemd/system"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    os.symlink("/dev/null", f"{folder}/etc/systemd/system/apt-daily.timer")
    os.symlink("/usr/share/zoneinfo/UTC", f"{folder}/etc/localtime")
    for layer in ("common", "slave"):
        shutil.copytree(f"{images}/{layer}/rootfs/usr/lib/ingot/drift.d", f"{folder}/usr/lib/ingot/drift.d", dirs_exist_ok=True)
    shutil.copy(f"{images}/common/rootfs/usr/lib/ingot/boot-menus", f"{folder}/usr/lib/ingot/boot-menus")
    write(folder, {"usr/lib/ingot/drift.d/90-site.conf": "container exporter registry.example.org/exporter:* restart=always,host-network,bind=/proc # monitoring\n"})
    sign_seed(folder)
    for name in ("usr/bin/python3.11", "usr/bin/dockerd", "usr/bin/ls", "usr/bin/ping", "usr/sbin/sshd"):
        os.chmod(f"{folder}/{name}", 0o755)
    os.chmod(f"{folder}/usr/bin/sudo", 0o4755)
    run("setcap", "cap_net_raw=ep", f"{folder}/usr/bin/ping")
    run("chown", "-R", "990:990", f"{folder}/home/ops")
    os.chmod(f"{folder}/etc/shadow", 0o640)


def make_node(work: str, golden: str, mutable: bool) -> str:
    """The root of a node: the overlay or the copy, with the files of a start, and the kernel's files."""
    os.makedirs(work)
    layer, root = f"{work}/layer", f"{work}/root"
    os.makedirs(layer)
    os.makedirs(root)
    if mutable:
        mount("tmpfs", root, "mode=0755")
        run("cp", "-a", f"{golden}/.", root)
    else:
        mount("tmpfs", layer, "mode=0700")
        os.mkdir(f"{layer}/upper")
        os.mkdir(f"{layer}/work")
        mount("overlay", root, f"lowerdir={golden},upperdir={layer}/upper,workdir={layer}/work")
    for name in ("run", "proc", "sys", "dev", "var/lib/ingot/state"):
        mount("tmpfs", f"{root}/{name}")
    write(root, KERNEL)
    shutil.copy(f"{golden}.user-data", f"{root}/run/ingot/user-data")
    boot_partition.make(root)
    for source, name in () if mutable else ((golden, "lower"), (layer, "overlay")):
        os.makedirs(f"{root}/run/ingot/{name}")
        mount(source, f"{root}/run/ingot/{name}", flags=BIND)
    process(root, "100", "/usr/sbin/sshd", "/system.slice/ssh.service", ("500",))
    process(root, "101", "/usr/bin/dockerd", "/system.slice/docker.service")
    process(root, "200", "/usr/bin/of-a-container", "/docker/0a1b")
    start(root)
    return root


def start(root: str) -> None:
    """Writes what a start writes, and touches what a start only touches."""
    write(root, STARTED)
    for name, mode in STARTED_MODES.items():
        os.chmod(f"{root}/{name}", mode)
        os.chown(f"{root}/{name}", 990, 990)
    os.utime(f"{root}/etc/pam.d/sshd")
    os.chmod(f"{root}/usr/bin/ls", 0o644)
    os.chmod(f"{root}/usr/bin/ls", 0o755)


def shell(root: str, text: str) -> None:
    done = subprocess.run(["sh", "-eu", "-c", text], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{text}\n{done.stderr}")


def run_program(program: str, options: list) -> tuple:
    """Runs the program in this process: a hundred starts of Python would take longer than the test.

    Returns exit status, stdout and stderr.
    """
    output, errors = io.StringIO(), io.StringIO()
    sys.argv = [program, *options]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            runpy.run_path(program, run_name="__main__")
            code = 0
        except SystemExit as end:
            code = end.code
    return code, output.getvalue(), errors.getvalue()


def main() -> None:
    asked = json.load(sys.stdin)
    work = os.getcwd()
    golden, manifest, with_peers = asked["golden"], asked.get("manifest"), asked.get("peers", False)
    for number, node in enumerate(asked["nodes"]):
        left_in = f"{work}/{number}"
        root = make_node(left_in, golden, manifest is not None)
        if with_peers:
            peers.prepare(left_in, root)
        shell(root, node["plant"].replace("SIGN_SEED", f"/usr/bin/python3 -B {os.path.abspath(__file__)} sign").replace("TESTS", os.path.dirname(os.path.abspath(__file__))))
        said_by = peers.ask(left_in, root) if with_peers else {}
        answer_once(root)
        options = [f"--root={root}", "--address=10.78.0.21", "--json", f"--prometheus={left_in}/ingot.prom", f"--leave={left_in}/drift.json"]
        options += [f"--manifest={manifest}", *asked["options"]] if manifest else []
        code, output, errors = run_program(asked["program"], options)
        left = {}
        for name in ("ingot.prom", "drift.json"):
            if os.path.exists(f"{left_in}/{name}"):
                with open(f"{left_in}/{name}", encoding="utf-8") as file:
                    left[name] = file.read()
        lines = [json.loads(line) for line in output.splitlines()]
        print(json.dumps({"name": node["name"], "exit": code, "lines": lines, "error": errors, "left": left, "peers": said_by}), flush=True)


if sys.argv[1:2] == ["sign"]:
    signed_seed(*sys.argv[2:])
elif len(sys.argv) > 1:
    make_golden(*sys.argv[1:])
else:
    main()
