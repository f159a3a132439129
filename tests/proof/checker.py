"""The standalone checker, as a file and as a module."""

import importlib.util
from pathlib import Path
from types import ModuleType

import ledger

PACKAGE = Path(ledger.__file__).parent
STANDALONE = PACKAGE / "proof" / "standalone.py"


def loaded() -> ModuleType:
    """The checker as a module, for the many vectors that a process each would be too slow for."""
    spec = importlib.util.spec_from_file_location("standalone", STANDALONE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODULE = loaded()
