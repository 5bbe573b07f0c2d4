"""The audit fails for a vulnerability, and for nothing else."""

import json

from tools.audit_verdict import judge

CLEAN = {"name": "lxml", "version": "6.1", "vulns": []}
SKIPPED = {"name": "redis", "skip_reason": "Dependency not found on PyPI"}
VULNERABLE = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217"}, {"id": "CVE-2020-28493"}]}


def report(*packages: dict) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_vulnerability_fails_and_is_named() -> None:
    verdict = judge(report(CLEAN, SKIPPED, VULNERABLE))

    assert not verdict.passed
    assert verdict.sentence == "Known vulnerabilities: jinja2 2.10 (PYSEC-2019-217, CVE-2020-28493)."


def test_a_clean_report_passes_and_says_how_much_was_looked_at() -> None:
    assert judge(report(CLEAN, SKIPPED)).sentence == "No known vulnerability; 1 of 2 packages have advisories."
    assert judge(report(CLEAN, SKIPPED)).passed


def test_advisories_that_can_not_be_had_pass_and_say_so() -> None:
    assert judge("").passed
    assert "could not be reached" in judge("\n").sentence
    assert judge(report(SKIPPED)).passed
    assert "left out" in judge(report(SKIPPED)).sentence
