"""One step of the drill `container` on a node; `ingot rehearse` puts STEP before it. Prints one JSON object.

Requests to Mesos go through the node's own cluster_api, which handles certificates and logins. The package's own
mesos-execute starts the tasks.
"""

import glob
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, "/usr/lib/ingot")

try:
    from ingot_node import cluster_api
except ModuleNotFoundError:
    import cluster_api  # an image of an earlier ingot

MASTER, AGENT = 5050, 5051
# The output of mesos-execute is kept here until the end of the drill or the next boot.
FOLDER = "/run/ingot-rehearsal"
# The login of the node's programs at Mesos (cluster_login.py); a framework uses the same one. Mesos itself reads the
# value of a flag from a file.
OPERATOR = "/run/ingot/operator"
OPERATOR_SECRET = "/run/ingot/secrets/operator"
# The smallest image in which `/bin/sh -c` runs is the node's own shell with its libraries. It needs no registry.
MAKE_IMAGE = """
libraries=$(ldd /bin/sh /bin/sleep | grep -o '/lib[^ ]*' | sort -u | sed 's,^/,,')
# shellcheck disable=SC2086
tar -C / -ch bin/sh bin/sleep $libraries | docker import - "$1"
"""
# A client of a master that requires TLS needs the same settings as the master's own processes, which read these files.
EXECUTE = """
set -a
for file in /etc/default/mesos /run/ingot/tls/libprocess.env; do
  if [ -f "$file" ]; then . "$file"; fi
done
set +a
exec /usr/bin/mesos-execute "$@"
"""


def run(*command):
    """Returns what a command prints. If the command fails, ends the step with its error output."""
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if ended.returncode != 0:
        sys.exit(f"{' '.join(command[:6])}: exit status {ended.returncode}\n{ended.stderr.strip()}")
    return ended.stdout.strip()


def own_address():
    with open("/run/ingot/address", encoding="utf-8") as file:
        return file.read().strip()


def ask(port, path):
    """Returns the body of a GET from this node; ends the step if there is none."""
    answer = cluster_api.ask(own_address(), port, path)
    if answer.status != 200 or answer.body is None:
        sys.exit(f"{cluster_api.url(own_address(), port, path)}: HTTP status {answer.status}")
    return answer.body


def agent_flags():
    return ask(AGENT, "/flags")["flags"]


def agent_unit():
    """The agent's unit, whose name depends on the layout."""
    for unit in ("mesos-slave.service", "mesos-agent.service"):
        if run("systemctl", "show", "--property=LoadState", "--value", unit) == "loaded":
            return unit
    return sys.exit("this node has no unit of a Mesos agent")


def make_image(image):
    return {"image": run("sh", "-euc", MAKE_IMAGE, "sh", image)}


def output(name):
    return f"{FOLDER}/{name}.log"


def login():
    """The login flags of mesos-execute; none if the seed names no login. The secret is not on a command line."""
    if not (os.path.exists(OPERATOR) and os.path.exists(OPERATOR_SECRET)):
        return []
    with open(OPERATOR, encoding="utf-8") as file:
        return [f"--principal={file.read().strip()}", f"--secret=file://{OPERATOR_SECRET}"]


def start(name, image, command, checkpoint, resources):
    """Starts a task on this node, the leading master. mesos-execute keeps running, because the task ends with it."""
    os.makedirs(FOLDER, exist_ok=True)
    flags = [f"--master={own_address()}:{MASTER}", f"--name={name}", "--containerizer=docker", f"--docker_image={image}",
             "--shell=true", f"--resources={resources}", f"--command={command}", *(["--checkpoint"] if checkpoint else []), *login()]
    run("systemd-run", "--quiet", "--collect", f"--unit={name}", f"--property=StandardOutput=append:{output(name)}",
        f"--property=StandardError=append:{output(name)}", "sh", "-euc", EXECUTE, "mesos-execute", *flags)
    return {}


def said(name, words, seconds):
    """Waits until mesos-execute prints one of the words or ends, but at most the given seconds. Returns its output."""
    end = time.monotonic() + seconds
    while True:
        with open(output(name), encoding="utf-8", errors="replace") as file:
            text = file.read()
        unit = subprocess.run(["systemctl", "is-active", "--quiet", name], check=False)
        if unit.returncode != 0 or any(word in text for word in words) or time.monotonic() > end:
            return {"text": text, "runs": unit.returncode == 0}
        time.sleep(0.5)


