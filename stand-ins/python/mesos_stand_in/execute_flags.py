"""Flags of mesos-execute (src/cli/execute.cpp). It reads only the command line, not the environment."""

from mesos_stand_in import CLUSTERD
from mesos_stand_in.common_flags import texts
from mesos_stand_in.flags import Flag

EXECUTE = [
    Flag("master", required=True),
    *texts("name", "command", "env", "task", "task_group", "docker_image", "appc_image", "package", "networks", "volumes",
           "framework_capabilities", "effective_capabilities", "bounding_capabilities", "rlimits", "principal", "secret"),
    Flag("shell", "boolean", "true"),
    Flag("resources", default="cpus:1;mem:128"),
    Flag("hadoop", default="hadoop"),
    Flag("hdfs", default="localhost:9000"),
    Flag("overwrite", "boolean", "false"),
    Flag("checkpoint", "boolean", "false"),
    Flag("containerizer", default="mesos"),
    Flag("role", default="mesos-execute" if CLUSTERD else "*"),
    Flag("kill_after", "duration"),
    Flag("content_type", default="protobuf"),
    Flag("tty", "boolean", "false"),
    Flag("partition_aware", "boolean", "true"),
    Flag("help", "boolean", "false"),
]
