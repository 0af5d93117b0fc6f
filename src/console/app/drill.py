"""A drill: the whole program on an invented city's calls, watermarked, in a store that is thrown away."""

import argparse
import random
import threading
from contextlib import ExitStack, closing
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from console.actions import directory, drills, homes
from console.app.drill_lines import DrillIntake
from console.app.opening import look_at
from console.app.program import Program
from console.app.stopping import asked_to_stop, stay
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
        drill = Drill(program, desk, people, scenario, seed)
        if not words.side_by_side:
            return drill.at_one_desk(words.screenshots)
        return drill.walk_at_two_desks(words.screenshots) if words.screenshots else drill.at_two_desks()


def _close(program: Program, desk: Desk) -> None:
    program.close()
    mark_gui_thread(None)
    if program.desk is None:  # else the program has thrown it away
        homes.throw_away(desk.store)


@dataclass(frozen=True, slots=True)
class Drill:
    """The desk that a person started, and what CAD will tell it."""

    program: Program
    desk: Desk
    people: drills.Cast
    scenario: Scenario
    seed: int

    def begin(self) -> None:
        """Open the desk and start the invented CAD."""
        self.program.use(look_at(self.desk))
        mark_gui_thread(threading.get_ident())
        source = DrillSource(self.scenario, self.desk.center, self.program.clock.now(), seed=self.seed)
        intake = DrillIntake(self.desk, self.people.dispatcher)
        self.program.feed = FeedThread(source, intake, clock=self.program.clock)
        self.program.feed.start()

    def seat(self) -> Frame:
        """The clinician in a window and the dispatcher at the strip."""
        frame = self.program.show_work(self.program.open_window(), self.people.clinician)
        self.program.open_strip(self.people.dispatcher)
        return frame

    def at_one_desk(self, pictures: str | None) -> int:
        """One desk for all; walked through where ``pictures`` are wanted."""
        self.begin()
        frame = self.seat()
        if pictures:
            from console.app.tour import Tour  # late: only a tour needs it

            tour = Tour(self.program, self.people, frame, pictures)
            with asked_to_stop(tour.stop):
                return tour.run()
        return stay(self.program.application)

    def at_two_desks(self) -> int:
        """Two that share: this one is the clinician's. Whichever is closed first ends both, and the server last."""
        from console.app import side_by_side  # late: only a drill of two desks needs it

        with side_by_side.DrillServer() as server:
            side_by_side.share_first(self.desk, server)
            with side_by_side.SecondDesk(server, self.desk.center_name) as second, closing(self.program):
                second.ended.connect(self.program.application.quit)
                self.begin()
                window = self.program.open_window()
                side_by_side.place(window, side_by_side.LEFT, self.program.application.primaryScreen())
                self.program.show_work(window, self.people.clinician)
                return stay(self.program.application)

    def walk_at_two_desks(self, pictures: str) -> int:
        """Two that share, both in this program, walked through; pictures of both are saved."""
        from console.app import side_by_side
        from console.app.two_desks_tour import TwoDesksTour

        with side_by_side.DrillServer() as server, ExitStack() as ends:
            side_by_side.share_first(self.desk, server)
            code = server.code(self.desk.center_name, "operations")
            there = side_by_side.second_desk(SystemClock(), server.url, code)
            other = Program(self.program.application, there.store.home, Settings(theme="dark"))
            ends.callback(_close, other, there)
            ends.callback(self.program.close)
            other.use(look_at(there))
            self.begin()
            clinician = self.program.show_work(self.program.open_window(), self.people.clinician)
            dispatcher = other.show_work(other.open_window(), self.people.dispatcher)
            tour = TwoDesksTour(clinician, dispatcher, (self.program, other), pictures)
            with asked_to_stop(tour.stop):
                return tour.run(server)
