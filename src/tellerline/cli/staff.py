"""The staff's accounts on the machine itself: the first administrator, and whoever is locked out."""

from __future__ import annotations

from typing import Annotated

import typer

from tellerline.cli.terminal import AsJson, Data, console, print_json, settings_from
from tellerline.domain.errors import Invalid
from tellerline.domain.language import Text

staff_app = typer.Typer(no_args_is_help=True, help="Keep the staff's accounts.")
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when left out.")
]


@staff_app.command("add")
def add(
    account: Annotated[str, typer.Argument(help="Its name: lower-case letters, digits, dots.")],
    role: Annotated[str, typer.Option(help="representative, supervisor, editor, compliance, administrator.")],
    zh: Annotated[str, typer.Option(help="The name that customers see, in Chinese.")],
    en: Annotated[str, typer.Option(help="The name that customers see, in English.")],
    password: Password,
    data: Data = None,
) -> None:
    """Add an account, the first administrator for one."""
    from tellerline.app import open_staffing
    from tellerline.desk.permission import ROLES
    from tellerline.desk.staffing import Wanted

    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise Invalid("role", f"--role is one of {', '.join(ROLES)}", field="role")
    with open_staffing(settings_from(data=data)) as staffing:
        staffing.add(None, Wanted(account, Text(zh, en), known, password=password))
    console.print(f"{account} can sign in.")


@staff_app.command("password")
def password(
    account: Annotated[str, typer.Argument(help="Whose.")], password: Password, data: Data = None
) -> None:
    """Give somebody a new password; their second factor and lock are taken away."""
    from tellerline.app import open_staffing

    with open_staffing(settings_from(data=data)) as staffing:
        staffing.reset_password(None, account, password)
    console.print(f"{account} has a new password.")


@staff_app.command("list")
def show(as_json: AsJson = False, data: Data = None) -> None:
    """List the accounts."""
    from tellerline.app import open_accounts

    accounts = open_accounts(settings_from(data=data))
    if as_json:
        print_json([{"account": a.account, "role": a.role, "disabled": a.disabled} for a in accounts])
        return
    for one in accounts:
        console.print(f"{one.account}  {one.role}{'  disabled' if one.disabled else ''}")
