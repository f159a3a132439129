"""What somebody who has just recorded an entry is told: the numbers that follow, and those that are others now."""

import pytest

from tests.cli.terminal import Rights


def lines(told: Rights, *arguments: str) -> list[str]:
    """What a form says after its first line."""
    said = told(*arguments)
    assert (said.code, said.err) == (0, "")
    return said.out.splitlines()[1:]


def test_a_coming_split_says_the_number_of_each_series(demo_ledger: Rights) -> None:
    assert lines(demo_ledger, "split", "--company", "IIJ", "--ratio", "3/2", "--record-date", "2030-03-31") == [
        "Series 2014: 800 → 1,200 shares per right from 2030-04-01.",
        "Series 7: 800 → 1,200 shares per right from 2030-04-01.",
    ]


def test_a_split_that_waits_for_its_meeting_says_from_when_it_may_be_relied_on(demo_ledger: Rights) -> None:
    split = ("split", "--company", "IIJ", "--ratio", "2", "--record-date", "2030-03-31")
    assert lines(demo_ledger, *split, "--meeting-closed-on", "2030-06-27") == [
        "Series 2014: 800 → 1,600 shares per right from 2030-04-01, to be relied on from 2030-06-28; until then 800.",
        "Series 7: 800 → 1,600 shares per right from 2030-04-01, to be relied on from 2030-06-28; until then 800.",
    ]


@pytest.mark.parametrize(("record_date", "meeting"), [("2030-03-31", "2030-03-31"), ("2018-07-31", "2018-08-15")])
def test_a_split_whose_meeting_closes_before_it_takes_effect_or_has_closed_does_not_wait(
    demo_ledger: Rights, record_date: str, meeting: str
) -> None:
    split = ("split", "--company", "IIJ", "--ratio", "2", "--record-date", record_date)
    told = lines(demo_ledger, *split, "--meeting-closed-on", meeting)
    assert told
    assert not any("until then" in line for line in told)


def test_a_late_split_and_its_retraction_say_which_exercises_are_others_now(demo_ledger: Rights) -> None:
    late = lines(demo_ledger, "split", "--company", "IIJ", "--ratio", "3/2", "--record-date", "2018-07-05")
    assert late[2:] == [
        "Exercise of version 47: 2,600 → 3,900 shares, capital ¥2,748,200 → ¥2,748,850, "
        "reserve ¥2,748,200 → ¥2,748,850.",
        "Exercise of version 43: 4,800 → 7,200 shares, capital ¥2,400 → ¥3,600, reserve ¥2,400 → ¥3,600.",
    ]
    assert lines(demo_ledger, "retract", "50") == [
        "Exercise of version 47: 3,900 → 2,600 shares, capital ¥2,748,850 → ¥2,748,200, "
        "reserve ¥2,748,850 → ¥2,748,200.",
        "Exercise of version 43: 7,200 → 4,800 shares, capital ¥3,600 → ¥2,400, reserve ¥3,600 → ¥2,400.",
    ]


def test_a_restructuring_says_what_replaces_what(demo_ledger: Rights) -> None:
    kind = ("restructure", "--company", "IIJ", "--kind", "share-transfer", "--on", "2030-04-01", "--delivery")
    assert lines(demo_ledger, *kind, "--successor", "HD", "--ratio", "1/3") == [
        "Series 2014@HD, replacing 2014: 266 shares per right from 2030-04-01.",
        "Series 7@HD, replacing 7: 266 shares per right from 2030-04-01.",
    ]


def test_a_departure_of_somebody_without_rights_says_so(demo_ledger: Rights) -> None:
    lines(demo_ledger, "appoint", "--holder", "auditor-1", "--position", "auditor", "--on", "2030-04-01")
    assert lines(demo_ledger, "depart", "--holder", "auditor-1", "--on", "2030-06-27") == [
        "auditor-1 has nothing outstanding on 2030-06-27."
    ]


def test_a_history_after_a_version_that_is_not_there_is_refused(demo_ledger: Rights) -> None:
    told = demo_ledger("history", "--since-version", "50")
    assert (told.code, told.sentence) == (
        2,
        "rights: malformed: the ledger iij is at version 49; nothing came after 50",
    )
    assert demo_ledger("history", "--since-version", "49").code == 0


def test_two_forms_of_output_are_one_too_many(demo_ledger: Rights) -> None:
    told = demo_ledger("holdings", "--json", "--csv")
    assert (told.code, told.out) == (2, "")


@pytest.mark.parametrize("pairs", [("7",), ("7=a", "7=b")])
def test_a_series_map_is_written_old_equals_new_each_old_once(demo_ledger: Rights, pairs: tuple[str, ...]) -> None:
    maps = [word for pair in pairs for word in ("--series-map", pair)]
    kind = ("restructure", "--company", "IIJ", "--kind", "merger", "--on", "2030-04-01", "--delivery")
    told = demo_ledger(*kind, "--successor", "HD", *maps)
    assert (told.code, told.sentence) == (
        2,
        f"rights: malformed: --series-map {pairs[-1]}: write OLD=NEW, each OLD once",
    )


def test_a_series_map_replaces_only_what_it_names(demo_ledger: Rights) -> None:
    kind = ("restructure", "--company", "IIJ", "--kind", "share-exchange", "--on", "2030-04-01", "--delivery")
    assert lines(demo_ledger, *kind, "--successor", "HD", "--series-map", "7=HD-1") == [
        "Series HD-1, replacing 7: 800 shares per right from 2030-04-01."
    ]
