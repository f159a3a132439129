"""`rights value` beyond the price: greeks, the volatility that a price implies, grids as CSV."""

import csv
import io
import re
import subprocess

import pytest

from tests.cli.terminal import BIN, Rights, environment

NOTICE = {
    "--share-price": "2422", "--exercise-price": "1", "--term": "15", "--volatility": "0.45", "--rate": "0.00978",
    "--dividend": "22", "--shares-per-right": "200",
}  # fmt: skip


def words(*without: str, **changed: str) -> list[str]:
    """The call of the notice of 2014."""
    given = {**NOTICE, **{f"--{name.replace('_', '-')}": value for name, value in changed.items()}}
    return ["value", *(word for name, value in given.items() if name not in without for word in (name, value))]


def test_greeks_beside_the_price(rights: Rights) -> None:
    price = rights(*words()).out
    told = rights(*words(), "--greeks")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"{price}\nGreeks of the option on one share\nGreek  Value")
    assert "\ndelta  0.8726235097            yen for one yen of share price; the dividend yield stays\n" in told.out
    assert told.out.endswith("\npsi    -31702.41211            yen for a dividend yield more by 1, which is 100 %\n")


def test_greeks_in_json(rights: Rights) -> None:
    told = rights(*words(), "--greeks", "--json")
    assert list(told.json) == ["option_price", "price_per_share", "price_per_right", "greeks"]
    assert list(told.json["greeks"]) == ["delta", "gamma", "vega", "theta", "rho", "psi", "note"]
    assert (told.json["greeks"]["rho"], told.json["greeks"]["note"]) == ("12.95127827", None)


def test_a_greek_that_does_not_exist(rights: Rights) -> None:
    call = words(exercise_price="2422", term="0", rate="0", dividend="0")
    told = rights(*call, "--greeks")
    for name in ("delta", "gamma", "theta"):
        assert re.search(rf"^{name}  does not exist  yen |^{name}  does not exist  delta ", told.out, re.MULTILINE)
    assert re.search(r"^vega   0               yen ", told.out, re.MULTILINE)
    assert told.out.endswith(
        "\n\nWhere σ or T is 0 and the present values of the share and of its exercise price are equal, the price has "
        "a kink: a greek that depends on the side, or is infinite, does not exist.\n"
    )
    greeks = rights(*call, "--greeks", "--json").json["greeks"]
    assert [name for name in greeks if greeks[name] is None] == ["delta", "gamma", "theta"]
    assert greeks["note"].startswith("where σ or T is 0")


def test_the_volatility_that_a_price_implies(rights: Rights) -> None:
    told = rights(*words("--volatility", "--shares-per-right", price="2112.630722"))
    assert (told.code, told.err) == (0, "")
    first, second = told.out.splitlines()
    assert re.fullmatch(
        r"0\.45005[0-9]{7} a year is the volatility at which the option price is ¥2,112\.630722 a share \(item 12\)\.",
        first,
    )
    assert re.fullmatch(r"The price is the same to six decimals from 0\.44980[0-9]{7} to 0\.45030[0-9]{7}\.", second)


def test_the_implied_volatility_in_json_and_its_greeks(rights: Rights) -> None:
    call = words("--volatility", "--shares-per-right", price="2112.630722")
    told = rights(*call, "--json")
    assert list(told.json) == ["volatility", "lowest", "highest"]
    with_greeks = rights(*call, "--greeks", "--json").json
    assert list(with_greeks) == ["volatility", "lowest", "highest", "greeks"]
    again = rights(*words(volatility=told.json["volatility"]), "--greeks", "--json").json
    assert again["option_price"] == "2112.630722"
    assert again["greeks"] == with_greeks["greeks"]
    assert "\nGreeks of the option on one share\n" in rights(*call, "--greeks").out


def test_a_price_that_no_volatility_gives(rights: Rights) -> None:
    told = rights(*words("--volatility", price="2112"))
    assert told.code == 2
    assert told.sentence == (
        "rights: malformed: `price` is 2112; no volatility gives it: the option price is from 2112.630681167020, "
        "which is max(F - K, 0), to below 2113.494234171482, which is F"
    )


def test_a_grid(rights: Rights) -> None:
    told = rights(*words("--volatility", "--share-price"), "--grid", "share-price=2400:2500:2,volatility=0.45:0.5:2")
    assert (told.code, told.err) == (0, "")
    assert told.out.replace("\r\n", "\n").splitlines()[:2] == [
        "share_price,volatility,option_price",
        "2400,0.45,2090.818929",
    ]
    for row in csv.DictReader(io.StringIO(told.out, newline="")):
        alone = rights(*words(share_price=row["share_price"], volatility=row["volatility"]), "--json")
        assert alone.json["option_price"] == row["option_price"]


def test_each_row_of_a_grid_ends_as_a_row_does() -> None:
    """As bytes, over more than one block: RFC 4180."""
    call = [str(BIN / "rights"), *words("--share-price"), "--grid", "share-price=1000:5000:70000"]
    out = subprocess.run(call, env=environment(), capture_output=True, check=True).stdout
    assert out.count(b"\r\n") == out.count(b"\n") == 70_001
    assert out.endswith(b"\r\n")
    assert b"\n\r\n" not in out


def test_a_reader_of_a_grid_may_stop() -> None:
    """Ten million rows are printed as they come, so that the first are there at once."""
    call = [str(BIN / "rights"), *words("--share-price"), "--grid", "share-price=1000:5000:10000000"]
    with subprocess.Popen(call, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"share_price,option_price\r\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


CALLS = {
    "value without": (words("--volatility"), "missing option '--volatility'; `rights value --help` shows the options"),
    "without shares": (
        words("--shares-per-right"),
        "missing option '--shares-per-right'; `rights value --help` shows the options",
    ),
    "price and volatility": (
        words(price="2112"),
        "--price asks for the volatility at which that is the option price: leave --volatility out",
    ),
    "price without term": (
        words("--volatility", "--term", price="2112.7"),
        "missing option '--term'; `rights value --help` shows the options",
    ),
    "grid and greeks": (
        [*words("--volatility", grid="volatility=0.1:0.5:5"), "--greeks"],
        "--grid prints prices as CSV, and nothing else: leave --greeks out",
    ),
    "grid and price": (
        words("--volatility", grid="volatility=0.1:0.5:5", price="2112"),
        "--grid prints prices as CSV, and nothing else: leave --price out",
    ),
    "grid without term": (
        words("--volatility", "--term", grid="volatility=0.1:0.5:5"),
        "term is neither in the grid nor given; give --term",
    ),
    "too many points": (
        words("--volatility", grid="volatility=0.1:0.5:10000001"),
        "the grid has 10,000,001 points; it has at most 10,000,000",
    ),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_that_cannot_be_answered(rights: Rights, case: str) -> None:
    call, sentence = CALLS[case]
    told = rights(*call)
    assert (told.code, told.sentence) == (2, f"rights: malformed: {sentence}")


def test_a_grid_is_no_json(rights: Rights) -> None:
    told = rights(*words("--volatility", grid="volatility=0.1:0.5:5"), "--json")
    assert told.code == 2
    assert told.error["message"] == "--grid prints prices as CSV, and nothing else: leave --json out"
