"""Starting a program so that it is held to the permissions of files, whoever runs the tests."""

import subprocess
import sys
from functools import cache

import pytest

_GIVE_UP = """
import ctypes, os, runpy, sys
if os.geteuid() == 0:
    # Root writes whatever the permissions say; without these two capabilities it is held to them like anyone.
    PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            sys.exit(77)
    os.execv(sys.executable, [sys.executable, "-m", {module!r}, *sys.argv[1:]])
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""


@cache
def _may_give_up() -> bool:
    probe = _GIVE_UP.format(module="this")  # it prints its own philosophy, and so does not touch anything
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode != 77


def start_unprivileged(module: str) -> tuple[str, ...]:
    """How the interpreter starts the program ``module``; skips the test where root may not give up rights."""
    if not _may_give_up():
        pytest.skip("root may not give up rights here: files that cannot be written are not tested")
    return ("-c", _GIVE_UP.format(module=module))
