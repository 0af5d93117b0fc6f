"""``sheet render``: a call's handoff sheet as a PDF, numbered and recorded like any other copy."""

import argparse
from pathlib import Path
from typing import Any

from console.actions.sheets import copy_sheet, to_file
from console.commands.context import Context, named
from console.commands.finding import find_call
from console.errors import KnownError
from console.handoff.content import PoliceSheet
from console.models.sheet import sheet_subject
from console.models.store.store import Reading
from console.queries.sheet import make_sheet


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    sheet = subcommands.add_parser("sheet", help="handoff sheets", parents=[everywhere])
    kinds = sheet.add_subparsers(dest="what", required=True, metavar="render")
    render = kinds.add_parser("render", help="a numbered copy as a PDF", parents=[everywhere])
    render.add_argument("call", metavar="CALL")
    render.add_argument("--audience", choices=["police"], default="police")
    render.add_argument("--out", type=named, required=True, metavar="FILE.pdf")
    render.add_argument("--recipient", default="", metavar="WHO")
    render.set_defaults(run=_render)


def _render(context: Context) -> int:
    words = context.words
    out = Path(words.out).expanduser().absolute()
    # Looked at before a copy is numbered: paper that was never going to exist has no place in the record.
    if out.is_dir():
        raise KnownError(f"{out} is a folder. Name the file to write, for example {out / 'sheet.pdf'}.")
    if not out.parent.is_dir():
        raise KnownError(f"There is no folder {out.parent}. Make it, or name a file in one that is there.")
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        call = find_call(desk, words.call)
        made: list[PoliceSheet] = []

        def make(connection: Reading) -> PoliceSheet:
            made.append(make_sheet(desk, sign_in, connection, call).sheet)
            return made[-1]

        copied = copy_sheet(
            desk,
            sign_in,
            call,
            sheet_subject(call),
            make,
            to_file(out),
            to=f"file {out.name}",
            recipient=words.recipient,
            way="saved",
        )
    withheld = [{"field": each.field, "why": each.why} for each in made[-1].withheld]
    context.output.row(
        {"file": str(out), "copy": copied.copy, "version": copied.version, "code": made[-1].code, "withheld": withheld},
        f"{out}: copy {copied.copy} of version {copied.version}, sheet {made[-1].code}. "
        + (f"Withheld: {', '.join(each['field'] for each in withheld)}." if withheld else "Nothing withheld."),
    )
    return 0
