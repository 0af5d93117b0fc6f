"""The shared ground of all screens: badges, buttons, answers, banners, clocks, states."""

from console.views.widgets.access import announce, named, tab_through
from console.views.widgets.badge import Badge, KeyHint, Painted, StatusDot, Watermark
from console.views.widgets.banner import BannerBar, Run
from console.views.widgets.button import ActionButton, Look
from console.views.widgets.card import Card
from console.views.widgets.choice import Choice, ChoiceRow, numbered
from console.views.widgets.clock_label import ClockLabel, Limits
from console.views.widgets.fields import Fields
from console.views.widgets.flow import FlowLayout
from console.views.widgets.keyed_list_model import CLOCK_ROLE, ROW_ROLE, AnyIndex, KeyedListModel
from console.views.widgets.scrolling import FocusScrollArea
from console.views.widgets.states import EmptyState, ErrorState, LoadingState, Picture, StateView
from console.views.widgets.steady_list import SteadyList
from console.views.widgets.tabs import PillTabs
from console.views.widgets.text import ElidedText, Rule, SectionHeader, Text, Tone

__all__ = [
    "CLOCK_ROLE",
    "ROW_ROLE",
    "ActionButton",
    "AnyIndex",
    "Badge",
    "BannerBar",
    "Card",
    "Choice",
    "ChoiceRow",
    "ClockLabel",
    "ElidedText",
    "EmptyState",
    "ErrorState",
    "Fields",
    "FlowLayout",
    "FocusScrollArea",
    "KeyHint",
    "KeyedListModel",
    "Limits",
    "LoadingState",
    "Look",
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
]
