"""Read pip-audit's report, because its exit status does not tell apart "vulnerable", "unreachable" and "skipped"."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """What the build should do, and the sentence that says why."""

    passed: bool
    sentence: str


def judge(report: str) -> Verdict:
    """The verdict on one report in pip-audit's JSON; an empty report means that no advisory service answered."""
    if not report.strip():
        return Verdict(passed=True, sentence="The audit was left out: the advisory service could not be reached.")
    packages = json.loads(report)["dependencies"]
    audited = [package for package in packages if "skip_reason" not in package]
    if vulnerable := [package for package in audited if package["vulns"]]:
        return Verdict(passed=False, sentence="Known vulnerabilities: " + "; ".join(map(_named, vulnerable)) + ".")
    if not audited:
        return Verdict(passed=True, sentence="The audit was left out: this index has no advisories for any package.")
    return Verdict(
        passed=True, sentence=f"No known vulnerability; {len(audited)} of {len(packages)} packages have advisories."
    )


def _named(package: dict[str, Any]) -> str:
    return f"{package['name']} {package['version']} ({', '.join(entry['id'] for entry in package['vulns'])})"


if __name__ == "__main__":
    verdict = judge(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(f"pip-audit: {verdict.sentence}\n")
    sys.exit(0 if verdict.passed else 1)
