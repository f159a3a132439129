"""`rights record`: a batch or line by line, its answer, its refusals and its exit codes."""

from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import Rights, json_lines
from tests.scenario import allotted, appointed, company, departed, exercised, issue, retraction

UNLAWFUL = departed("2016-01-01", "nobody")
LAWFUL = appointed("2019-04-01", holder="officer-1")


def version_of(rights: Rights) -> int:
    version: int = rights("history", "--json").json["known_version"]
    return version


def test_a_batch(new_ledger: Rights) -> None:
    told = new_ledger("record", "-", "--json", given=json_lines(company(), issue(), allotted(24)))
    assert told.code == 0
    assert told.err == ""
    assert told.out == (
        '{\n  "ledger": "main",\n  "version": 3,\n  "size": 3,\n'
        f'  "root": "{told.json["root"]}",\n  "lines": [\n'
        '    {\n      "line": 1,\n      "version": 1\n    },\n'
        '    {\n      "line": 2,\n      "version": 2\n    },\n'
        '    {\n      "line": 3,\n      "version": 3\n    }\n  ]\n}\n'
    )


def test_a_file_for_people(new_ledger: Rights, folder: Path) -> None:
    (folder / "entries.jsonl").write_bytes(json_lines(company(), issue()))
    assert new_ledger("record", "entries.jsonl") == (
        0, "2 entries recorded, 0 already there, 0 refused; ledger main is at version 2.\n", ""
    )  # fmt: skip


def test_empty_lines_are_counted_and_skipped(new_ledger: Rights) -> None:
    given = b"\n" + json_lines(company()) + b"  \t\r\n\n" + json_lines(issue()).replace(b"\n", b"\r\n") + b"\n"
    answer = new_ledger("record", "-", "--json", given=given).answer
    assert answer == {"ledger": "main", "version": 2, "lines": [{"line": 2, "version": 1}, {"line": 5, "version": 2}]}


def test_a_last_line_without_its_line_feed(new_ledger: Rights) -> None:
    assert new_ledger("record", "-", "--json", given=json_lines(company()).rstrip()).json["version"] == 1


@pytest.mark.parametrize("given", [b"", b"\n\n", b" \n"])
def test_nothing_is_a_batch_too(new_ledger: Rights, given: bytes) -> None:
    told = new_ledger("record", "-", "--json", given=given)
    assert (told.code, told.answer) == (0, {"ledger": "main", "version": 0, "lines": []})


def test_a_refused_batch_prints_nothing_on_standard_output_and_records_nothing(small_ledger: Rights) -> None:
    given = json_lines(LAWFUL) + b"\n" + json_lines(UNLAWFUL)
    told = small_ledger("record", "-", given=given)
    assert (told.code, told.out) == (1, "")
    assert told.sentence == (
        "rights: unknown-holder: line 3: nobody is not known on 2016-01-01; a holder is known by an allotment, an "
        "appointment, an inheritance or a transfer effective by that day"
    )
    told = small_ledger("record", "-", "--json", given=given)
    assert told.code == 1
    assert (told.error["code"], told.error["line"]) == ("unknown-holder", 3)
    assert version_of(small_ledger) == len(SMALL)


def test_the_first_unlawful_entry_in_timeline_order_is_told(small_ledger: Rights) -> None:
    later, earlier = exercised("2018-07-09", 1), exercised("2018-06-28", 1)
    assert small_ledger("record", "-", "--json", given=json_lines(later, earlier)).error["line"] == 2


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_a_contradiction_has_no_line(small_ledger: Rights, flags: tuple[str, ...]) -> None:
    told = small_ledger("record", "-", "--json", *flags, given=json_lines(LAWFUL, retraction(7)))
    assert (told.code, told.error["code"], told.error["line"]) == (1, "contradiction", None)
    sentence = small_ledger("record", "-", *flags, given=json_lines(LAWFUL, retraction(7))).sentence
    assert sentence.startswith(
        "rights: contradiction: with this, version 8, the exercise recorded for 2018-07-02, would be unlawful: "
        "outside-exercise-window: director-1 cannot exercise series 7 on 2018-07-02: the window opens on the day after "
        "leaving (item 11(2): "
    )
    assert sentence.endswith("; retract it first, or together with this")
    assert version_of(small_ledger) == len(SMALL)


