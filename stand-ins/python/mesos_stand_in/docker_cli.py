"""The docker command, as Mesos runs it: `docker -H unix:///var/run/docker.sock …` (src/docker/docker.cpp)."""

import json
import os
import re
import signal
import subprocess
import tempfile

# src/slave/constants.hpp: DOCKER_VERSION_WAIT_TIMEOUT and DOCKER_INSPECT_TIMEOUT
_VERSION_SECONDS = 5.0
_INSPECT_SECONDS = 5.0
_OLDEST = (1, 8, 0)


class DockerError(Exception):
    """A docker command failed. The message is that of Mesos."""


class Docker:
    """path: the program (--docker); socket: --docker_socket; config: --docker_config, JSON.

    Every method raises DockerError.
    """

    def __init__(self, path, socket, config=None):
        if not socket.startswith("/"):
            raise DockerError(f"Invalid Docker socket path: {socket}")
        self.path = path
        self.socket = f"unix://{socket}"
        self._config = config

    def command(self, *arguments):
        """The whole command line."""
        return [self.path, "-H", self.socket, *arguments]

    def _run(self, arguments, seconds=None, home=None):
        command = self.command(*arguments)
        text = " ".join(command)
        try:
            ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                   errors="replace", timeout=seconds, env={**os.environ, "HOME": home} if home else None)
        except subprocess.TimeoutExpired:
            raise DockerError(f"'{text}' timed out after {seconds:g}secs") from None
        except OSError as problem:
            raise DockerError(f"Failed to create subprocess '{text}': {problem.strerror}") from None
        if ended.returncode != 0:
            raise DockerError(f"Failed to run '{text}': {exit_text(ended.returncode)}; stderr='{ended.stderr}'")
        return ended.stdout

    def validate(self):
        """Docker answers and is not older than 1.8."""
        try:
            text = self._run(["--version"], _VERSION_SECONDS)
        except DockerError as problem:
            late = "timed out" in str(problem)
            raise DockerError("Timed out getting docker version" if late
                              else f"Failed to get docker version: {problem}") from None
        found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", text.split(",")[0].split(" ")[-1])
        if not found:
            raise DockerError("Failed to get docker version: Unable to find docker version in output")
        version = tuple(int(part or 0) for part in found.groups())
        if version < _OLDEST:
            shown = ".".join(map(str, version))
            raise DockerError(f"Insufficient version '{shown}' of Docker. Please upgrade to >=' 1.8.0'")

    def inspect(self, name):
        """What Docker knows about a container, as a dict."""
        return json.loads(self._run(["inspect", "--type=container", name], _INSPECT_SECONDS))[0]

    def names(self, prefix):
        """Names of all containers with this prefix, also of those that have ended."""
        lines = self._run(["ps", "-a"]).splitlines()[1:]
        names = [line.split()[-1] for line in lines if line.strip()]
        return [name for name in names if name.startswith(prefix)]

    def pull(self, image, sandbox, force):
        """Makes sure that the image exists here. Pulls it if it does not exist, or if a pull is forced."""
        image = _with_tag(image)
        if not force:
            try:
                found = self._run(["inspect", image])
            except DockerError:
                pass
            else:
                self._check_image(found)
                return
        with tempfile.TemporaryDirectory() as home:
            self._run(["pull", image], home=self._home(home, sandbox))
        self._check_image(self._run(["inspect", image]))

    def _home(self, home, sandbox):
        """The folder of docker's config.json: the sandbox if the task has one, otherwise that of --docker_config."""
        brought = any(os.path.exists(os.path.join(sandbox, name)) for name in (".docker/config.json", ".dockercfg"))
        if brought or not self._config:
            return sandbox
        folder = os.path.join(home, ".docker") if "auths" in self._config else home
        os.makedirs(folder, exist_ok=True)
        name = "config.json" if "auths" in self._config else ".dockercfg"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(self._config, file)
        return home

    @staticmethod
    def _check_image(text):
        # Docker::Image::create reads this from `docker inspect IMAGE`; Docker releases that no longer print it do not
        # work.
        if "Entrypoint" not in (json.loads(text)[0].get("ContainerConfig") or {}):
            raise DockerError("Unable to find 'ContainerConfig.Entrypoint'")

    def stop(self, name, seconds, remove=False):
        """Stops a container with the given timeout, and removes it if requested."""
        try:
            self._run(["stop", "-t", str(int(seconds)), name])
        except DockerError:
            if not remove:
                raise
            self.remove(name, force=True)
        else:
            if remove:
                self.remove(name, force=False)

    def remove(self, name, force=False):
        """Removes a container and its volumes."""
        self._run(["rm", *(["-f"] if force else []), "-v", name])


def _with_tag(image):
    # Docker::pull: without a tag or digest it would pull every tag of the repository.
    last = image.rsplit("/", 1)[-1]
    return image if ":" in last or "@" in last else f"{image}:latest"


def exit_text(status):
    """WSTRINGIFY (src/common/status_utils.hpp) of a subprocess' return code."""
    if status >= 0:
        return f"exited with status {status}"
    return f"terminated with signal {signal.strsignal(-status)}"
