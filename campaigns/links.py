"""Where a tracked link leads for one person: variables are filled in percent-encoded, and never into scheme or host."""

from functools import lru_cache
from urllib.parse import quote

from liquid import Environment
from liquid.template import BoundTemplate

from campaigns.variables import KNOWN, Values
from delivery.liquid_limits import FAILURES, BoundedEnvironment
from delivery.liquid_text import nested


def _as_it_is(value: object) -> object:
    """Values are encoded already; a filter that asks for it must not do it twice."""
    return value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = BoundedEnvironment()
    for name in ("url_encode", "escape"):
        environment.add_filter(name, _as_it_is)
    return environment


@lru_cache(maxsize=10_000)
def _template(url: str) -> BoundTemplate:
    return _environment().from_string(url)


def is_personal(url: str) -> bool:
    """Whether the link differs from person to person."""
    return "{{" in url or "{%" in url


def target(url: str, values: Values) -> str:
    """The URL behind a link; what is not known is empty. Never raises: somebody waits for the page."""
    encoded = {name: quote(value, safe="") if (value := values.get(name)) else None for name in KNOWN}
    try:
        return _template(url).render(nested(encoded))
    except FAILURES:
        return url[: min(at for at in (url.find("{{"), url.find("{%"), len(url)) if at >= 0)]
