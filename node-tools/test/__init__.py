"""Unit tests of ingot_node: python3 -B -m unittest discover -s node-tools/test -t node-tools."""
