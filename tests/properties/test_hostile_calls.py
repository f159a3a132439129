"""Whatever is typed, a command ends with one of the contract's exit codes, and one that fails has written nothing."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import mutations, seeds, targets

dice = st.integers(0, 2**32 - 1).map(Random)
CALLS = tuple(seeds.calls())


@pytest.fixture(scope="module")
def command_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[targets.CommandLine]:
    folder = tmp_path_factory.mktemp("calls")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in targets.settings_in(folder).items():
            patch.setenv(name, value)
        patch.chdir(folder)
        yield targets.CommandLine(folder)


@settings(max_examples=150)
@given(dice)
def test_a_call_that_is_nearly_right(command_line: targets.CommandLine, dice: Random) -> None:
    found = dice.choice(CALLS)
    for _ in range(dice.randint(1, 4)):
        found = mutations.changed_call(found, dice)
    command_line(found)


@settings(max_examples=40)
@given(st.lists(st.text() | st.sampled_from(mutations.WORDS), max_size=6))
def test_a_call_of_anything(command_line: targets.CommandLine, words: list[str]) -> None:
    command_line(b"\0".join(word.encode(errors="surrogateescape") for word in words))


@pytest.mark.parametrize("call", CALLS)
def test_the_calls_of_the_seeds(command_line: targets.CommandLine, call: bytes) -> None:
    command_line(call)