def test_keep_going_names_what_is_contradicted(small_ledger: Rights) -> None:
    told = small_ledger("record", "-", "--json", "--keep-going", given=json_lines(retraction(7), LAWFUL))
    refused, recorded = told.json["lines"]
    assert list(refused) == ["line", "error"]
    assert list(refused["error"]) == ["code", "message", "contradicts"]
    assert (refused["line"], refused["error"]["code"], refused["error"]["contradicts"]) == (1, "contradiction", 8)
    assert recorded == {"line": 2, "version": 12}
    assert (told.code, told.err) == (1, "")


@pytest.mark.parametrize(("bad", "code", "exit_code"), [
    (json_lines(UNLAWFUL), "unknown-holder", 1),
    (b"[]\n", "malformed", 2),
    (b'{"type": "grant"}\n', "unknown-type", 2),
])  # fmt: skip
def test_keep_going_records_the_other_lines(small_ledger: Rights, bad: bytes, code: str, exit_code: int) -> None:
    given = json_lines(LAWFUL) + bad + b"\n" + json_lines(appointed("2019-05-01", holder="officer-1"))
    told = small_ledger("record", "-", "--json", "--keep-going", given=given)
    first, refused, last = told.json["lines"]
    assert (first, last) == ({"line": 1, "version": 12}, {"line": 4, "version": 13})
    assert (refused["line"], refused["error"]["code"], refused["error"]["contradicts"]) == (2, code, None)
    assert told.json["version"] == 13
    assert (told.code, told.err) == (exit_code, "")
    assert version_of(small_ledger) == 13


def test_keep_going_for_people(small_ledger: Rights) -> None:
    given = json_lines(LAWFUL, UNLAWFUL) + b"x\n"
    told = small_ledger("record", "-", "--keep-going", given=given)
    assert told.code == 2
    assert told.out == "1 entry recorded, 0 already there, 2 refused; ledger main is at version 12.\n"
    assert [line.partition(": line ")[0] for line in told.err.splitlines()] == [
        "rights: unknown-holder", "rights: malformed",
    ]  # fmt: skip


def test_every_line_of_keep_going_is_a_batch_of_its_own(small_ledger: Rights) -> None:
    told = small_ledger("record", "-", "--json", "--keep-going", given=json_lines(LAWFUL, retraction(12)))
    assert told.json["lines"] == [{"line": 1, "version": 12}, {"line": 2, "version": 13}]
    told = small_ledger("record", "-", "--json", given=json_lines(LAWFUL, retraction(14)))
    assert (told.code, told.error["code"], told.error["line"]) == (1, "nothing-to-retract", 2)


def test_a_dry_run_answers_the_versions_that_would_be_given(small_ledger: Rights) -> None:
    told = small_ledger("record", "-", "--json", "--dry-run", given=json_lines(LAWFUL, retraction(11)))
    assert told == (0, told.out, "")
    now = small_ledger("history", "--json").json
    assert told.json == {
        "ledger": "main", "version": 13, "size": 11, "root": now["root"],
        "lines": [{"line": 1, "version": 12}, {"line": 2, "version": 13}],
    }  # fmt: skip
    assert version_of(small_ledger) == len(SMALL)
    told = small_ledger("record", "-", "--dry-run", given=json_lines(LAWFUL))
    assert told.out == "1 entry would be recorded, 0 already there, 0 refused; ledger main would be at version 12.\n"


def test_a_dry_run_that_keeps_going(small_ledger: Rights) -> None:
    told = small_ledger("record", "-", "--json", "--dry-run", "--keep-going", given=json_lines(UNLAWFUL, LAWFUL))
    refused, lawful = told.json["lines"]
    assert (told.code, refused["error"]["code"], lawful) == (1, "unknown-holder", {"line": 2, "version": 12})
    assert version_of(small_ledger) == len(SMALL)


