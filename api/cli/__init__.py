"""The command `duecourse`."""
