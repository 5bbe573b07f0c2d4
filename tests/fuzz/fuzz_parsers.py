"""Fuzz the parsers, guided by coverage (atheris): `tools/fuzz` makes its environment and runs it.

    fuzz_parsers.py CORPUS FINDS [libFuzzer options]      search; each new way to fail becomes a small file in FINDS
    fuzz_parsers.py --replay FILE…                        check these inputs again, without the fuzzer

Inputs are whole mails, so that a find is an .eml. Words that parsers look for are given to the fuzzer as a dictionary.
"""

import hashlib
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["parsers"]):
    from fuzz.promises import GROWTH, BrokenPromise, check
    from fuzz.shrinking import shrunk, signature
    from parsers import phrases

HERE = Path(__file__).parent
SEEDS = (HERE / "seeds", HERE.parent / "unit" / "parsers" / "messages")
LONGEST_WORD = 60


def words_of(value: object) -> Iterator[str]:
    """Strings in language data, and of patterns what is spelled out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        yield from re.findall(r"[\w -]{4,}", str(value.pattern))
    elif isinstance(value, dict):
        yield from words_of(list(value))
        yield from words_of(list(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from words_of(item)


def dictionary() -> str:
    """The fixed words of mail and those of every language, as libFuzzer reads them."""
    lines = [(HERE / "mail.dict").read_text(encoding="ascii")]
    words: dict[str, None] = {}
    for module in pkgutil.iter_modules(phrases.__path__, "parsers.phrases."):
        words |= dict.fromkeys(words_of([v for k, v in vars(import_module(module.name)).items() if k.isupper()]))
    lines += [f'"{_escaped(word)}"' for word in words if 2 < len(word) <= LONGEST_WORD]
    return "\n".join(lines) + "\n"


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "replace"))


def failure(raw: bytes) -> Exception | None:
    """What breaks, if anything."""
    try:
        check(raw)
    except Exception as error:  # noqa: BLE001 - whatever is raised is what we are looking for
        return error
    return None


def way_to_fail(raw: bytes) -> str | None:
    """The name of what breaks, or None."""
    error = failure(raw)
    return error and signature(error)


def search(corpus: Path, finds: Path, options: list[str]) -> None:
    """Run until libFuzzer's time is over. A way to fail is written once, as small as it gets."""
    for seed in (path.read_bytes() for folder in SEEDS for path in sorted(folder.glob("*.eml"))):
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    words = corpus.parent / "words.dict"
    words.write_text(dictionary(), encoding="ascii")
    known = {path.stem for path in finds.glob("*.eml")}

    def target(raw: bytes) -> None:
        error = failure(raw)
        if error is None:
            return
        name = signature(error)
        stem = re.sub(r"[^A-Za-z0-9]+", "-", name)[:120]
        if stem in known:
            return
        known.add(stem)
        # What is repeated to see growth depends on every byte, so that such a mail can not be made smaller.
        is_growth = isinstance(error, BrokenPromise) and error.promise == GROWTH
        (finds / f"{stem}.eml").write_bytes(raw if is_growth else shrunk(raw, way_to_fail, name))
        sys.stderr.write(f"FOUND {name}: {error}\n")

    atheris.Setup([sys.argv[0], str(corpus), f"-dict={words}", *options], target)
    atheris.Fuzz()


def replay(paths: list[str]) -> int:
    """Check each file and show what it raises; 1 if any does."""
    failed = 0
    for path in paths:
        if error := failure(Path(path).read_bytes()):
            failed = 1
            sys.stderr.write(f"{path}\n")
            traceback.print_exception(error)
    return failed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--replay"]:
        sys.exit(replay(sys.argv[2:]))
    search(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
