"""Compile what every mail goes through to machine code with mypyc: the same sources, the same results, in about two thirds
of the time.

    python tools/compile_sources.py FOLDER [--quickly]

FOLDER gets a copy of what is compiled with an extension module beside each source; put it before everything else on the path
(`PYTHONPATH=FOLDER`), or give the site-packages folder of an installation. Needs a C compiler and Python's headers.
`--quickly` leaves out what the C compiler does for speed: for tests, which ask only for the results. Where there is one, the
Tiny C Compiler does it then: 3 seconds instead of a minute, nearly all of it for headers that each file reads again.
"""

import importlib
import os
import shutil
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from mypyc.build import mypycify
from setuptools import Distribution

HOT = {
    "parsers": (
        "bounce/__init__", "bounce/addresses", "bounce/arf", "bounce/dialogue", "bounce/dsn", "bounce/failure",
        "bounce/forwarded", "bounce/moved", "bounce/places", "bounce/reasons", "bounce/recognise", "bounce/returned",
        "bounce/sender", "bounce/status", "bounce/text", "bounce/wording", "calendar/invitation", "charsets/decoding",
        "charsets/guessing", "content/attachments", "content/body", "content/files", "content/flowed", "content/text_part",
        "fields/address_list", "fields/dates", "fields/encoded_words", "fields/envelope", "fields/headers",
        "fields/message_ids", "fields/parameters", "fields/subjects", "fingerprint", "forward/attached", "forward/pasted",
        "html/css", "html/links", "html/lists", "html/markup", "html/safe_attributes", "html/safe_links", "html/safe_pictures",
        "html/safe_styles", "html/sanitize", "html/tables", "html/tags", "html/text", "html/writer", "kinds/automatic",
        "kinds/classify", "kinds/mass_mail", "kinds/receipts", "message", "mime/transfer", "mime/tree", "outlook/mapi",
        "outlook/rtf", "outlook/tnef", "reply/attribution", "reply/lines", "reply/quoted_headers", "reply/quoted_html",
        "reply/quotes", "reply/separators", "reply/signature", "reply/splitting",
    ),
    "crm/intake": (
        "addresses", "authenticity", "batch", "clients", "context", "gathering", "names", "phones", "pipeline", "preparing",
        "repository/ids", "repository/writing", "steps/answers", "steps/classes",
        "steps/creation", "steps/direction", "steps/earlier_mail", "steps/events", "steps/intake_addresses",
        "steps/internal", "steps/limits", "steps/matching", "steps/new_records", "steps/own_mail", "steps/senders",
        "steps/threading", "steps/timeline", "taking", "tallies", "threads", "understanding",
    ),
}  # fmt: skip
"""What every mail goes through, by folder. The rest is asked rarely, and would only take the C compiler long. What is handed
to another process stays as it is: compiled frozen dataclasses can not be unpickled."""
GROUP = "mailsync_compiled"
ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE_TOO = '\n__path__ = __import__("pkgutil").extend_path(__path__, __name__)\n'
QUICKLY = "--quickly"
USED = ("parsers.message", "crm.intake.pipeline")


def sources() -> list[str]:
    """The modules to compile, relative to the root."""
    return [f"{folder}/{name}.py" for folder, names in HOT.items() for name in names]


def compile_into(folder: Path, *, quickly: bool = False) -> None:
    """Copy the sources into `folder` and put the compiled modules beside them."""
    for name in HOT:
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for package in Path(name).parents[:-1]:  # The rest of it is where it was.
            (folder / package / "__init__.py").write_text((ROOT / package / "__init__.py").read_text() + ELSEWHERE_TOO)
    with TemporaryDirectory() as scratch:
        # The group's name becomes that of the one library that all modules share.
        modules = mypycify(
            ["--config-file=", "--follow-imports=silent", "--cache-dir", f"{scratch}/mypy", *sources()],
            opt_level="0" if quickly else "2",
            debug_level="0",
            target_dir=f"{scratch}/c",
            multi_file=True,
            group_name=GROUP,
        )
        if quickly and (tiny := shutil.which("tcc")):
            os.environ |= {"CC": tiny, "LDSHARED": f"{tiny} -shared"}
            for module in modules:  # It knows few of the options that are meant for the others.
                module.extra_compile_args = ["-w"]
        distribution = Distribution({"name": GROUP, "ext_modules": modules})
        build = distribution.get_command_obj("build_ext")
        build.build_lib, build.build_temp = str(folder), f"{scratch}/objects"
        build.ensure_finalized()
        build.run()
    sys.path[:0] = [str(folder), str(ROOT)]
    for name in USED:
        used = importlib.import_module(name).__file__ or ""
        if used.endswith(".py"):
            raise SystemExit(f"The sources were compiled, but Python does not take them: it imports {used}.")


def main() -> None:
    """Check that it can be done, and do it."""
    folders = [word for word in sys.argv[1:] if word != QUICKLY]
    if len(folders) != 1:
        raise SystemExit(f"Name the folder to compile into: compile_sources.py FOLDER [{QUICKLY}].")
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        raise SystemExit("Python's headers are missing: install python3-dev (Debian's name) and run this again.")
    compile_into(Path(folders[0]).resolve(), quickly=QUICKLY in sys.argv)


if __name__ == "__main__":
    main()
