"""The command `rights`: its commands put together, and every failure as one sentence and an exit code."""

import gc
import os
import sys
from collections.abc import Sequence

import click
import typer

from ledger.cli.ask import add_questions
from ledger.cli.batch import add_record
from ledger.cli.demo import add_demo
from ledger.cli.keep import add_keeping
from ledger.cli.record import add_forms
from ledger.cli.render import error_json, warn
from ledger.cli.value import add_value
from ledger.domain.errors import LedgerError

INTERNAL_ERROR = 4
INTERRUPTED = 130

app = typer.Typer(
    name="rights",
    help="A ledger of stock acquisition rights (新株予約権): append-only, as of any day, as known at any time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
add_record(app)
add_forms(app)
add_questions(app)
add_value(app)
add_keeping(app)


def main() -> None:
    """Run the command line; the process exits with the contract's code."""
    # A command lives a second and leaves no cycles worth looking for: reading a ledger is twice as fast without.
    gc.disable()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing but a sentence tells of a failure."""
    try:
        code = app(list(arguments), prog_name="rights", standalone_mode=False)
        sys.stdout.flush()
    except LedgerError as error:
        return _failed(arguments, error.code, error.message, error.exit_code, line=error.line)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx is not None else "rights"
        message = f"{error.format_message().rstrip('.')}; `{command} --help` shows the options"
        return _failed(arguments, "malformed", message, 2)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not complain about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _failed(arguments, "malformed", f"{error.filename or 'a file'}: {error.strerror or error}", 2)
    return code if isinstance(code, int) else 0


add_demo(app, run)


def _failed(arguments: Sequence[str], code: str, message: str, exit_code: int, *, line: int | None = None) -> int:
    if "--json" in arguments:
        warn(error_json(code, message, line))
    else:
        where = "" if line is None else f"line {line}: "
        warn(f"rights: {code}: {where}{message}")
    return exit_code


if __name__ == "__main__":
    main()