def known(name):
    """What this master, which leads, reports about the task; state is null if it does not know the task."""
    state = ask(MASTER, "/master/state")
    for framework in [*state.get("frameworks", []), *state.get("completed_frameworks", [])]:
        for task in [*framework.get("tasks", []), *framework.get("unreachable_tasks", []), *framework.get("completed_tasks", [])]:
            if task["id"] == name:
                return {"state": task["state"], "agent": task["slave_id"]}
    return {"state": None, "agent": None}


def cgroup_value(pid, controller, first, second):
    """The kernel's value for a process: file `first` of the controller's hierarchy (v1) or `second` (v2); else null."""
    with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(":", 2) for line in file]
    v1 = [path for _, controllers, path in lines if controller in controllers.split(",")]
    v2 = [path for number, controllers, path in lines if (number, controllers) == ("0", "")]
    path = f"/sys/fs/cgroup/{controller}{v1[0]}/{first}" if v1 else f"/sys/fs/cgroup{v2[0]}/{second}"
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def containers(image):
    """Every container of the image, also those that have ended, with the limits that apply to it."""
    found = []
    for one in run("docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", f"ancestor={image}").split():
        seen = json.loads(run("docker", "inspect", "--type=container", one))[0]
        pid = seen["State"]["Pid"]
        running = seen["State"]["Running"]
        found.append({
            "id": seen["Id"], "name": seen["Name"].lstrip("/"), "running": running, "startedAt": seen["State"]["StartedAt"],
            "memory": cgroup_value(pid, "memory", "memory.limit_in_bytes", "memory.max") if running else None,
            "cpuShares": cgroup_value(pid, "cpu", "cpu.shares", "none") if running else None,
            "cpuWeight": cgroup_value(pid, "cpu", "none", "cpu.weight") if running else None,
            "cpuQuota": cgroup_value(pid, "cpu", "cpu.cfs_quota_us", "cpu.max") if running else None,
        })
    return {"containers": found, "quotaWanted": agent_flags().get("cgroups_enable_cfs") == "true"}


def sandbox(name):
    """The task's output, where Mesos keeps it."""
    pattern = f"{agent_flags()['work_dir']}/slaves/*/frameworks/*/executors/{name}/runs/latest"
    text = {}
    for kind in ("stdout", "stderr"):
        files = glob.glob(f"{pattern}/{kind}")
        with open(max(files, key=os.path.getmtime), encoding="utf-8", errors="replace") as file:
            text[kind] = file.read()
    return text


def restart_agent():
    unit = agent_unit()
    run("systemctl", "restart", unit)
    return {"unit": unit, "killMode": run("systemctl", "show", "--property=KillMode", "--value", unit)}


def empty_agent():
    """Makes the masters see a new agent: stops the agent, removes its id and starts it."""
    unit, work_dir = agent_unit(), agent_flags()["work_dir"]
    run("systemctl", "stop", unit)
    run("find", f"{work_dir}/meta", "-mindepth", "1", "-delete")
    run("systemctl", "start", unit)
    return {"unit": unit}


def clean(image, names):
    """Removes everything of the drill, however far it has got."""
    for name in names:
        subprocess.run(["systemctl", "stop", name], capture_output=True, check=False)
    subprocess.run(["rm", "-rf", FOLDER], check=True)
    if os.path.exists("/usr/bin/docker"):
        for one in run("docker", "ps", "--all", "--quiet", "--filter", f"ancestor={image}").split():
            subprocess.run(["docker", "rm", "--force", "--volumes", one], capture_output=True, check=False)
        subprocess.run(["docker", "rmi", image], capture_output=True, check=False)
    return {}


STEPS = {
    "image": make_image, "start": start, "said": said, "known": known, "containers": containers, "sandbox": sandbox,
    "restart-agent": restart_agent, "empty-agent": empty_agent, "clean": clean,
}

if __name__ == "__main__":
    given = globals()["STEP"]
    print(json.dumps(STEPS[given["step"]](**given["given"])))
