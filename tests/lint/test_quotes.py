"""A quotation of the protocol that is none is found, and so is a demand that no test quotes."""

from tests.lint.quotes import check_quotes, rules

PROTOCOL = """# The protocol

Words like MUST have their meaning.

## What the server is

1. The server MUST count: 1, 2, 3 … without
   a hole. It MAY rest.
2. It is fast.

It stands somewhere.

## Epochs

A desk MUST look
again.
"""
WHOLE = '''
def test_counting():
    """1. The server MUST count: 1, 2, 3 … without a hole."""

def test_looking():
    """What this is about.

    Epochs. A desk MUST … again.
    """

def test_other():
    """3. This is no rule."""
'''


def found(module: str) -> list[tuple[str, int, str]]:
    return list(check_quotes(PROTOCOL, {"tests/test_it.py": module}))


def test_rules_are_found_by_number_and_passages_by_heading() -> None:
    assert rules(PROTOCOL) == {
        "What the server is": "It stands somewhere.",
        "1": "The server MUST count: 1, 2, 3 … without a hole. It MAY rest.",
        "2": "It is fast.",
        "Epochs": "A desk MUST look again.",
    }


def test_true_quotes_of_every_demand_pass() -> None:
    assert found(WHOLE) == []


def test_words_that_the_protocol_does_not_say_are_found_where_they_stand() -> None:
    (wrong,) = found(WHOLE + 'class TestIt:\n    def test(self):\n        """1. It MAY … MUST."""\n')
    assert wrong == ("tests/test_it.py", 15, "docs/sync-protocol.md does not say, in this order, at 1: MUST")


def test_a_demand_that_no_test_quotes_is_found() -> None:
    (missing,) = found(WHOLE.replace("MUST … again", "… again"))
    assert missing[0] == "docs/sync-protocol.md"
    assert missing[2] == "no test quotes what it demands at Epochs: …A desk MUST look again.…"
