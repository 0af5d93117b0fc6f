"""A drill: the whole program on an invented city's calls, watermarked, in a store that is thrown away."""

import argparse
import random
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from PySide6.QtWidgets import QApplication

from console.actions import directory, drills, homes
from console.app.drill_lines import DrillIntake
from console.app.opening import look_at
from console.app.program import Program
from console.clock import SystemClock
from console.feeds.drill import DrillSource
from console.feeds.feed import FeedThread
from console.feeds.scenario import Scenario, load_scenario
from console.models.store.desk import Desk
from console.off_gui import mark_gui_thread
from console.settings import Settings, resources
from console.views.shell.frame import Frame


def run(application: QApplication, words: argparse.Namespace) -> int:
    """Play the scenario that the words name until the last window is closed."""
    if words.second_desk:
        from console.app import side_by_side  # late: only a drill of two desks needs it

        return side_by_side.run_second(application, words)
    scenario = load_scenario(words.scenario)
    seed = words.seed if words.seed is not None else random.SystemRandom().randrange(1, 1_000_000)
    clock = SystemClock()
    with ExitStack() as ends:
        desk = homes.drill_desk(clock, drills.CENTER, drills.ZONE)
        program = Program(application, desk.store.home, Settings(theme="dark"))
        ends.callback(_close, program, desk)
        people = drills.cast(desk)
        directory.import_services(desk, people.supervisor, resources() / "directory" / "westside.csv")
        if words.side_by_side and words.screenshots:
            return _pictures(application, program, desk, words, partial(feed, program, desk, people, scenario, seed))
        if words.side_by_side:
            return _side_by_side(
                application, program, desk, words, partial(feed, program, desk, people, scenario, seed)
            )
        program.use(look_at(desk))
        mark_gui_thread(threading.get_ident())
        frame = begin(program, desk, people, scenario, seed)
        if words.screenshots:
            from console.app.tour import Tour  # late: only a tour needs it

            return Tour(program, people, frame, words.screenshots).run()
        return application.exec()


def _close(program: Program, desk: Desk) -> None:
    program.close()
    mark_gui_thread(None)
    if program.desk is None:  # else the program has thrown it away
        homes.throw_away(desk.store)


def begin(program: Program, desk: Desk, people: drills.Cast, scenario: Scenario, seed: int) -> Frame:
    """Start the invented CAD, seat the clinician in a window and the dispatcher at the strip."""
    feed(program, desk, people, scenario, seed)
    frame = program.show_work(program.open_window(), people.clinician)
    program.open_strip(people.dispatcher)
    return frame


def feed(program: Program, desk: Desk, people: drills.Cast, scenario: Scenario, seed: int) -> None:
    """Start the invented CAD."""
    source = DrillSource(scenario, desk.center, program.clock.now(), seed=seed)
    program.feed = FeedThread(source, DrillIntake(desk, people.dispatcher), clock=program.clock)
    program.feed.start()


def _side_by_side(
    application: QApplication,
    program: Program,
    desk: Desk,
    words: argparse.Namespace,
    start_feed: Callable[[], None],
) -> int:
    """Two desks that share: this one is the clinician's. Whichever is closed first ends both, and the server last."""
    from console.app import side_by_side  # late: only a drill of two desks needs it

    people = drills.members(desk)
    with side_by_side.DrillServer() as server:
        side_by_side.share_first(desk, server)
        with side_by_side.SecondDesk(server, desk.center_name) as second:
            second.ended.connect(application.quit)
            try:
                program.use(look_at(desk))
                mark_gui_thread(threading.get_ident())
                start_feed()
                window = program.open_window()
                side_by_side.place(window, side_by_side.LEFT, application.primaryScreen())
                program.show_work(window, people.clinician)
                return application.exec()
            finally:
                program.close()


def _pictures(
    application: QApplication,
    program: Program,
    desk: Desk,
    words: argparse.Namespace,
    start_feed: Callable[[], None],
) -> int:
    """Two desks that share, both in this program, walked through; pictures of both are saved."""
    from console.app import side_by_side
    from console.app.two_desks_tour import TwoDesksTour

    with side_by_side.DrillServer() as server, ExitStack() as ends:
        side_by_side.share_first(desk, server)
        there = side_by_side.second_desk(SystemClock(), server.url, server.code(desk.center_name, "operations"))
        other = Program(application, there.store.home, Settings(theme="dark"))
        ends.callback(_close, other, there)
        ends.callback(program.close)
        program.use(look_at(desk))
        other.use(look_at(there))
        mark_gui_thread(threading.get_ident())
        start_feed()
        clinician = program.show_work(program.open_window(), drills.members(desk).clinician)
        dispatcher = other.show_work(other.open_window(), drills.members(there).dispatcher)
        return TwoDesksTour(clinician, dispatcher, (program, other), words.screenshots).run(server)
