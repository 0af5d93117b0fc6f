"""``forms import``, ``match``, ``list``, ``permit``, ``withdraw``, ``offer`` and ``train``: what a center asks."""

import argparse
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from console.actions import instruments as acts
from console.commands.context import Context, named
from console.errors import KnownError, NotAllowed
from console.forms.instruments.proposing import can_be_tied, propose, template
from console.forms.instruments.ties import tie_of
from console.forms.library import installed, read_bytes, read_form
from console.forms.refusals import RefusedForm
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.instruments import Listed, Preview, instruments, preview, tried
from console.queries.people import everyone


def add(kinds: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words that follow ``forms`` and are about a center's own instruments."""
    bring = kinds.add_parser("import", help="a form of the center's own, or a new version of one", parents=[everywhere])
    bring.add_argument("files", type=named, nargs="+", metavar="FILE")
    _add_permission(bring)
    bring.add_argument("--trained-only", action="store_true", help="only for people who are listed as trained")
    said = bring.add_mutually_exclusive_group()
    said.add_argument(
        "--reworded", action="store_true", help="its words are not the published ones: score it, and say so everywhere"
    )
    said.add_argument("--unscored", action="store_true", help="ask it without the score of the instrument it is")
    bring.set_defaults(run=_import)
    match = kinds.add_parser(
        "match", help="which question of a form is which of a key: a file to check and keep", parents=[everywhere]
    )
    match.add_argument("file", type=named, metavar="FILE")
    match.add_argument("key", type=named, metavar="KEY", help="an instrument that comes with the program")
    match.set_defaults(run=_match)
    permit = kinds.add_parser("permit", help="record who permitted the use of a form", parents=[everywhere])
    permit.add_argument("name", type=named, metavar="NAME")
    _add_permission(permit, required=True)
    permit.set_defaults(run=_permit)
    listing = kinds.add_parser("list", help="every form, and whether it is offered", parents=[everywhere])
    listing.set_defaults(run=_list)
    away = kinds.add_parser("withdraw", help="offer a form no more, also a shipped one", parents=[everywhere])
    away.add_argument("name", type=named, metavar="NAME")
    away.add_argument("--reason", type=named, required=True, metavar="TEXT")
    away.set_defaults(run=_withdraw)
    again = kinds.add_parser("offer", help="offer a withdrawn form again", parents=[everywhere])
    again.add_argument("name", type=named, metavar="NAME")
    again.set_defaults(run=_offer)
    train = kinds.add_parser("train", help="say who is trained in a form, all of them", parents=[everywhere])
    train.add_argument("name", type=named, metavar="NAME")
    train.add_argument("people", nargs="*", metavar="USER", help="none: nobody")
    train.add_argument("--on", default="", metavar="DATE", help="since when, for those who are new in the list")
    train.set_defaults(run=_train)


def _add_permission(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument("--permission", type=named, required=required, metavar="WHO", help="who permitted its use")
    parser.add_argument("--on", default="", required=required, metavar="DATE", help="the day of the permission")
    parser.add_argument(
        "--document", default="", required=required, metavar="WHERE", help="where the document that says so is found"
    )
    parser.add_argument("--until", default="", metavar="DATE", help="the last day of the permission, if it has one")


def _given(words: argparse.Namespace) -> acts.Permit:
    return acts.Permit(words.permission or "", words.on, words.document, words.until)


def _permit(context: Context) -> int:
    words = context.words
    with context.desk(alone=True) as desk:
        acts.permit(desk, context.sign_in(desk), words.name, _given(words))
    context.output.row(
        {"name": words.name, "permission": words.permission, "permission_on": words.on},
        f"{words.name} is permitted by {words.permission} since {words.on}.",
    )
    return 0


def _import(context: Context) -> int:
    words, refused, failed = context.words, 0, 0
    given = _given(words)
    permit = given if given != acts.Permit("", "", "") else None
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        for file in words.files:
            try:
                _bring_in(context, desk, sign_in, file, permit)
            except RefusedForm as refusal:
                refused += 1
                context.output.note(f"{file} is refused: {refusal.message}.")
            except NotAllowed:
                raise  # it is about the person, not about this file
            except KnownError as error:
                failed += 1
                context.output.note(error.message if error.message.startswith(file) else f"{file}: {error.message}")
    return 2 if failed else 1 if refused else 0


def _bring_in(context: Context, desk: Desk, sign_in: SignIn, file: str, permit: acts.Permit | None) -> None:
    found = _preview(context, desk, sign_in, Path(file))
    acts.import_form(desk, sign_in, found.package, found.name, permit, trained_only=bool(context.words.trained_only))
    told = acts.findings(found.package.form)
    for finding in told:
        context.output.note(f"{file}: {finding}")
    q = found.package.form.questionnaire
    before = found.replaces.version if found.replaces else None
    what = f"in place of version {before or 'without a number'}" if found.replaces else "new"
    context.output.row(
        {
            "file": file,
            "name": found.name,
            "title": found.package.form.title,
            "version": q.version,
            "sha256": q.sha256,
            "replaces": before,
            "findings": told,
        },
        f"{found.name}: {found.package.form.title}, {_version(q.version)}, {what}.",
    )


def _preview(context: Context, desk: Desk, sign_in: SignIn, file: Path) -> Preview:
    """What would come in, as the words of the command want it; where its words differ is told."""
    found = preview(desk, sign_in, file)
    bound = found.package.form.bound
    if bound is None:
        return found
    for each in bound.reworded:
        context.output.note(f"{file}: {each.where}: published “{each.published}”, here “{each.here}”")
    if context.words.unscored:
        return preview(desk, sign_in, file, replace(tie_of(bound), unscored=True))
    if context.words.reworded and bound.reworded:
        return preview(desk, sign_in, file, replace(tie_of(bound), reworded=True))
    return found


def _match(context: Context) -> int:
    library, name = installed(), context.words.key
    can = sorted(each for each, instrument in library.instruments.items() if can_be_tied(instrument))
    if name not in can:
        raise KnownError(f"A form cannot be matched to {name}. It can to {', '.join(can)}.")
    file = Path(context.words.file)
    try:
        form = read_form(file.stem, read_bytes(file), "", library, str(file))
    except RefusedForm as refusal:
        raise KnownError(f"{file} is refused: {refusal.message}.") from refusal
    instrument, q = library.instruments[name], form.questionnaire
    for pair in propose(instrument, library.published(name), q):
        found = f"{pair.item} “{q.by_id[pair.item].text}”, found by {pair.by}" if pair.item else "not found"
        if pair.item or not pair.result:
            context.output.note(f"{pair.key}: {found}")
    tie = template(instrument, library.published(name), q)
    context.output.json(msgspec.to_builtins(tie))
    try:
        for line in tried(form, tie):
            context.output.note(line)
    except KnownError as error:
        context.output.note(error.message)
        return 1
    return 0


def _list(context: Context) -> int:
    with context.desk(alone=False) as desk:
        reader = context.reader(desk)
        found = instruments(desk, reader)
        names = {each.user: each.name for each in everyone(desk, reader)}
    for each in found:
        permission = each.permission
        trained = [names.get(user, str(user)) for user in each.trained]
        context.output.row(
            {
                "name": each.name,
                "title": each.title,
                "version": each.version,
                "source": "imported" if each.imported else "shipped",
                "offered": not each.standing,
                "why_not": each.standing or None,
                "permission": permission.given_by if permission else None,
                "permission_on": permission.given_on if permission else None,
                "document": permission.document if permission else None,
                "until": permission.until or None if permission else None,
                "trained_only": each.trained_only,
                "trained": trained,
            },
            _line(each, trained),
        )
    return 0


def _line(each: Listed, trained: list[str]) -> str:
    parts = [
        f"{each.name}  {each.title}",
        _version(each.version),
        "imported" if each.imported else "shipped",
        f"permitted by {each.permission.given_by} on {each.permission.given_on}" if each.permission else "",
        f"only for {', '.join(trained) or 'nobody yet'}" if each.trained_only else "",
        each.standing or "offered",
    ]
    return " · ".join(part for part in parts if part)


def _withdraw(context: Context) -> int:
    words = context.words
    with context.desk(alone=True) as desk:
        acts.withdraw(desk, context.sign_in(desk), words.name, words.reason)
    context.output.row(
        {"name": words.name, "offered": False}, f"{words.name} is not offered any more. What was begun with it goes on."
    )
    return 0


def _offer(context: Context) -> int:
    words = context.words
    with context.desk(alone=True) as desk:
        acts.offer(desk, context.sign_in(desk), words.name)
    context.output.row({"name": words.name, "offered": True}, f"{words.name} is offered again.")
    return 0


def _train(context: Context) -> int:
    words = context.words
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        known = {each.name.casefold(): each for each in everyone(desk, sign_in)}
        unknown = [name for name in words.people if name.casefold() not in known]
        if unknown:
            raise KnownError(f"{unknown[0]} is nobody here. 'users list' names everyone.")
        chosen = [known[name.casefold()] for name in words.people]
        acts.set_trained(desk, sign_in, words.name, [each.user for each in chosen], words.on)
    context.output.row(
        {"name": words.name, "trained": [each.name for each in chosen]},
        f"Trained in {words.name}: {', '.join(each.name for each in chosen) or 'nobody'}.",
    )
    return 0


def _version(version: str) -> str:
    return f"version {version}" if version else "no version"
