"""Keeps the house tidy: who may import whom, and that nothing was forgotten when something was added."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import ledger
from ledger.cli.commands import KNOWN
from ledger.domain.entries import KINDS, Recorded, Retraction
from ledger.domain.errors import PRECEDENCE
from ledger.domain.timeline import RANKS
from ledger.domain.wellformed import entry_from
from ledger.store.codec import json_of, opened, seal

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
MOST_LINES = 400

APP = "app"
"""The room of the files that lie directly in `ledger`: book, clock, opening …"""

MAY_IMPORT = {
    "domain": {"domain"},
    "projections": {"projections", "domain"},
    "store": {"store", "domain"},
    "valuation": {"valuation", "domain"},
    "proof": {"proof", "store", "domain"},
    "demo": {"demo"},
    APP: {APP, "reports", "proof", "projections", "store", "domain"},
    "backup": {"backup", APP, "proof", "store", "domain"},
    "reports": {"reports", APP, "projections", "domain"},
    "exchange": {"exchange", "reports", APP, "proof", "projections", "store", "domain"},
    "cli": {
        *("cli", "demo", "backup", "exchange", "reports", "proof", "valuation", APP, "projections", "store", "domain"),
    },
}
"""Which rooms each room may know: the arrows point inward, to the pure core (docs/decisions.md)."""

MAY_INSTALL = {
    "domain": {"msgspec", "jpholiday"},
    "projections": {"msgspec"},
    "store": {"msgspec", "sqlalchemy", "alembic", "psycopg", "distributed"},
    "valuation": {"msgspec", "numpy", "scipy"},
    "proof": {"msgspec", "cryptography"},
    "demo": set[str](),
    APP: {"msgspec", "cryptography"},
    "backup": {"msgspec"},
    "reports": {"msgspec", "icalendar", "xlsxwriter"},
    "exchange": {"msgspec", "openpyxl", "defusedxml", "xlsxwriter", "pyarrow"},
    "cli": {"msgspec", "typer", "click", "pyarrow"},
}
"""What is not of the standard library, by room."""

HEAVY = {
    "scipy",
    "numpy",
    "alembic",
    "jpholiday",
    "difflib",
    "psycopg",
    "cryptography",
    "pyarrow",
    "distributed",
    "dask",
    "icalendar",
    "openpyxl",
    "defusedxml",
}
"""Imported inside the function that needs them: every command would pay for what is imported at the top."""

OF_THE_WORLD = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "open", "input", "print"),
    *("time", "os", "sys", "io", "pathlib", "socket", "random", "secrets", "sqlite3", "subprocess", "tempfile"),
}
"""Clock, files, environment, chance: the pure core takes what it needs as arguments."""

INEXACT = {"float", "Decimal", "Numeric", "Float", "decimal", "math", "round"}
LIKENESS = ROOT / "ledger" / "domain" / "spelling.py"
REFUSAL = ROOT / "ledger" / "domain" / "strict_json.py"  # names floats in order to refuse them
"""How alike two names are is a number, but nothing of the ledger."""

SCENARIOS = {
    "company": "company",
    "issue": "issue",
    "pricing": "pricing",
    "allotment": "allotted",
    "appointment": "appointed",
    "departure": "departed",
    "death": "died",
    "inheritance": "inherited",
    "exercise": "exercised",
    "waiver": "waived",
    "transfer": "transferred",
    "split": "split",
    "consolidation": "consolidated",
    "adjustment": "adjusted",
    "acquisition": "acquired",
    "cancellation": "cancelled",
    "restructuring": "restructured",
    "retraction": "retraction",
}
"""What tells of each kind of entry in tests/scenario.py."""


class Import(NamedTuple):
    module: str
    at_the_top: bool


def files(*folders: str, ending: str = ".py") -> list[Path]:
    """Our own files: none of what tools and builds leave behind."""
    found = (path for folder in folders for path in (ROOT / folder).rglob(f"*{ending}"))
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[Import]:
    """Modules that a file imports; of `from ledger import clock`, `ledger.clock`."""
    inside = {
        id(node)
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree(path)):
        match node:
            case ast.Import():
                yield from (Import(alias.name, id(node) not in inside) for alias in node.names)
            case ast.ImportFrom(level=0, module="ledger"):
                yield from (Import(f"ledger.{alias.name}", id(node) not in inside) for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield Import(module, id(node) not in inside)
            case ast.ImportFrom():
                raise AssertionError(f"{shown(path)}:{node.lineno} imports by a relative name")
            case _:
                pass


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "ledger").parts
    return APP if len(parts) == 1 else parts[0]


def room_of_module(module: str) -> str:
    name = module.split(".")[1] if "." in module else ""
    return name if (ROOT / "ledger" / name).is_dir() and name else APP


CODE = files("ledger")
FACES = {ROOT / "ledger" / "__main__.py"}  # the door: it is the command line under another name


@pytest.mark.parametrize("path", [path for path in CODE if path not in FACES], ids=shown)
def test_imports_point_inward(path: Path) -> None:
    room = room_of(path)
    for module, at_the_top in imports(path):
        first = module.split(".")[0]
        if first == "ledger":
            assert room_of_module(module) in MAY_IMPORT[room], f"{room} may not import {module}"
        elif first not in sys.stdlib_module_names:
            assert first in MAY_INSTALL[room], f"{room} may not import {module}"
        assert not (at_the_top and first in HEAVY), f"{module} is heavy: import it in the function that needs it"


@pytest.mark.parametrize("path", files("migrations"), ids=shown)
def test_migrations_never_import_the_package(path: Path) -> None:
    assert "ledger" not in {module.split(".")[0] for module, _ in imports(path)}


def names_used(path: Path) -> set[str]:
    """Names and dotted names that the code uses; `case float():`, which refuses floats, is none."""
    patterns = {id(node.cls) for node in ast.walk(tree(path)) if isinstance(node, ast.MatchClass)}
    found = {module.split(".")[0] for module, _ in imports(path)}
    for node in ast.walk(tree(path)):
        match node:
            case ast.Name() if id(node) not in patterns:
                found.add(node.id)
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                found |= {f"{owner}.{attribute}"}
            case ast.Constant(value=float()):
                found.add("float")
            case _:
                pass
    return found


@pytest.mark.parametrize("path", files("ledger/domain", "ledger/projections"), ids=shown)
def test_the_core_knows_no_world(path: Path) -> None:
    assert not names_used(path) & OF_THE_WORLD


@pytest.mark.parametrize(
    "path", [path for path in files("ledger/domain") if path not in {LIKENESS, REFUSAL}], ids=shown
)
def test_the_rules_reckon_exactly(path: Path) -> None:
    assert not names_used(path) & INEXACT


@pytest.mark.parametrize("path", files("ledger/store", "migrations"), ids=shown)
def test_the_store_keeps_integers_and_text(path: Path) -> None:
    assert not names_used(path) & {"Numeric", "Float", "Double", "REAL", "Decimal", "decimal"}


STANDALONE = ROOT / "ledger" / "proof" / "standalone.py"
"""A program by itself, that knows nothing of the rest."""


@pytest.mark.parametrize("path", [path for path in CODE if room_of(path) != "cli" and path != STANDALONE], ids=shown)
def test_only_the_command_line_prints(path: Path) -> None:
    assert not names_used(path) & {"print", "sys.stdout", "sys.stderr"}


@pytest.mark.parametrize("path", files("ledger", "tests", "migrations"), ids=shown)
def test_no_file_is_long(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines: a file is one room with one job"


def test_folders_of_tests_are_packages() -> None:
    folders = {path.parent for path in files("tests")}
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_name_and_rank(kind: str) -> None:
    """The stored name is written out, and stands in the code once for what writes and once for what reads."""
    type_ = KINDS[kind]
    assert type_.__struct_config__.tag == kind
    assert (type_ in RANKS) == (type_ is not Retraction)
    source = tree(ROOT / "ledger" / "domain" / "entries.py")
    written = [node.value for node in ast.walk(source) if isinstance(node, ast.Constant) and node.value == kind]
    assert len(written) >= 2, f"{kind} is not written out"


def test_every_class_of_entry_is_a_kind() -> None:
    source = tree(ROOT / "ledger" / "domain" / "entries.py")
    classes = {
        node.name
        for node in source.body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Entry" for base in node.bases)
    }
    assert {type_.__name__ for type_ in KINDS.values()} == classes


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sample_with_all_its_fields(kind: str) -> None:
    content = json.loads((SAMPLES / f"{kind}.json").read_text(encoding="utf-8"))
    assert content["type"] == kind
    assert content.keys() == {"type", *KINDS[kind].__struct_encode_fields__}
    entry = entry_from(content)
    row = seal("main", content, entry, version=1, batch=1, recorded_at="2026-11-22T00:12:31.123456Z", actor="hr")
    [(_, recorded)] = opened([row.bytes])
    assert recorded == Recorded(1, 1, row.recorded_at, "hr", entry)
    assert json_of(row.bytes) == content


def test_there_is_no_sample_of_anything_else() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_scenario(kind: str) -> None:
    called = {
        node.func.id
        for path in files("tests/domain")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert SCENARIOS[kind] in called


@pytest.mark.parametrize("code", PRECEDENCE)
def test_every_error_is_in_the_catalogue(code: str) -> None:
    assert code in {path.stem for path in (ROOT / "tests" / "catalogue").iterdir()}


TEXTS = [
    path
    for path in [
        *files("ledger", "tests", "migrations", "docs", ".ci", ending=""),
        *(path for path in sorted(ROOT.iterdir()) if path.is_file()),
    ]
    if path.suffix not in {".db", ".png", ".xlsx", ".pyc"} and not path.name.startswith(".coverage")
]
FOREIGN = re.compile("|".join(rf"(?<![\w.*/])/{folder}/" for folder in ("work", "root", "farm", "home", "Users")))


@pytest.mark.parametrize("path", TEXTS, ids=shown)
def test_nothing_outside_is_named(path: Path) -> None:
    """A clone needs nothing beside it, and says nothing of where it was written."""
    found = FOREIGN.search(path.read_bytes().decode("utf-8", errors="replace"))
    assert found is None, f"{shown(path)} names {found}"


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=shown)
def test_requirements_name_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--hash=sha256:" in text


def loaded_by(statement: str, before: str = "pass") -> set[str]:
    """Modules that a statement loads in a new process, besides those loaded before."""
    asked = f"import sys; {before}; own = {{*sys.modules}}; {statement}; print(*({{*sys.modules}} - own))"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True, cwd=ROOT)
    return set(told.stdout.split())


@pytest.mark.parametrize("module", sorted({known.module for known in KNOWN.values()}))
def test_a_command_starts_without_what_is_heavy(module: str) -> None:
    """Typer's own imports are the measure that ours are held against; it loads difflib."""
    loaded = loaded_by(f"import ledger.cli.{module}", before="import typer")
    assert f"ledger.cli.{module}" in loaded
    assert not {name.partition(".")[0] for name in loaded} & {"sqlalchemy", *HEAVY}


@pytest.mark.parametrize(
    "module", ["domain.windows", "domain.decide", "proof.checkpoint", "store.codec", "store.retry"]
)
def test_a_module_is_loaded_without_the_seam_and_the_database(module: str) -> None:
    assert not loaded_by(f"import ledger.{module}") & {"ledger.book", "ledger.opening", "sqlalchemy"}


def test_the_seam_is_loaded_without_sqlalchemy() -> None:
    loaded = loaded_by("from ledger import open_ledger, Book")
    assert {"ledger.book", "ledger.opening"} <= loaded
    assert not {name.partition(".")[0] for name in loaded} & {"sqlalchemy", "asyncio", *HEAVY}


def test_the_public_names_are_there_when_they_are_asked_for() -> None:
    assert {*ledger.__all__} <= {*dir(ledger)}
    assert [getattr(ledger, name).__name__ for name in ledger.__all__] == ledger.__all__
    with pytest.raises(AttributeError, match="module 'ledger' has no attribute 'nothing'"):
        ledger.nothing  # noqa: B018
