"""What no file shows: the kernel, mounts, listening sockets, running programs."""