def test_the_expected_version(small_ledger: Rights) -> None:
    told = small_ledger("record", "-", "--json", "--expect-version", "10", given=json_lines(LAWFUL))
    assert (told.code, told.error["code"]) == (1, "stale-version")
    assert told.error["message"].startswith("the ledger main is at version 11, not at 10")
    assert version_of(small_ledger) == len(SMALL)
    told = small_ledger("record", "-", "--json", "--expect-version", "11", given=json_lines(LAWFUL))
    assert (told.code, told.json["version"]) == (0, 12)


def test_a_retry_by_id_records_nothing_again(small_ledger: Rights) -> None:
    given = json_lines({**LAWFUL, "id": "hr-1"}, {**appointed("2019-05-01", holder="officer-1"), "id": "hr-2"})
    first = small_ledger("record", "-", "--json", given=given)
    again = small_ledger("record", "-", "--json", given=given)
    assert first.json["lines"] == [{"line": 1, "version": 12}, {"line": 2, "version": 13}]
    assert again == first
    half = small_ledger(
        "record", "-", "--json", given=given + json_lines({**UNLAWFUL, "holder": "officer-1", "on": "2020-01-01"})
    )
    assert half.json["lines"] == [*first.json["lines"], {"line": 3, "version": 14}]
    assert version_of(small_ledger) == 14


@pytest.mark.parametrize("expected", ["0", "11", "12", "999"])
@pytest.mark.parametrize("flags", [(), ("--dry-run",), ("--keep-going",)])
def test_a_batch_that_is_all_there_succeeds_under_any_expected_version(
    small_ledger: Rights, expected: str, flags: tuple[str, ...]
) -> None:
    given = json_lines({**LAWFUL, "id": "hr-1"})
    assert small_ledger("record", "-", given=given).code == 0
    told = small_ledger("record", "-", "--json", "--expect-version", expected, *flags, given=given)
    assert (told.code, told.json["lines"], told.json["version"]) == (0, [{"line": 1, "version": 12}], 12)


def test_the_order_of_keys_is_not_content(small_ledger: Rights) -> None:
    entry = {**LAWFUL, "id": "hr-1"}
    assert small_ledger("record", "-", given=json_lines(entry)).code == 0
    turned = dict(reversed(entry.items()))
    assert small_ledger("record", "-", "--json", given=json_lines(turned)).json["lines"] == [{"line": 1, "version": 12}]


def test_an_id_with_other_content(small_ledger: Rights) -> None:
    assert small_ledger("record", "-", given=json_lines({**LAWFUL, "id": "hr-1"})).code == 0
    told = small_ledger("record", "-", "--json", given=json_lines(UNLAWFUL, {**LAWFUL, "id": "hr-1", "note": "again"}))
    assert (told.code, told.error["code"], told.error["line"]) == (1, "id-reused", 2)
    assert "hr-1" in told.error["message"]
    assert "version 12" in told.error["message"]


def test_an_id_stays_taken_after_a_retraction_and_not_after_a_refusal(small_ledger: Rights) -> None:
    assert small_ledger("record", "-", given=json_lines({**LAWFUL, "id": "hr-1"})).code == 0
    assert small_ledger("record", "-", given=json_lines(retraction(12))).code == 0
    changed = json_lines({**LAWFUL, "id": "hr-1", "on": "2019-04-02"})
    assert small_ledger("record", "-", "--json", given=changed).error["code"] == "id-reused"
    assert small_ledger("record", "-", given=json_lines({**UNLAWFUL, "id": "hr-2"})).code == 1
    assert small_ledger("record", "-", given=json_lines({**LAWFUL, "id": "hr-2"})).code == 0


