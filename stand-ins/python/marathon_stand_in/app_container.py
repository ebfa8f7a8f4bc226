"""The container of an app: what Marathon accepts (docs/docs/native-docker.md), and the ContainerInfo that it becomes
(raml/ContainerConversion.scala)."""

from stand_in.http_server import HttpError

_NETWORKS = ("HOST", "BRIDGE", "NONE", "USER")


def check_container(container):
    """Refuses what the stand-in cannot run. Raises HttpError 422."""
    docker = container.get("docker")
    if container.get("type", "DOCKER" if docker else "MESOS") != "DOCKER":
        raise HttpError(422, "The stand-in runs containers of type DOCKER")
    if not isinstance(docker, dict) or not isinstance(docker.get("image"), str) or not docker["image"]:
        raise HttpError(422, "container.docker.image is not defined")
    if docker.get("network", "HOST") not in _NETWORKS:
        raise HttpError(422, f"container.docker.network must be one of {', '.join(_NETWORKS)}")
    known = {"image", "network", "privileged", "forcePullImage", "parameters"}
    unknown = [*(set(docker) - known), *(set(container) - {"type", "docker", "volumes"})]
    if unknown:
        raise HttpError(422, f"The stand-in does not know '{sorted(unknown)[0]}' of a container")


def container_info(container):
    """ContainerInfo in the form of Mesos."""
    docker = container["docker"]
    volumes = [{"container_path": one["containerPath"], "host_path": one["hostPath"], "mode": one.get("mode", "RW")}
               for one in container.get("volumes", [])]
    return {"type": "DOCKER", "volumes": volumes, "docker": {
        "image": docker["image"], "network": docker.get("network", "HOST"), "privileged": docker.get("privileged", False),
        "force_pull_image": docker.get("forcePullImage", False), "parameters": docker.get("parameters", [])}}
