"""Fuzz the parsers, guided by coverage (atheris): `tools/fuzz` makes its environment and runs it.

    fuzz_parsers.py CORPUS FINDS [libFuzzer options]      search; each new way to fail becomes a small file in FINDS
    fuzz_parsers.py --replay FILE…                        check these inputs again, without the fuzzer

Inputs are whole mails, so that a find is an .eml. Words that parsers look for are given to the fuzzer as a dictionary.
"""

import hashlib
import re
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["parsers"]):
    from fuzz.growth import outgrows, work
    from fuzz.promises import check
    from fuzz.shrinking import shrunk, signature
    from fuzz.vocabulary import vocabulary

HERE = Path(__file__).parent
SEEDS = (HERE / "seeds", HERE.parent / "unit" / "parsers" / "messages")


def dictionary() -> str:
    """The pieces of mail as libFuzzer reads them."""
    return "".join(f'"{_escaped(piece)}"\n' for piece in vocabulary())


def _escaped(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


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
        (finds / f"{stem}.eml").write_bytes(shrunk(raw, way_to_fail, name))
        sys.stderr.write(f"FOUND {name}: {error}\n")

    atheris.Setup([sys.argv[0], str(corpus), f"-dict={words}", *options], target)
    atheris.Fuzz()


def replay(paths: list[str]) -> int:
    """Check each file and show what it raises, or that its work outgrows its size; 1 if any does."""
    failed = 0
    for path in paths:
        raw = Path(path).read_bytes()
        if error := failure(raw):
            failed = 1
            sys.stderr.write(f"{path}\n")
            traceback.print_exception(error)
        elif outgrows(raw, raw[: len(raw) // 4]):
            failed = 1
            sys.stderr.write(f"{path} costs more than its size: {work(raw):.2f} s\n")
    return failed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--replay"]:
        sys.exit(replay(sys.argv[2:]))
    search(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