@pytest.mark.parametrize(("given", "expected", "code", "line"), [
    (json_lines(UNLAWFUL) + b'{"type": "grant"}\n[]\n', "0", "unknown-type", 2),
    (json_lines(UNLAWFUL) + b'[]\n{"type": "grant"}\n', "0", "malformed", 2),
    (json_lines(UNLAWFUL, {**LAWFUL, "id": "taken", "on": "2019-04-02"}), "0", "id-reused", 2),
    (json_lines(UNLAWFUL, retraction(99)), "0", "stale-version", None),
    (json_lines(UNLAWFUL, retraction(99)), "12", "nothing-to-retract", 2),
])  # fmt: skip
def test_what_is_told_before_the_rules(
    small_ledger: Rights, given: bytes, expected: str, code: str, line: int | None
) -> None:
    assert small_ledger("record", "-", given=json_lines({**LAWFUL, "id": "taken"})).code == 0
    error = small_ledger("record", "-", "--json", "--expect-version", expected, given=given).error
    assert (error["code"], error["line"]) == (code, line)


def test_a_retraction_and_its_replacement_go_in_together(small_ledger: Rights) -> None:
    told = small_ledger("record", "-", "--json", given=json_lines(retraction(7), departed("2018-06-27")))
    assert (told.code, told.json["version"]) == (0, 13)
    rows = small_ledger("history", "--since-version", "6", "--json").json["rows"]
    assert (rows[0]["version"], rows[0]["retracted_by"]) == (7, 12)


def test_who_recorded(new_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    def last_actor() -> str:
        actor: str = new_ledger("history", "--json").json["rows"][-1]["actor"]
        return actor

    assert new_ledger("record", "-", "--actor", "法務部", given=json_lines(company("A"))).code == 0
    assert last_actor() == "法務部"
    assert new_ledger("record", "-", given=json_lines(company("B"))).code == 0
    assert last_actor() == "hr"
    monkeypatch.delenv("RIGHTS_ACTOR")
    assert new_ledger("record", "-", given=json_lines(company("C"))).code == 0
    user, at, host = last_actor().partition("@")
    assert user and at and host
    told = new_ledger("record", "-", "--actor", "\x1b[31m", given=json_lines(company("D")))
    assert (told.code, told.sentence) == (2, "rights: malformed: `actor` holds the unseen character U+001B")


def test_a_form_answers_as_a_batch_of_one(small_ledger: Rights) -> None:
    told = small_ledger(
        "appoint", "--holder", "officer-1", "--position", "auditor", "--on", "2019-04-01", "--json", "--id", "x"
    )
    assert told.answer == {"ledger": "main", "version": 12, "lines": [{"line": 1, "version": 12}]}
    told = small_ledger("depart", "--holder", "nobody", "--on", "2019-04-01", "--json")
    assert (told.code, told.error["code"], told.error["line"]) == (1, "unknown-holder", None)
    told = small_ledger("depart", "--holder", "nobody", "--on", "2019-04-01")
    assert told.sentence.startswith("rights: unknown-holder: nobody is not known on 2019-04-01; ")


def test_a_form_takes_what_every_entry_may_carry(small_ledger: Rights) -> None:
    form = (
        "depart",
        "--holder",
        "officer-1",
        "--on",
        "2021-06-24",
        "--id",
        "hr-9",
        "--source",
        "議事録",
        "--note",
        "x",
    )
    assert small_ledger(*form, "--expect-version", "11").code == 0
    told = small_ledger(*form, "--expect-version", "3")
    assert (told.code, told.out) == (0, "Already there as version 12 of ledger main; nothing was recorded anew.\n")
    (row,) = small_ledger("history", "--since-version", "11", "--json").json["rows"]
    assert row["entry"] == {
        "type": "departure", "holder": "officer-1", "on": "2021-06-24", "id": "hr-9", "source": "議事録", "note": "x",
    }  # fmt: skip


def test_two_ledgers_of_one_database_do_not_touch(rights: Rights) -> None:
    record_at("2021-04-01T09:30:00+09:00", SMALL)
    assert rights("init", "--ledger", "other").code == 0
    told = rights("record", "-", "--ledger", "other", "--json", given=json_lines(company()))
    assert told.answer == {"ledger": "other", "version": 1, "lines": [{"line": 1, "version": 1}]}
    assert rights("history", "--ledger", "main", "--json").json["known_version"] == len(SMALL)
