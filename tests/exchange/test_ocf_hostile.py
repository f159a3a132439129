"""Packages that are broken, or meant to do harm: always one sentence or a list of problems, never anything else."""

import io
import json
import os
import re
import stat
import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from ledger import open_ledger
from ledger.domain.errors import EvidenceError, MalformedError
from ledger.exchange import zips
from ledger.exchange.packages import ocf_package, sidecar
from ledger.exchange.packages.ocf_package import is_package
from ledger.exchange.packages.ocf_reading import package_plan
from ledger.exchange.plan import Place, Plan
from ledger.exchange.taking import take
from tests.exchange.packages_of_others import (
    ISSUER,
    ONE_COMPANY,
    Given,
    Json,
    archive,
    files_of,
    folder,
    left,
    option,
    planned,
    split,
    stakeholder,
)

GRANT = option("s1", "a", "2000")
FILES = files_of(*ONE_COMPANY, GRANT)
PLAN_KINDS = ["company", "issue", "allotment"]


def kinds(plan: Plan) -> list[str]:
    return [each.entry["type"] for each in plan.entries]


def refused(file: Path) -> str:
    with pytest.raises(MalformedError) as refusal:
        package_plan(file)
    return refusal.value.message


# Archives and folders.


def test_an_archive_that_leads_outside_is_refused(tmp_path: Path) -> None:
    assert refused(archive(tmp_path, {**FILES, "../../evil.ocf.json": b"{}"})) == (
        "the file ../../evil.ocf.json in the archive leads outside the archive"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["package.ocf.zip"]


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    made = archive(tmp_path, FILES)
    link = ZipInfo("more.ocf.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(made, "a") as opened:
        opened.writestr(link, "/etc/passwd")
    assert "is a symbolic link" in refused(made)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three million spaces in a few thousand bytes, of which the headers say that they are one."""
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made:
        made.writestr("Manifest.ocf.json", b" " * 3_000_000)
    lying = bytearray(content.getvalue())
    for place in (lying.index(b"PK\x03\x04") + 22, lying.index(b"PK\x01\x02") + 24):
        lying[place : place + 4] = struct.pack("<L", 1)
    bomb = tmp_path / "bomb.ocf.zip"
    bomb.write_bytes(lying)
    assert re.search("damaged|cannot be unpacked", refused(bomb))
    monkeypatch.setattr(zips, "MOST_PACKED", 1_000)
    assert refused(bomb) == "the archive has more than 1,000 bytes"


def test_a_folder_with_a_link_is_refused(tmp_path: Path) -> None:
    made = folder(tmp_path, FILES)
    (tmp_path / "secret.json").write_text("{}")
    (made / "more.ocf.json").symlink_to(tmp_path / "secret.json")
    assert refused(made) == "more.ocf.json in package is a symbolic link or no plain file"
    (made / "more.ocf.json").unlink()
    (made / "all").symlink_to(tmp_path)
    assert refused(made) == "all in package is a symbolic link or no plain file"


@pytest.mark.parametrize("bound", ["MOST_MEMBERS", "MOST_UNPACKED"])
def test_a_folder_that_is_larger_than_any_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    made = folder(tmp_path, FILES)
    most = {"MOST_MEMBERS": len(FILES), "MOST_UNPACKED": sum(map(len, FILES.values()))}[bound]
    monkeypatch.setattr(ocf_package, bound, most)
    assert kinds(package_plan(made)) == PLAN_KINDS
    monkeypatch.setattr(ocf_package, bound, most - 1)
    assert refused(made).startswith("package holds more than ")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    made = folder(tmp_path, FILES)
    os.mkfifo(made / "more.ocf.json")
    assert refused(made) == "more.ocf.json in package is a symbolic link or no plain file"
    assert not is_package(made / "more.json")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.ocf.zip", b"PK\x03\x04 cut off", "it is no zip archive, or a damaged one"),
        ("x.ocf.zip", b"Subject: hello", "is neither a zip archive nor JSON"),
        ("x.ocf.zip", b"", "is neither a zip archive nor JSON"),
        ("x.ocf.json", b'{"a": 1}', "is no package in an open cap format: no file in it has a `file_type` of one"),
        ("x.ocf.json", b"[]", "is no package in an open cap format: no file in it has a `file_type` of one"),
    ],
)
def test_what_is_no_package_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert says in refused(tmp_path / name)


def test_what_is_not_there_and_what_is_empty_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(Path("nowhere.ocf.zip")) == "there is no file nowhere.ocf.zip"
    assert "holds no JSON file" in refused(folder(tmp_path, {"readme.txt": b"nothing"}))


def test_archives_folders_and_single_files_are_packages_and_tables_are_not(tmp_path: Path) -> None:
    book = tmp_path / "register.xlsx"
    with ZipFile(book, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    (tmp_path / "register.csv").write_text("holder,rights\n")
    (tmp_path / "T.json").write_bytes(b"\xef\xbb\xbf {}")
    packages = [archive(tmp_path, FILES, "export.zip"), folder(tmp_path, FILES), tmp_path / "T.json"]
    assert [is_package(each) for each in packages] == [True] * 3
    assert [is_package(each) for each in (book, tmp_path / "register.csv", tmp_path / "no.xlsx")] == [False] * 3


# JSON.


def in_place_of_transactions(content: bytes) -> dict[str, bytes]:
    return {**FILES, "transactions.ocf.json": content}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "it is not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        (b"\xff\xfe{", "byte 1 is not UTF-8"),
        (
            b'{"items": [], "items": []}',
            "the key `items` stands twice in one object; which counts is not known",
        ),
        (b'{"items": [NaN]}', "NaN is no number that JSON knows"),
        (b'{"items": [-Infinity]}', "-Infinity is no number that JSON knows"),
        (b"[" * 100_000, "it is nested deeper than 64 levels"),
        (b'{"items": ' + b"[" * 65 + b"]" * 65 + b"}", "it is nested deeper than 64 levels"),
        (b'{"items": ["\\ud800"]}', "a text in it holds half of a surrogate pair"),
    ],
)
def test_a_file_that_cannot_be_read_exactly_is_a_problem(tmp_path: Path, content: bytes, says: str) -> None:
    plan = package_plan(folder(tmp_path, in_place_of_transactions(content)))
    assert [(each.place, each.says) for each in plan.problems] == [(Place("transactions.ocf.json"), says)]


def test_the_deepest_nesting_is_read(tmp_path: Path) -> None:
    """An object, and 64 lists in it."""
    content = b'{"file_type": "OCF_TRANSACTIONS_FILE", "items": ' + b"[" * 64 + b"]" * 64 + b"}"
    plan = package_plan(folder(tmp_path, in_place_of_transactions(content)))
    assert [each.place for each in plan.problems] == [Place("transactions.ocf.json", 1)]


@pytest.mark.parametrize(("day", "is_read"), [("1868-01-01", False), ("1868-01-02", True)])
def test_the_first_day_has_a_day_before_it(given: Given, day: str, *, is_read: bool) -> None:
    """A split has the day before as its record date, and the ledger begins on 1 January 1868."""
    plan = given.plan(split("2", "1", day))
    assert [each["record_date"] for each in planned(plan, "split")] == (["1868-01-01"] if is_read else [])
    assert len(plan.problems) == (0 if is_read else 1)


def test_a_file_of_another_shape_is_a_problem(tmp_path: Path) -> None:
    plan = package_plan(folder(tmp_path, in_place_of_transactions(b'{"file_type": "OCF_TRANSACTIONS_FILE"}')))
    assert [str(each) for each in plan.problems] == ["sheet transactions.ocf.json, column items: is no list of objects"]
    content = b'{"file_type": "OCF_TRANSACTIONS_FILE", "items": [7, {"object_type": 7}, {}]}'
    plan = package_plan(folder(tmp_path, in_place_of_transactions(content)))
    assert [str(each) for each in plan.problems] == ["sheet transactions.ocf.json, row 1: 7 is no object"]
    assert [each for each in left(plan) if "object_type" in each] == [
        "an object without a type (transactions.ocf.json#3): it says no `object_type`"
    ]


@pytest.mark.parametrize(
    ("number", "rights"),
    [("2000", 2000), ("2000.0", 2000), ("9007199254740991", 2**53 - 1), ("9" * 5_000, None), ("1e999999999", None)],
)
def test_numbers_are_read_as_they_are_written(tmp_path: Path, number: str, rights: int | None) -> None:
    """As JSON numbers, which the format does not have: a float would turn 2⁵³ − 1 into another number."""
    content = FILES["transactions.ocf.json"].replace(b'"2000"', number.encode())
    assert content != FILES["transactions.ocf.json"]
    plan = package_plan(folder(tmp_path, in_place_of_transactions(content)))
    assert [each["rights"] for each in planned(plan, "allotment")] == ([] if rights is None else [rights])
    assert [each.place.column for each in plan.problems] == ([] if rights is not None else ["quantity"])


def test_what_nobody_sees_is_escaped_wherever_it_is_told(tmp_path: Path) -> None:
    odd = {"object_type": "ODD\u202e\x1b[2J", "id": "odd\x07\n"}
    plan = package_plan(folder(tmp_path, files_of(*ONE_COMPANY, GRANT, odd)))
    assert "ODD\\u202e\\u001b[2J (odd\\u0007\\u000a): this kind of object is not known" in left(plan)


# Manifests.


def with_manifest(**changes: object) -> dict[str, bytes]:
    manifest = {**json.loads(FILES["Manifest.ocf.json"]), **changes}
    return {**FILES, "Manifest.ocf.json": b"\xef\xbb\xbf" + json.dumps(manifest).encode()}


def test_a_manifest_is_not_needed(tmp_path: Path) -> None:
    files = {name: content for name, content in FILES.items() if name != "Manifest.ocf.json"}
    plan = package_plan(archive(tmp_path, files, "rei.ocf.zip", inside="a/b/"))
    assert (kinds(plan), plan.problems) == (PLAN_KINDS, ())
    assert planned(plan, "company")[0]["company"] == "rei"
    assert left(plan)[:2] == [
        "the package has no manifest: its files are told by their `file_type`",
        "no issuer is named; the company is called rei",
    ]


def test_what_a_manifest_says_wrongly_is_told_and_the_files_are_read(tmp_path: Path) -> None:
    changes: Json = {
        "ocf_version": "7.0",
        "transactions_files": [{"filepath": ".\\TRANSACTIONS.ocf.json", "md5": "0" * 32}],
        "stakeholders_files": [{"file": "x"}],
        "valuations_files": [{"filepath": "../../../x.json"}],
        "stock_plans_files": "none",
    }
    plan = package_plan(folder(tmp_path, with_manifest(**changes)))
    assert (kinds(plan), plan.problems) == (PLAN_KINDS, ())
    assert sorted(str(each) for each in plan.left_out if each.place.sheet == "Manifest.ocf.json") == [
        "sheet Manifest.ocf.json, column ocf_version: it is written in version 7.0; it is read as version 1.2.0",
        "sheet Manifest.ocf.json, column stakeholders_files: it names a file without a `filepath`",
        "sheet Manifest.ocf.json, column transactions_files: .\\TRANSACTIONS.ocf.json is not what it was when the "
        "manifest was written: its MD5 differs",
        "sheet Manifest.ocf.json, column valuations_files: it names ../../../x.json, which the package does not hold",
    ]
    assert [str(each) for each in plan.left_out if "it is read all the same" in each.says] == [
        f"sheet {name}.ocf.json: the manifest does not name it; it is read all the same"
        for name in ("stakeholders", "stock_plans")
    ]


def test_transactions_that_are_missing_stop_the_import(tmp_path: Path) -> None:
    plan = package_plan(folder(tmp_path, with_manifest(transactions_files=[{"filepath": "./more.ocf.json"}])))
    assert [str(each) for each in plan.problems] == [
        "sheet Manifest.ocf.json, column transactions_files: it names ./more.ocf.json, which the package does not hold"
    ]


def test_several_files_of_a_kind_and_several_manifests(tmp_path: Path) -> None:
    second = json.dumps({"file_type": "OCF_STAKEHOLDERS_FILE", "items": [stakeholder("c")]}).encode()
    more = files_of(option("s2", "c", "5"))
    files = {**FILES, "more.ocf.json": second, **{f"old/{name}": content for name, content in more.items()}}
    plan = package_plan(folder(tmp_path, files))
    assert {each["holder"]: each["rights"] for each in planned(plan, "allotment")} == {"a": 2000, "c": 5}
    assert "a second manifest is not read: Manifest.ocf.json is nearer the top" in left(plan)


@pytest.mark.parametrize(
    ("formed", "on"),
    [("1066-10-14", "2022-01-01"), ("2021-12-31", "2021-12-31"), ("2030-01-01", "2022-01-01"), (None, "2022-01-01")],
)
def test_a_company_is_there_before_its_first_fact(given: Given, formed: str | None, on: str) -> None:
    plan = given.plan(GRANT, issuer={**ISSUER, "formation_date": formed})
    assert [each["on"] for each in planned(plan, "company")] == [on]


# Our own packages.


def test_a_sidecar_is_the_ledger_itself_unless_another_file_was_changed(tmp_path: Path, given: Given) -> None:
    book = given.taken(package_plan(folder(tmp_path, FILES)))
    stored = tuple(line.rstrip(b"\n") for line in book.export())
    own = {**FILES, sidecar.NAME: sidecar.written(sidecar.Sidecar("main", stored, "2025-01-01"), FILES)}
    plan = package_plan(archive(tmp_path, own, inside="rei/"))
    assert plan == Plan(sealed=stored)
    with open_ledger(f"sqlite:///{tmp_path}/again.db", "main", create=True) as again:
        assert take(again, plan, actor="tests").outcome.version == len(stored)
    own["transactions.ocf.json"] += b" "
    with pytest.raises(EvidenceError, match=r"transactions\.ocf\.json was changed after both were written"):
        package_plan(folder(tmp_path, own, "changed"))


def test_a_file_of_more_values_than_any_package_has_is_a_problem(tmp_path: Path) -> None:
    """Twelve megabytes of empty objects would be hundreds in memory."""
    (tmp_path / "x.ocf.json").write_bytes(b'{"items": [' + b"{}," * 2_000_001 + b"{}]}")
    plan = package_plan(tmp_path / "x.ocf.json")
    assert [each.says for each in plan.problems] == ["it has more than 4,000,000 values: split it"]
