"""`rights import` of packages of others: what is recorded and listed, and nothing twice; also what pyocf writes."""

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyocf.captable import Captable
from pyocf.enums.compensationtype import CompensationType
from pyocf.objects import issuer, stakeholder, stockclass, stockplan
from pyocf.objects.transactions.exercise.equitycompensationexercise import EquityCompensationExercise
from pyocf.objects.transactions.issuance.equitycompensationissuance import EquityCompensationIssuance
from pyocf.objects.transactions.split.stockclasssplit import StockClassSplit

from tests.cli.terminal import Rights
from tests.exchange import packages_of_others
from tests.exchange.packages_of_others import ONE_COMPANY, archive, exercise, files_of, option, split

OBJECTS = (*ONE_COMPANY, option("s1", "a", "2000"), split("2", "1", "2023-01-01"), exercise("s1", "1600", "2023-06-01"))


def test_a_package_is_shown_and_recorded_and_what_is_left_is_listed(new_ledger: Rights, folder: Path) -> None:
    archive(folder, files_of(*OBJECTS))
    told = new_ledger("import", "package.ocf.zip")
    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    assert lines[lines.index("Not taken over:") + 1] == (
        "  sheet stakeholders.ocf.json, row 2: STAKEHOLDER (b): holds no rights that are taken over; nothing of such a "
        "person is kept"
    )
    assert "5 entries recorded, 0 already there; the particulars of 1 kept" in told.out
    again = json.loads(new_ledger("import", "package.ocf.zip", "--json").out)
    assert [each["was_there"] for each in again["entries"]] == [True] * 5
    held = json.loads(new_ledger("holdings", "--as-of", "2023-06-01", "--json").out)
    assert [(row["holder"], row["shares"]) for row in held["rows"]] == [("a", 2400)]


def test_a_problem_is_told_with_its_place_and_nothing_is_recorded(new_ledger: Rights, folder: Path) -> None:
    archive(folder, files_of(*ONE_COMPANY, option("s1", "a", "some")))
    told = new_ledger("import", "package.ocf.zip")
    says = (
        "sheet transactions.ocf.json, row 1, column quantity: TX_EQUITY_COMPENSATION_ISSUANCE issue-s1: some is no "
        'plain number; digits are needed, with at most one point: "1000" or "0.25"'
    )
    assert says in told.err.splitlines()[0]
    assert "there is 1 problem, and nothing was recorded" in told.err.splitlines()[-1]
    assert told.code == 2
    assert json.loads(new_ledger("history", "--json").out)["rows"] == []


@pytest.mark.parametrize("is_zip", [True, False])
def test_a_package_that_pyocf_wrote_is_read(new_ledger: Rights, folder: Path, *, is_zip: bool) -> None:
    """Two people with 3,000 and 500 options; 3:2 makes 4,500 and 750; 1,500 exercised leave 3,000."""
    table = Captable(
        stakeholders=[
            stakeholder.Stakeholder(id=each, name={"legal_name": each}, stakeholder_type="INDIVIDUAL")
            for each in ("tanaka", "suzuki")
        ],
        stock_classes=[
            stockclass.StockClass(
                id="common",
                name="Common",
                class_type="COMMON",
                default_id_prefix="CS-",
                initial_shares_authorized="1000000",
                votes_per_share="1",
                seniority="1",
            )
        ],
        stock_plans=[
            stockplan.StockPlan(
                id="plan", plan_name="Plan", initial_shares_reserved="10000", stock_class_ids=["common"]
            )
        ],
        transactions=[
            *(
                EquityCompensationIssuance(
                    id=f"issue-{holder}",
                    date=date(2024, 4, 1),
                    security_id=f"security-{holder}",
                    stakeholder_id=holder,
                    custom_id=f"ES-{holder}",
                    security_law_exemptions=[],
                    compensation_type=CompensationType.ENUM_OPTION,
                    quantity=quantity,
                    exercise_price={"amount": "150", "currency": "JPY"},
                    stock_plan_id="plan",
                    expiration_date=date(2034, 3, 31),
                    termination_exercise_windows=[],
                )
                for holder, quantity in (("tanaka", "3000"), ("suzuki", "500"))
            ),
            StockClassSplit(
                id="split",
                date=date(2024, 7, 1),
                stock_class_id="common",
                split_ratio={"numerator": "3", "denominator": "2"},
            ),
            EquityCompensationExercise(
                id="exercise",
                date=date(2024, 8, 1),
                security_id="security-tanaka",
                quantity="1500",
                resulting_security_ids=["shares"],
            ),
        ],
    )
    of = issuer.Issuer(id="issuer", legal_name="K.K. Pyocf", formation_date=date(2020, 1, 1), country_of_formation="JP")
    table.save("pyocf.ocf.zip", issuer=of)
    with ZipFile("pyocf.ocf.zip") as packed:
        packed.extractall("pyocf")
    told = new_ledger("import", "pyocf.ocf.zip" if is_zip else "pyocf")
    assert (told.code, told.err) == (0, "")
    assert "6 entries recorded, 0 already there; the particulars of 2 kept" in told.out
    held = json.loads(new_ledger("holdings", "--as-of", "2024-08-01", "--json").out)["rows"]
    assert [(row["holder"], row["shares_per_right"], row["shares"]) for row in held] == [
        ("suzuki", 3, 750),
        ("tanaka", 3, 3000),
    ]


@pytest.mark.skipif(
    not packages_of_others.SHARED.is_dir(), reason="the samples of the format do not lie beside the clone"
)
@pytest.mark.parametrize(("sample", "entries"), [("ocf-samples", 2), ("options-tutorial", 4)])
def test_the_samples_of_the_format_are_recorded(new_ledger: Rights, sample: str, entries: int) -> None:
    told = json.loads(new_ledger("import", str(packages_of_others.SHARED / sample), "--json").out)
    assert (len(told["entries"]), told["version"]) == (entries, entries)
