"""What no file shows: the kernel, what is mounted, what listens, what runs."""
