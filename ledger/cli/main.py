"""The command `rights`: its commands put together, and every failure as one sentence and an exit code."""

import gc
import io
import itertools
import os
import re
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import click
import typer

from ledger.cli.commands import KNOWN, Commands, loaded
from ledger.cli.render import complain, error_json, say, warn, way_out
from ledger.domain.errors import LedgerError

INTERRUPTED = 130
_HINT: Final = re.compile(r"`rights (?:init|verify|db (?:upgrade|restore|roles))[^`]*`(?! with the same --db)")
"""A command in a sentence that asks a database."""


def show_version(value: object) -> None:
    """Say which version of the program this is, when asked."""
    if value:
        from importlib.metadata import version

        say(f"rights {version('rights-ledger')}")
        raise typer.Exit


app = typer.Typer(
    name="rights",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the list of commands is plain: rich takes longer to load than a question takes
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def options_of_all(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=show_version)
    ] = False,
) -> None:
    """Keep the ledger of stock acquisition rights (新株予約権): append-only, as of any day, as known at any time."""


def main() -> None:
    """Run the command line; the process exits with the contract's code."""
    # A command lives a second and leaves no cycles worth looking for: reading a ledger is twice as fast without.
    gc.disable()
    # Splits multiply without end; a report with a number of thousands of digits is still a report.
    sys.set_int_max_str_digits(0)
    code = run(sys.argv[1:])
    gc.freeze()  # else the interpreter looks for cycles after all, when it ends
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing but a sentence tells of a failure."""
    _mend_streams()
    try:
        code = app(list(arguments), prog_name="rights", standalone_mode=False)
        sys.stdout.flush()
    except LedgerError as error:
        message = _of_the_same_database(error.message + way_out(error), arguments)
        return _failed(arguments, error.code, message, error.exit_code, line=error.line)
    except click.exceptions.NoArgsIsHelpError as error:
        for line in error.format_message().split("\n"):
            say(line)
        return 2
    except click.UsageError as error:
        return _failed(arguments, "malformed", _in_words(error, arguments), 2)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _output_is_gone()
    except SystemExit as exit_:
        # click and rich end this way when nobody reads their output any more; completion ends this way too.
        gone = isinstance(exit_.__context__, BrokenPipeError)
        return _output_is_gone() if gone else int(exit_.code or 0)
    except OSError as error:
        return _failed_file(arguments, error)
    except MemoryError as error:
        error.__traceback__ = error.__context__ = None  # lets go of what took it: a sentence takes some too
        return _failed(arguments, "malformed", "there is not enough memory for all of it; ask or record in parts", 2)
    return code if isinstance(code, int) else 0


def _mend_streams() -> None:
    """See that output can be written: a stream may be closed, or unable to write a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _output_is_gone() -> int:
    """Whoever read our output has seen enough; the interpreter must not complain about it either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _in_words(error: click.UsageError, arguments: Sequence[str]) -> str:
    words = itertools.takewhile(lambda each: not each.startswith("-"), arguments)
    command = error.ctx.command_path if error.ctx is not None else " ".join(["rights", *words])
    message = error.format_message().rstrip(".")
    return f"{message[:1].lower()}{message[1:]}; `{command} --help` shows the options"


def _of_the_same_database(message: str, arguments: Sequence[str]) -> str:
    """A sentence whose hints are of the database that was named, which may be by a password: it is not repeated."""
    is_named = any(each == "--db" or each.startswith("--db=") for each in arguments)
    return _HINT.sub(r"\g<0> with the same --db", message) if is_named else message


def _failed_file(arguments: Sequence[str], error: OSError) -> int:
    if error.filename is None:
        _output_is_gone()
        return _failed(arguments, "malformed", f"the output cannot be written: {error.strerror}", 2)
    return _failed(arguments, "malformed", f"{error.filename}: {error.strerror}", 2)


def _failed(arguments: Sequence[str], code: str, message: str, exit_code: int, *, line: int | None = None) -> int:
    if _wants_json(arguments):
        warn(error_json(code, message, line))
    else:
        where = "" if line is None else f"line {line}: "
        complain(f"rights: {code}: {where}{message}")
    return exit_code


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether --json was given, and not as the value of another option."""
    before = ["", *arguments]
    called = next((each for each in arguments if each in KNOWN), None)
    valued = set() if called is None else _with_value(loaded(called))
    return any(each == "--json" and last not in valued for last, each in zip(before, arguments, strict=False))


def _with_value(command: click.Command) -> set[str]:
    """The options of a command and of those under it that take a value."""
    options = (each for each in command.params if isinstance(each, click.Option) and not each.is_flag)
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return {name for option in options for name in option.opts}.union(*map(_with_value, below))


if __name__ == "__main__":
    main()
