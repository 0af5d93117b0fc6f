"""The order in which enablement is decided."""

from hypothesis import given
from hypothesis import strategies as st

from console.forms.deciding.graph import decision_order


def test_what_is_waited_for_comes_first() -> None:
    assert decision_order({"a": ("b",), "b": ("c",), "c": ()}) == ("c", "b", "a")


def test_circles_stay_in_document_order() -> None:
    assert decision_order({"x": ("c",), "a": ("b",), "b": ("c",), "c": ("a",), "s": ("s",)}) == (
        "a",
        "b",
        "c",
        "x",
        "s",
    )


@given(st.integers(1, 12).flatmap(lambda n: st.tuples(
    st.just(n), st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30))))  # fmt: skip
def test_order_on_any_graph(drawn: tuple[int, set[tuple[int, int]]]) -> None:
    size, edges = drawn
    waits = {str(n): tuple(str(b) for a, b in sorted(edges) if a == n) for n in range(size)}
    order = decision_order(waits)
    assert sorted(order, key=int) == list(waits)
    reach = {node: {node} for node in waits}
    for _ in waits:
        for node in waits:
            reach[node] |= {end for step in waits[node] for end in reach[step]}
    for node, targets in waits.items():
        for target in targets:
            if node not in reach[target]:
                assert order.index(target) < order.index(node)
