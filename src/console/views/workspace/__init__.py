"""The workspace: one page on which a clinician does the whole of the work on a call."""

from console.views.workspace.keys import ASSESSMENT_KEYS, WORKSPACE_KEYS
from console.views.workspace.page import Workspace

__all__ = ["ASSESSMENT_KEYS", "WORKSPACE_KEYS", "Workspace"]
