"""An id makes a retry harmless: the same content again changes nothing, other content is refused, no id is special."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.asking import new_book
from tests.properties.well_formed import entry_ids
from tests.strategies import Content

OPENING: list[Content] = [
    {"type": "company", "company": "A", "name": "A", "on": "2019-01-01"},
    {"type": "appointment", "holder": "director-1", "position": "director", "on": "2019-04-10"},
]
REFUSED: Content = {"type": "death", "holder": "nobody", "on": "2019-04-11"}


def appointed(number: int, entry_id: str) -> Content:
    content = {"type": "appointment", "holder": f"director-{number}", "position": "director", "on": "2019-04-10"}
    return content | {"id": entry_id}


@given(
    st.lists(entry_ids, min_size=1, max_size=3, unique=True),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 3)), max_size=12),
)
def test_lines_with_ids_are_recorded_once(ids: Sequence[str], tried: Sequence[tuple[int, int, int]]) -> None:
    """Through any mix of new ones, retries, other contents and refusals, in one call that keeps going."""
    lines, expected, first = [*OPENING], [1, 2], dict[str, tuple[int, int]]()
    version, told = 2, list[int | str]()
    for which, number, refused in tried:
        entry_id = ids[which % len(ids)]
        if refused == 0:
            lines.append(REFUSED)
            told.append("unknown-holder")
            continue
        if refused == 1 and entry_id not in first:
            lines.append({**REFUSED, "id": entry_id})  # an id is not taken by a refusal
            told.append("unknown-holder")
            continue
        lines.append(appointed(number, entry_id))
        if entry_id not in first:
            version += 1
            first[entry_id] = (version, number)
        told.append(first[entry_id][0] if first[entry_id][1] == number else "id-reused")
    outcome = new_book().record(lines, actor="hr", keep_going=True)
    found = [line.version if line.error is None else line.error.code for line in outcome.lines]
    assert found == [*expected, *told]
    assert outcome.version == version
