"""`mailsync template`: written from a file, changed in part, filled in, and gone."""

import json
import sys
from pathlib import Path

import pytest

from cli.main import run


def test_a_template_from_its_making_to_its_end(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("MAILSYNC_DATA_DIR", str(tmp_path / "data"))
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear {{ contact.first_name }}, to {{ contact.email }}")

    def call(*words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(SystemExit) as ended:
            run(["template", *words])
        return ended.value.code or 0, capsys.readouterr().out

    assert call("add", "Thanks", "--text", str(letter))[0] == 0
    assert call("change", "1", "--subject", "Thank you") == (0, "Changed.\n")
    assert "shared" in call("list")[1]
    assert json.loads(call("list", "--json")[1])[0]["subject"] == "Thank you"
    status, out = call("fill", "1", "--to", "x@new.example", "--json")
    assert (status, json.loads(out)["missing"]) == (1, ["{{ contact.first_name }}"])
    assert json.loads(out)["text"] == "Dear {{ contact.first_name }}, to x@new.example"
    assert call("add", "Own", "--text", str(letter), "--owner", "nobody@x.example")[0] == 1
    assert call("remove", "1")[0] == 0
    assert call("fill", "1", "--to", "x@new.example")[0] == 1
