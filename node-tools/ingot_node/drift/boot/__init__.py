"""The boot partition: it starts the node before the root is read, and a restart does not repair it."""
