"""`nemovideo credits`: what the account has left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click
from attrs import asdict

from nemovideo.cli.arguments import as_json_option
from nemovideo.cli.wording import echo_json
from nemovideo.client import NemoVideo

if TYPE_CHECKING:
    from nemovideo.models import CreditBalance


@click.command("credits")
@as_json_option
def show_credits(*, as_json: bool) -> None:
    """Show the credits of the account."""
    balance = asyncio.run(_balance())
    if as_json:
        echo_json(asdict(balance))
    else:
        click.echo(
            f"{balance.available:g} credits available, {balance.frozen:g} held, {balance.total:g} in all"
        )


async def _balance() -> CreditBalance:
    async with NemoVideo() as nemo:
        return await nemo.credits.balance()
