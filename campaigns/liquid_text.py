"""Liquid with the variables that campaigns can fill."""

from liquid.template import BoundTemplate

from campaigns.variables import CLICK_TOKEN, KNOWN
from delivery import liquid_text
from delivery.liquid_text import render

__all__ = ["parse", "render", "simple_path"]


def parse(source: str, where: str, *, html: bool = False) -> BoundTemplate:
    """See `delivery.liquid_text.parse`."""
    return liquid_text.parse(source, where, KNOWN, unnamed=(CLICK_TOKEN,), html=html)


def simple_path(node: object) -> tuple[str, str | None] | None:
    """See `delivery.liquid_text.simple_path`."""
    return liquid_text.simple_path(node, (*KNOWN, CLICK_TOKEN))
