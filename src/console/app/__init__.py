"""The composition root: where the desktop program is put together, and nothing else."""
