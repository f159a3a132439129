"""Calls that cannot be understood: exit 2 and one sentence that shows the way, or one JSON document."""

import pytest

from tests.cli.terminal import Rights

EXERCISE = ("exercise", "--series", "7", "--holder", "director-1")
NO_DAY = "is no day of the calendar; days are written YYYY-MM-DD"

CALLS = {
    ("frob",): "no such command 'frob'; `rights --help` shows the options",
    ("db", "frob"): "no such command 'frob'; `rights db --help` shows the options",
    ("--frob",): "no such option '--frob'; `rights --help` shows the options",
    ("history", "--frob"): "no such option '--frob'",
    ("holdings", "--serie", "7"): "no such option '--serie'. Did you mean '--series'?",
    ("holdings", "extra"): "got unexpected extra argument (extra); `rights holdings --help` shows the options",
    ("record",): "missing argument 'FILE'; `rights record --help` shows the options",
    ("exercise",): "missing option '--series'; `rights exercise --help` shows the options",
    (*EXERCISE, "--on", "2018-07-02"): "missing option '--rights'; `rights exercise --help` shows the options",
    (*EXERCISE, "--rights", "1"): "missing option '--on'; `rights exercise --help` shows the options",
    (*EXERCISE, "--on", "2018-07-02", "--rights", "1.5"): "invalid value for '--rights': '1.5' is not a valid integer",
    (*EXERCISE, "--on", "2018-07-02", "--rights", "one"): "invalid value for '--rights': 'one' is not a valid integer",
    (*EXERCISE, "--on", "2018-07-02", "--rights", "1e3"): "invalid value for '--rights': '1e3' is not a valid integer",
    (*EXERCISE, "--rights", "1", "--on", "2 July 2018"): f"invalid value for '--on': 2 July 2018 {NO_DAY}",
    ("depart", "--holder", "h", "--on", "2018-07-02", "--cause", "boredom"): "invalid value for '--cause': 'boredom'",
    ("depart", "--holder", "h", "--on", "3000-01-01"): (
        "`on` is 3000-01-01, out of range; days are YYYY-MM-DD, from 1868-01-01 to 2999-12-31"
    ),
    ("holdings", "--as-of", "2018-02-30"): f"invalid value for '--as-of': 2018-02-30 {NO_DAY}",
    ("holdings", "--as-of", "20180228"): f"invalid value for '--as-of': 20180228 {NO_DAY}",
    ("holdings", "--as-of", "2018-W09-3"): f"invalid value for '--as-of': 2018-W09-3 {NO_DAY}",
    ("holdings", "--as-of", "２０１８-02-28"): f"invalid value for '--as-of': ２０１８-02-28 {NO_DAY}",
    ("holdings", "--as-of", ""): f"invalid value for '--as-of':  {NO_DAY}",
    ("eligibility", "--on", "today"): f"invalid value for '--on': today {NO_DAY}",
    ("exercises", "--from", "2018"): f"invalid value for '--from': 2018 {NO_DAY}",
    ("series", "--known-at", "2018-06-28T18:00:00"): (
        "invalid value for '--known-at': 2018-06-28T18:00:00 is neither a day YYYY-MM-DD nor an instant such as "
        "2018-06-28T18:00:00+09:00"
    ),
    ("series", "--known-at", "now"): "invalid value for '--known-at': now is neither a day",
    ("series", "--known-version", "last"): "invalid value for '--known-version': 'last' is not a valid integer",
    ("history", "--since-version", "-1"): "invalid value for '--since-version': -1 is not in the range x>=0",
    ("retract", "last"): "invalid value for 'VERSION': 'last' is not a valid integer",
    ("retract", "0"): "`retracts` is 0; it is 1 or more",
    ("split", "--company", "IIJ", "--ratio", "0.5", "--record-date", "2024-09-30"): (
        '`ratio`: a ratio is a string, one positive integer or two with a slash: "2", "3/2", "1/10"'
    ),
    ("restructure", "--company", "IIJ", "--kind", "merger", "--on", "2026-04-01"): "missing option '--delivery'",
    ("restructure", "--company", "IIJ", "--kind", "merger", "--on", "2026-04-01", "--delivery"): (
        "a restructuring with `delivery` names its `successor`"
    ),
    (
        "restructure", "--company", "IIJ", "--kind", "merger", "--on", "2026-04-01", "--delivery", "--successor", "HD",
        "--series-map", "7",
    ): "--series-map 7: write OLD=NEW, each OLD once",
    ("init", "--ledger", "a\nb"): "`ledger` holds the unseen character U+000A",
    ("init", "--ledger", "x" * 201): "`ledger` has 201 characters; 1 to 200 are allowed",
}  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), CALLS.items(), ids=[" ".join(call)[:60] for call in CALLS])
def test_the_sentence(small_ledger: Rights, call: tuple[str, ...], sentence: str) -> None:
    told = small_ledger(*call)
    assert told.code == 2
    assert told.sentence.startswith(f"rights: malformed: {sentence}")
    if call[0] != "--frob":
        told = small_ledger(*call, "--json")
        assert told.code == 2
        assert (told.error["code"], told.error["line"]) == ("malformed", None)
        assert told.error["message"].startswith(sentence)
    assert small_ledger("history", "--json").json["known_version"] == 11


def test_an_option_without_its_value(rights: Rights) -> None:
    told = rights("holdings", "--as-of")
    assert told.code == 2
    assert told.sentence.startswith("rights: malformed: option '--as-of' requires an argument")


@pytest.mark.parametrize("call", [(), ("db",)])
def test_without_a_command_the_help_is_shown(rights: Rights, call: tuple[str, ...]) -> None:
    told = rights(*call)
    assert told.code == 2
    assert "Usage: rights" in told.out + told.err
    assert "rights: malformed: ;" not in told.err


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_on_a_pipe_is_no_failure(rights: Rights, flag: str) -> None:
    told = rights("exercise", flag)
    assert (told.code, told.err) == (0, "")
    assert "Usage: rights exercise" in told.out


def test_options_of_the_ledger_stand_after_the_command(rights: Rights) -> None:
    told = rights("--db", "sqlite:///rights.db", "holdings")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: no such option '--db'; `rights --help` shows the options"
    )  # fmt: skip


def test_an_option_that_looks_like_json_is_not_taken_for_it(small_ledger: Rights) -> None:
    told = small_ledger("depart", "--holder", "nobody", "--on", "2021-06-24", "--note", "--json")
    assert told.code == 1
    assert told.sentence.startswith("rights: unknown-holder: ")
