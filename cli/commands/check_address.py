"""`mailsync check-address`: whether addresses can be written to, and why not."""

import asyncio
import json
import sys
from collections.abc import Iterator
from itertools import islice

import typer

from core.config import load_settings
from core.errors import UsageError
from delivery.address_check import AddressVerdict, check_address
from delivery.dns import Resolver

AT_ONCE = 50
"""Addresses whose domains are asked for at the same time."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def check(
    address: str = typer.Argument(..., help="One address, or - for one JSON string a line on standard input."),
    offline: bool = typer.Option(False, "--offline", help="Judge by the text alone, ask no name server."),
    jsonl: bool = typer.Option(False, "--jsonl", help="One JSON object a line."),
) -> None:
    """Tell for each address whether it is valid, the reason, its normal form, and what may have been meant."""
    addresses = _typed() if address == "-" else iter([address])
    resolver = None if offline else Resolver(load_settings().dns_servers)
    while batch := list(islice(addresses, AT_ONCE)):
        for one, verdict in zip(batch, asyncio.run(_check(batch, resolver)), strict=True):
            sys.stdout.write((_as_json(one, verdict) if jsonl else _as_text(one, verdict)) + "\n")


async def _check(addresses: list[str], resolver: Resolver | None) -> list[AddressVerdict]:
    return list(await asyncio.gather(*(check_address(one, resolver) for one in addresses)))


def _typed() -> Iterator[str]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, str):
            raise UsageError(f'Line {number} is not a JSON string, such as "ann@example.org".')
        yield value


def _as_json(address: str, verdict: AddressVerdict) -> str:
    return json.dumps(
        {
            "address": address,
            "valid": verdict.valid,
            "reason": verdict.reason or None,
            "normal": verdict.normal,
            "suggestion": verdict.suggestion,
            "role": verdict.role,
            "disposable": verdict.disposable,
        }
    )


def _as_text(address: str, verdict: AddressVerdict) -> str:
    word = "valid" if verdict.valid else "not valid"
    hint = f" Did you mean {verdict.suggestion}?" if verdict.suggestion else ""
    return f"{address}: {word}. {verdict.reason}{hint}".rstrip()
