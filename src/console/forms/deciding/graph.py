"""In which order enablement is decided, so that a condition finds its question decided already.

An item waits for the items its conditions look at and for the item it stands in. Where items wait for each other in a
circle (real forms do this), the circle is decided from top to bottom: what stands earlier counts only when it is
enabled, what stands later counts as answered. The result depends on the form alone, never on the order of the answers,
and it always ends.
"""

from collections.abc import Mapping, Sequence


def decision_order(waits_for: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The keys of ``waits_for`` (in document order) so that what an item waits for comes before it, circles aside.

    Tarjan's strongly connected components (1972), without recursion: a form may chain hundreds of questions.
    """
    position = {link_id: place for place, link_id in enumerate(waits_for)}
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    ordered: list[str] = []
    for root in waits_for:
        if root in number:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            node, next_edge = work.pop()
            if next_edge == 0:
                number[node] = lowest[node] = len(number)
                stack.append(node)
                on_stack.add(node)
            descended = False
            targets = waits_for[node]
            for edge in range(next_edge, len(targets)):
                target = targets[edge]
                if target not in number:
                    work += [(node, edge + 1), (target, 0)]
                    descended = True
                    break
                if target in on_stack:
                    lowest[node] = min(lowest[node], number[target])
            if descended:
                continue
            if lowest[node] == number[node]:
                circle = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    circle.append(member)
                    if member == node:
                        break
                ordered += sorted(circle, key=position.__getitem__)
            if work:
                parent = work[-1][0]
                lowest[parent] = min(lowest[parent], lowest[node])
    return tuple(ordered)
