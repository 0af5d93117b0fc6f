"""Hypothesis looks for the shortest story of work and faults after which something is lost, doubled or different."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.support.simulation import Simulation

DESKS = 3


class Sharing(RuleBasedStateMachine):
    """Desks at work with a server, and everything that can happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sharing-"))
        self.simulation = Simulation(self.folder, 0, desks=DESKS)

    @rule(desk=st.integers(0, DESKS - 1), choice=st.integers(0, 1_000))
    def somebody_enters_something(self, desk: int, choice: int) -> None:
        self.simulation.chance.seed(choice)
        self.simulation.enter(self.simulation.desks[desk])

    @rule(seconds=st.sampled_from((0.01, 0.1, 1.0, 20.0)))
    def time_passes(self, seconds: float) -> None:
        self.simulation.run(seconds)

    @rule(desk=st.integers(0, DESKS - 1))
    def a_connection_breaks(self, desk: int) -> None:
        self.simulation.cut(self.simulation.desks[desk])

    @rule(desk=st.integers(0, DESKS - 1))
    def a_desk_dies_and_starts_again(self, desk: int) -> None:
        self.simulation.kill(self.simulation.desks[desk])

    @rule(desk=st.integers(0, DESKS - 1))
    def a_desks_file_is_copied(self, desk: int) -> None:
        self.simulation.back_up(self.simulation.desks[desk])

    @rule(desk=st.integers(0, DESKS - 1))
    def a_desks_file_is_put_back(self, desk: int) -> None:
        self.simulation.put_back(self.simulation.desks[desk])

    @rule()
    def the_server_is_backed_up(self) -> None:
        self.simulation.backups.append(self.simulation.server.backup())

    @rule(which=st.integers(0, 3))
    def the_server_is_set_back(self, which: int) -> None:
        if which < len(self.simulation.backups):
            self.simulation.set_back(self.simulation.backups[which])

    @rule()
    def a_person_loses_or_gets_rights(self) -> None:
        self.simulation.change_rights()

    @invariant()
    def what_always_holds(self) -> None:
        self.simulation.check_always()

    def teardown(self) -> None:
        try:
            self.simulation.heal()
            self.simulation.check_always()
            self.simulation.check_end()
        finally:
            self.simulation.close()
            shutil.rmtree(self.folder)


TestSharing = Sharing.TestCase
TestSharing.settings = settings(
    parent=settings.default, max_examples=min(settings.default.max_examples, 300), stateful_step_count=30
)
