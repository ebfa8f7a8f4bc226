"""The boot partition: what starts the node before anything of the root is read, and what no restart puts right."""
