"""The content of ingot-status."""
