"""The shared ground of all screens: badges, buttons, answers, banners, clocks, states.

Each part is imported when it is first asked for: the page that asks who is there needs few of them, and the program
starts the sooner.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from console.views.widgets.access import announce, named, tab_through, tip
    from console.views.widgets.asking import Asking, AskingPanel
    from console.views.widgets.badge import Badge, KeyHint, Painted, StatusDot, Watermark
    from console.views.widgets.banner import BannerBar, Run
    from console.views.widgets.button import ActionButton, Look
    from console.views.widgets.card import Card
    from console.views.widgets.choice import Choice, ChoiceRow, numbered
    from console.views.widgets.clock_label import ClockLabel, Limits
    from console.views.widgets.fields import Fields
    from console.views.widgets.flow import FlowLayout
    from console.views.widgets.keyed_list_model import CLOCK_ROLE, ROW_ROLE, AnyIndex, KeyedListModel
    from console.views.widgets.notice import Notice
    from console.views.widgets.scrolling import FocusScrollArea
    from console.views.widgets.states import EmptyState, ErrorState, LoadingState, Picture, StateView
    from console.views.widgets.steady_list import SteadyList
    from console.views.widgets.tabs import PillTabs
    from console.views.widgets.text import ElidedText, FewLines, Rule, SectionHeader, Text, Tone

__all__ = [
    "CLOCK_ROLE",
    "ROW_ROLE",
    "ActionButton",
    "AnyIndex",
    "Asking",
    "AskingPanel",
    "Badge",
    "BannerBar",
    "Card",
    "Choice",
    "ChoiceRow",
    "ClockLabel",
    "ElidedText",
    "EmptyState",
    "ErrorState",
    "FewLines",
    "Fields",
    "FlowLayout",
    "FocusScrollArea",
    "KeyHint",
    "KeyedListModel",
    "Limits",
    "LoadingState",
    "Look",
    "Notice",
    "Painted",
    "Picture",
    "PillTabs",
    "Rule",
    "Run",
    "SectionHeader",
    "StateView",
    "StatusDot",
    "SteadyList",
    "Text",
    "Tone",
    "Watermark",
    "announce",
    "named",
    "numbered",
    "tab_through",
    "tip",
]

_PLACES = {
    "access": (
        "announce",
        "named",
        "tab_through",
        "tip",
    ),
    "asking": (
        "Asking",
        "AskingPanel",
    ),
    "badge": (
        "Badge",
        "KeyHint",
        "Painted",
        "StatusDot",
        "Watermark",
    ),
    "banner": (
        "BannerBar",
        "Run",
    ),
    "button": (
        "ActionButton",
        "Look",
        "Notice",
    ),
    "card": ("Card",),
    "choice": (
        "Choice",
        "ChoiceRow",
        "numbered",
    ),
    "clock_label": (
        "ClockLabel",
        "Limits",
    ),
    "fields": ("Fields",),
    "flow": ("FlowLayout",),
    "keyed_list_model": (
        "CLOCK_ROLE",
        "ROW_ROLE",
        "AnyIndex",
        "KeyedListModel",
    ),
    "notice": ("Notice",),
    "scrolling": ("FocusScrollArea",),
    "states": (
        "EmptyState",
        "ErrorState",
        "LoadingState",
        "Picture",
        "StateView",
    ),
    "steady_list": ("SteadyList",),
    "tabs": ("PillTabs",),
    "text": (
        "ElidedText",
        "FewLines",
        "Rule",
        "SectionHeader",
        "Text",
        "Tone",
    ),
}
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _PLACE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_PLACE_OF[name]}"), name)
    globals()[name] = found
    return found
