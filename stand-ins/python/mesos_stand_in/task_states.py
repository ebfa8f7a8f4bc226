"""States of tasks that never change again (protobuf::isTerminalState)."""

ENDED = {"TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_LOST", "TASK_GONE", "TASK_DROPPED", "TASK_ERROR"}
