"""The names of holders in a package of our own, for the directory of people: the sidecar knows ids alone."""

from collections.abc import Mapping
from typing import Final

from ledger.exchange.packages.exact_json import read_json
from ledger.exchange.packages.ocf_holders import script_of
from ledger.people import Particulars

FILES: Final = ("Stakeholders.ocf.json", "SecurityHoldersFile.jocf.json")
BEFORE_IDS: Final = "holder-"


def named_in(files: Mapping[str, bytes]) -> tuple[tuple[str, Particulars], ...]:
    """Who is named, by id. files: of a package, unchanged since it was written. Where no name was told, the id stands.

    Only the name by which a person is shown is in a package: as he writes it, or in Latin letters.
    """
    found = dict[str, Particulars]()
    for file in FILES:
        value = read_json(files[file]) if file in files else None
        items = value.get("items") if isinstance(value, dict) else None
        for each in items if isinstance(items, list) else ():
            match each:
                case {"id": str(id_), "name": {"legal_name": str(name)}} if id_.startswith(BEFORE_IDS):
                    holder = id_.removeprefix(BEFORE_IDS)
                    if name != holder:
                        found[holder] = {script_of(name): name}
    return tuple(found.items())
