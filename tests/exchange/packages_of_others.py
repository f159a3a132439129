"""Packages of others, as their programs write them: objects by kind, put into files, a folder or an archive."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from ledger import Book, open_ledger
from ledger.exchange.packages.ocf_reading import package_plan
from ledger.exchange.plan import Plan
from ledger.exchange.taking import take

Json = dict[str, Any]
SHARED = Path(__file__).parents[3] / "shared" / "ocf"
"""The samples of the format, where they lie beside the clone."""

FILES = {
    "STAKEHOLDER": "stakeholders",
    "STOCK_CLASS": "stock_classes",
    "STOCK_PLAN": "stock_plans",
    "VESTING_TERMS": "vesting_terms",
}
ISSUER: Json = {
    "object_type": "ISSUER",
    "id": "issuer",
    "legal_name": "Kabushiki Kaisha Rei",
    "formation_date": "2001-04-01",
    "country_of_formation": "JP",
}


def stakeholder(id_: str, *relationships: str, **more: Any) -> Json:
    name = {"legal_name": more.pop("name", f"Person {id_.upper()}")}
    held = {"current_relationships": list(relationships)} if relationships else {}
    return {"object_type": "STAKEHOLDER", "id": id_, "name": name, "stakeholder_type": "INDIVIDUAL", **held, **more}


def stock_class(id_: str = "common", kind: str = "COMMON", name: str = "Common Stock") -> Json:
    return {"object_type": "STOCK_CLASS", "id": id_, "name": name, "class_type": kind}


def plan(id_: str = "plan", stock_class_id: str = "common", name: str = "2022 Plan") -> Json:
    return {"object_type": "STOCK_PLAN", "id": id_, "plan_name": name, "stock_class_ids": [stock_class_id]}


def yen(amount: str) -> Json:
    return {"amount": amount, "currency": "JPY"}


def tx(kind: str, id_: str, on: str, **fields: Any) -> Json:
    return {"object_type": f"TX_{kind}", "id": id_, "date": on, **fields}


def option(security: str, holder: str, quantity: str, on: str = "2022-01-01", **more: Any) -> Json:
    fields = {
        "security_id": security,
        "custom_id": f"ES-{security}",
        "stakeholder_id": holder,
        "stock_plan_id": "plan",
        "compensation_type": "OPTION_NSO",
        "quantity": quantity,
        "exercise_price": yen("100"),
        "expiration_date": "2031-12-31",
        "termination_exercise_windows": [],
    }
    return tx("EQUITY_COMPENSATION_ISSUANCE", f"issue-{security}", on, **{**fields, **more})


def split(new: str, old: str, on: str, stock_class_id: str = "common", id_: str = "split") -> Json:
    ratio = {"numerator": new, "denominator": old}
    return tx("STOCK_CLASS_SPLIT", id_, on, stock_class_id=stock_class_id, split_ratio=ratio)


def exercise(security: str, quantity: str, on: str, id_: str = "exercise") -> Json:
    made = {"resulting_security_ids": ["shares"]}
    return tx("EQUITY_COMPENSATION_EXERCISE", id_, on, security_id=security, quantity=quantity, **made)


def cancellation(security: str, quantity: str, on: str, id_: str = "cancellation", **more: Any) -> Json:
    fields = {"security_id": security, "quantity": quantity, "reason_text": "left", **more}
    return tx("EQUITY_COMPENSATION_CANCELLATION", id_, on, **fields)


def transfer(security: str, quantity: str, on: str, resulting: Iterable[str], **more: Any) -> Json:
    fields = {"security_id": security, "quantity": quantity, "resulting_security_ids": list(resulting), **more}
    return tx("EQUITY_COMPENSATION_TRANSFER", "transfer", on, **fields)


def status(holder: str, new: str, on: str, id_: str = "status") -> Json:
    fields = {"stakeholder_id": holder, "new_status": new, "date": on}
    return {"object_type": "CE_STAKEHOLDER_STATUS", "id": id_, **fields}


def relationship(holder: str, on: str, id_: str = "relationship", **changes: str) -> Json:
    fields = {"stakeholder_id": holder, "date": on, **changes}
    return {"object_type": "CE_STAKEHOLDER_RELATIONSHIP", "id": id_, **fields}


def files_of(*objects: Json, issuer: Json | None = ISSUER) -> dict[str, bytes]:
    """The files of a package with a manifest that is right."""
    by_file = dict[str, list[Json]]()
    for each in objects:
        by_file.setdefault(FILES.get(each["object_type"], "transactions"), []).append(each)
    files = {
        f"{name}.ocf.json": json.dumps({"file_type": f"OCF_{name.upper()}_FILE", "items": items}).encode()
        for name, items in by_file.items()
    }
    manifest: Json = {"ocf_version": "1.2.0", "file_type": "OCF_MANIFEST_FILE", "as_of": "2025-01-01"}
    for name in by_file:
        path = f"{name}.ocf.json"
        sum_ = md5(files[path], usedforsecurity=False).hexdigest()
        manifest[f"{name}_files"] = [{"filepath": f"./{path}", "md5": sum_}]
    if issuer is not None:
        manifest["issuer"] = issuer
    return {"Manifest.ocf.json": json.dumps(manifest).encode(), **files}


def folder(where: Path, files: Mapping[str, bytes], name: str = "package") -> Path:
    made = where / name
    for path, content in files.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_bytes(content)
    return made


def archive(where: Path, files: Mapping[str, bytes], name: str = "package.ocf.zip", inside: str = "") -> Path:
    with ZipFile(where / name, "w") as made:
        for path, content in files.items():
            made.writestr(inside + path, content)
    return where / name


ONE_COMPANY = (stock_class(), plan(), stakeholder("a", "EMPLOYEE"), stakeholder("b", "EMPLOYEE"))
"""Common shares, a plan, and two people who hold nothing yet."""


def read(where: Path, *objects: Json, issuer: Json | None = ISSUER) -> Plan:
    """The plan of a package of these objects, and of one company with a plan and two people."""
    return package_plan(folder(where, files_of(*ONE_COMPANY, *objects, issuer=issuer)))


def book_of(where: Path, plan_: Plan) -> Book:
    """A new ledger that holds the plan."""
    book = open_ledger(f"sqlite:///{where}/ledger.db", "main", create=True)
    take(book, plan_, actor="tests")
    return book


def shares_on(book: Book, *days: str) -> list[dict[str, int]]:
    """The shares that each holder's outstanding rights deliver, on some days."""
    found = list[dict[str, int]]()
    for day in days:
        held = dict[str, int]()
        for row in book.holdings(as_of=date.fromisoformat(day)):
            if row.outstanding:
                held[row.holder] = held.get(row.holder, 0) + row.shares
        found.append(held)
    return found


def planned(plan_: Plan, *kinds: str) -> list[Json]:
    """The entries of some kinds, without what only says where they come from."""
    return [
        {key: value for key, value in each.entry.items() if key not in {"id", "source"}}
        for each in plan_.entries
        if each.entry["type"] in kinds
    ]


def left(plan_: Plan) -> list[str]:
    """What is not taken over, in words, without the places."""
    return [each.says for each in plan_.left_out]


class Given:
    """A package, and the ledger that it makes."""

    def __init__(self, where: Path) -> None:
        self._where = where
        self._books = list[Book]()

    def plan(self, *objects: Json, issuer: Json | None = ISSUER) -> Plan:
        return read(self._where, *objects, issuer=issuer)

    def book(self, *objects: Json) -> Book:
        plan_ = self.plan(*objects)
        assert plan_.problems == ()
        return self.taken(plan_)

    def taken(self, plan_: Plan) -> Book:
        self._books.append(book_of(self._where, plan_))
        return self._books[-1]

    def close(self) -> None:
        for each in self._books:
            each.close()
