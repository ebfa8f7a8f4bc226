"""work_dir/meta: the agent's id, which survives a restart, and the processes of its tasks."""

import json
import os

from mesos_stand_in.agent_info import ReconfigurationError, check_reconfiguration


def _write(path, text):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


class AgentMeta:
    """meta/slaves/<id>/slave.info, and the link meta/slaves/latest to the folder of the id in use."""

    def __init__(self, work_dir):
        self._slaves = os.path.join(work_dir, "meta", "slaves")
        self._latest = os.path.join(self._slaves, "latest")
        os.makedirs(self._slaves, exist_ok=True)

    def recover(self, policy, info):
        """The id of the last run, or None. Raises ReconfigurationError with the message of the real agent."""
        if not os.path.exists(self._latest):
            return None
        agent_id = os.path.basename(os.readlink(self._latest))
        with open(os.path.join(self._latest, "slave.info"), encoding="utf-8") as file:
            old = json.load(file)
        try:
            check_reconfiguration(policy, old, info)
        except ReconfigurationError as problem:
            raise ReconfigurationError(
                f"Failed to perform recovery: Incompatible agent info detected: {problem} "
                f"(reconfiguration_policy={policy}). To restart this agent with a new agent id instead: "
                f"rm -f {self._latest}") from None
        self.store(agent_id, info)
        return agent_id

    def store(self, agent_id, info):
        """Stores the agent's id and info."""
        folder = os.path.join(self._slaves, agent_id)
        os.makedirs(folder, exist_ok=True)
        _write(os.path.join(folder, "slave.info"), json.dumps(info, sort_keys=True))
        if not os.path.islink(self._latest) or os.readlink(self._latest) != agent_id:
            os.symlink(agent_id, self._latest + ".new")
            os.replace(self._latest + ".new", self._latest)

    def processes_file(self):
        """The file in which the task runner records the processes that it has started."""
        return os.path.join(self._slaves, "tasks.json")
