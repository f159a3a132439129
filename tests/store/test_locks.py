"""A process that opens one SQLite ledger twice keeps its locks, and with them what was acknowledged."""

import subprocess
import sys
from pathlib import Path

from ledger import open_ledger
from tests.cli.terminal import REPOSITORY
from tests.scenario import appointed

OTHER = (
    "import sys\n"
    "from ledger import open_ledger\n"
    "with open_ledger(sys.argv[1], 'main') as book:\n"
    "    print(book.history().known_version)\n"
)


def seen_by_another(url: str) -> int:
    """The version that another process sees, which takes itself for the last when it closes the file."""
    done = subprocess.run([sys.executable, "-c", OTHER, url], cwd=REPOSITORY, check=True, capture_output=True)
    return int(done.stdout)


def test_what_was_acknowledged_stays_when_a_ledger_is_opened_again(tmp_path: Path) -> None:
    """Whoever closes a descriptor of the file drops the locks of all (POSIX); another process then removes the log."""
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    with open_ledger(url, "main", create=True) as first, open_ledger(url, "main"):
        for version in range(1, 4):
            assert first.record([appointed("2020-01-01", holder=f"holder-{version}")], actor="hr").version == version
            assert seen_by_another(url) == version
            assert (tmp_path / "rights.db-wal").exists()
            with open_ledger(url, "main") as second:
                assert second.history().known_version == version
