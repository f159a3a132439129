"""The page of a ledger: one document with its own style, script and answers, that asks nobody for anything."""

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

from ledger.domain.characters import seen
from ledger.life import Life
from ledger.reports.language import language
from ledger.reports.page_data import Asked, as_script, page_data
from ledger.reports.page_words import document_words

STYLES: Final = ("theme.css", "page.css", "tables.css", "narrow.css", "print.css")
SCRIPTS: Final = (
    *("reading.js", "lookup.js", "drawing.js", "tables.js", "columns.js", "entries.js"),
    *("rights_chart.js", "windows_chart.js", "summary.js", "controls.js", "page.js"),
)
"""The rooms of the script, in the order in which they are put together."""


def page(life: Life, asked: Asked) -> str:
    """Write the page, in the language spoken."""
    style, script = style_sheet(), whole_script()
    said = {name: _escaped(each) for name, each in document_words().items()}
    return Template(_file("page.html")).substitute(
        {f"word_{name}": each for name, each in said.items()},
        language=language(),
        policy=policy(),
        title=_escaped(life.ledger),
        style=style,
        data=as_script(page_data(life, asked)),
        script=script,
    )


def error_page(title: str, sentence: str) -> str:
    """A page that tells of a failure, in the language spoken but for the sentence, which is English."""
    return Template(_file("error.html")).substitute(
        language=language(), policy=policy(), title=_escaped(title), sentence=_escaped(sentence), style=style_sheet()
    )


def policy() -> str:
    """What a browser lets the page do: run its own style and script, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style_sheet())}'; script-src '{_hash(whole_script())}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def style_sheet() -> str:
    """The style of the page."""
    return "\n" + "".join(map(_file, STYLES))


@cache
def whole_script() -> str:
    """The script of the page: its rooms one after the other, in one scope of their own."""
    return "\n(() => {\n'use strict';\n" + "".join(map(_file, SCRIPTS)) + "})();\n"


def _hash(content: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _file(name: str) -> str:
    return files("ledger.reports").joinpath("web", name).read_text(encoding="utf-8")


def _escaped(text: str) -> str:
    return seen(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
