"""Who is not of a center gets nothing of it and leaves nothing in it, whatever they send."""

from pathlib import Path

from msgspec.structs import replace

from tests.regional.conftest import founded
from tests.regional.desk import Caller
from tests.support.region import ADMINISTRATION, AUDIT, CLINICAL, OPERATIONS, Region
from wire.envelope import uuid7
from wire.frames import plain
from wire.messages import Probe, Pull, Refusal


def test_a_desk_of_another_center_gets_nothing_and_leaves_nothing(region: Region, tmp_path: Path) -> None:
    """8. The server MUST hand a desk no entry of a journal that it was not enrolled for."""
    desk = region.desk()
    region.work(desk, 2)
    region.comes_to_rest()
    stranger = founded(Caller(region.server.url, "southside").enrolled(region.server.code("Southside", "clinical")))
    try:
        for name in (OPERATIONS, CLINICAL, ADMINISTRATION, AUDIT, "nobody/operations"):
            for frame, path in ((Pull(name), "pull"), (Probe(name, (0, 1, 2)), "probe")):
                assert stranger.request(path, plain(frame)).status_code == 403, f"{path} of {name}"
            forged = replace(stranger.entry(journal=name), device=desk.store.device, n=10**6)
            taken = replace(stranger.entry(journal=name), id=desk.order(OPERATIONS)[0][1])
            refusals = {result.refusal for result in stranger.push([forged, taken])}
            assert refusals == {Refusal.JOURNAL}, name
        assert not set(stranger.hello().reads) & {OPERATIONS, CLINICAL, ADMINISTRATION}
        impostor = replace(stranger.entry(), device=desk.store.device, id=uuid7())
        assert [result.refusal for result in stranger.push([impostor])] == [Refusal.PERSON]
    finally:
        stranger.close()
    region.work(desk)
    region.comes_to_rest()
    with desk.store.read() as connection:
        names = set(connection.exec_driver_sql("SELECT DISTINCT journal FROM entry").scalars())
    assert names == {OPERATIONS, CLINICAL, ADMINISTRATION, AUDIT}
