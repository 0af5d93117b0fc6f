"""A drill: the whole program on an invented city's calls, watermarked, in a store that is thrown away."""

import argparse
import random
import threading

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
    scenario = load_scenario(words.scenario)
    seed = words.seed if words.seed is not None else random.SystemRandom().randrange(1, 1_000_000)
    clock = SystemClock()
    desk = homes.drill_desk(clock, drills.CENTER, drills.ZONE)
    program = Program(application, desk.store.home, Settings(theme="dark"))
    try:
        people = drills.cast(desk)
        directory.import_services(desk, people.supervisor, resources() / "directory" / "westside.csv")
        program.use(look_at(desk))
        mark_gui_thread(threading.get_ident())
        frame = begin(program, desk, people, scenario, seed)
        if words.screenshots:
            from console.app.tour import Tour  # late: only a tour needs it

            return Tour(program, people, frame, words.screenshots).run()
        return application.exec()
    finally:
        program.close()
        mark_gui_thread(None)


def begin(program: Program, desk: Desk, people: drills.Cast, scenario: Scenario, seed: int) -> Frame:
    """Start the invented CAD, seat the clinician in a window and the dispatcher at the strip."""
    source = DrillSource(scenario, desk.center, program.clock.now(), seed=seed)
    program.feed = FeedThread(source, DrillIntake(desk, people.dispatcher), clock=program.clock)
    program.feed.start()
    frame = program.show_work(program.open_window(), people.clinician)
    program.open_strip(people.dispatcher)
    return frame
