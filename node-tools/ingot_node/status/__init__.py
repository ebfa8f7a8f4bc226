"""What ingot-status shows."""
