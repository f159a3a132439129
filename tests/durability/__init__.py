"""What was acknowledged is never lost: power cuts, failing and full disks, kill -9 (README.md in this folder)."""
