"""What this program calls itself towards a server."""

from importlib.metadata import PackageNotFoundError, version

try:
    PROGRAM = f"clinician-console {version('clinician-console')}"
except PackageNotFoundError:  # run from a folder that was never installed
    PROGRAM = "clinician-console"
