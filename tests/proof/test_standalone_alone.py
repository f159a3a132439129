"""The standalone checker as an auditor runs it: one file, plain Python, plain sentences, three exit codes."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.proof.checker import PACKAGE, STANDALONE
from tests.proof.papers import ENTRIES, KEY, RESTORED, checkpoint, consistency, forged, receipt, sealed, signed


def as_process(folder: Path, *arguments: str, python: str = sys.executable) -> tuple[int, str, str]:
    """Run the checker as an auditor does, without the packages of this environment."""
    done = subprocess.run(
        [python, "-I", "-S", str(STANDALONE), *arguments], cwd=folder, capture_output=True, check=False
    )
    err = done.stderr.decode()
    assert "Traceback" not in err
    return done.returncode, done.stdout.decode(), err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Everything that holds, in files."""
    (tmp_path / "receipt").write_bytes(receipt().rendered())
    (tmp_path / "old").write_bytes(signed(checkpoint(9)).rendered())
    (tmp_path / "new").write_bytes(signed(checkpoint(notes=(RESTORED,))).rendered())
    (tmp_path / "proof").write_bytes(consistency().rendered())
    (tmp_path / "log").write_bytes(b"".join(entry + b"\n" for entry in ENTRIES))
    (tmp_path / "key.pub").write_text(f"{KEY.verifier.text}\n", encoding="utf-8")
    return tmp_path


def test_what_was_proved_is_said(folder: Path) -> None:
    root = checkpoint().text.split("\n")[2]
    code, out, err = as_process(folder, "receipt", "new", "--key", "key.pub")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"receipt: version 7 of rights-ledger/main, under the root below, is {ENTRIES[6].decode()}",
        f"receipt: rights-ledger/main had 20 entries and the root {root}; signed by hr@example.com.",
        f"new: rights-ledger/main had 20 entries and the root {root}; signed by hr@example.com.",
        f"new: it also says: {RESTORED}",
    ]


def test_what_was_not_proved_is_said_too(folder: Path) -> None:
    code, out, _ = as_process(folder, "old", "new")
    assert code == 0
    assert out.count("by whom was not checked, for no --key was given.") == 2
    assert out.splitlines()[-1] == "Not checked: that rights-ledger/main still begins with old; no log or proof."
    assert as_process(folder, "old", "proof")[1].splitlines()[-1] == (
        "proof: rights-ledger/main with 20 entries begins with those of old."
    )
    assert as_process(folder, "old", "log", "new")[1].splitlines()[-1] == (
        "log: rights-ledger/main with 20 entries begins with those of old, new."
    )
    root = checkpoint().text.split("\n")[2]
    assert as_process(folder, "log") == (
        0, f"log: rights-ledger/main with 20 entries has the root {root}; no checkpoint of it was given.\n", ""
    )  # fmt: skip


def test_where_nobody_signed_it_is_said(folder: Path) -> None:
    (folder / "unsigned").write_text(checkpoint().text, encoding="utf-8")
    assert as_process(folder, "unsigned")[1].endswith("; signed by nobody: anybody can have made it.\n")


def test_a_chain_of_proofs_in_any_order(folder: Path) -> None:
    (folder / "first").write_bytes(consistency(4, 9).rendered())
    (folder / "oldest").write_bytes(signed(checkpoint(4)).rendered())
    code, out, err = as_process(folder, "proof", "first", "oldest", "--key", KEY.verifier.text)
    assert (code, err) == (0, "")
    assert "Not checked" not in out


@pytest.mark.parametrize("arguments", [
    (), ("--key",), ("nothing-there",), (".",), ("key.pub",), ("empty",), ("receipt", "--key", "nobody"),
    ("receipt", "--key", "empty"), ("receipt", "--key", "receipt"), ("receipt", "--key", "a+00000000+AAAA"),
    ("receipt", "--key", "\u001b[2J"), ("--what",), ("proof",),
])  # fmt: skip
def test_a_call_that_is_none(folder: Path, arguments: Sequence[str]) -> None:
    (folder / "empty").touch()
    code, _, err = as_process(folder, *arguments)
    assert code == 2
    assert err
    assert "\x1b" not in err


def test_the_worst_is_the_exit_code(folder: Path) -> None:
    (folder / "bad").write_bytes(receipt().rendered().replace(b"index 6", b"index 5"))
    code, out, err = as_process(folder, "nothing-there", "bad", "receipt", "key.pub")
    assert code == 3
    assert out.startswith("receipt: version 7 of ")
    assert [line.split(":")[1] for line in err.splitlines()] == [" NOT CHECKED", " DOES NOT HOLD", " NOT CHECKED"]


def test_nothing_moves_the_cursor(folder: Path) -> None:
    content = {"type": "departure", "holder": "a", "on": "2018-06-28", "note": "\u202e\u009b2J\u3000株"}
    entry = sealed(content, 1)
    hostile = forged(entry, 1)
    (folder / "hostile").write_bytes(hostile.rendered())
    (folder / "spoofed").write_bytes(signed(checkpoint(notes=("\u202eold: signed by \u0085you",))).rendered())
    code, out, _ = as_process(folder, "hostile", "spoofed")
    assert code == 0
    assert '"note":"\\u202e\\u009b2J\u3000株","on"' in out
    assert "spoofed: it also says: \\u202eold: signed by \\u0085you" in out


def test_a_terminal_of_another_language_is_no_reason_to_fail(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", str(STANDALONE), "receipt"],
        cwd=folder, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u53d6\\u7de0\\u5f79-7" in done.stdout


def test_it_runs_on_the_oldest_python_it_names(folder: Path) -> None:
    source = STANDALONE.read_text(encoding="utf-8")
    assert "Needs Python 3.9 or newer" in source
    ast.parse(source, feature_version=(3, 9))
    old = shutil.which("python3.9")
    if old is None or subprocess.run([old, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip("there is no Python 3.9 here")
    names = ("old", "new", "receipt", "proof", "log", "--key", "key.pub")
    assert as_process(folder, *names, python=old) == as_process(folder, *names)


def test_it_can_be_read_in_a_sitting_and_stands_alone() -> None:
    source = STANDALONE.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, ast.Import | ast.ImportFrom):
            names = [each.module or ""] if isinstance(each, ast.ImportFrom) else [alias.name for alias in each.names]
            assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_the_package_never_imports_it() -> None:
    for path in PACKAGE.rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in each.names] if isinstance(each, ast.Import | ast.ImportFrom) else []
            module = (each.module or "") if isinstance(each, ast.ImportFrom) else ""
            assert not any("standalone" in name.split(".") for name in [*names, *module.split(".")]), path
