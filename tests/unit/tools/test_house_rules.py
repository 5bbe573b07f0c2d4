"""Each house rule, with what it refuses and what it lets pass beside it."""

import pytest

from tools.house_rules import LONGEST_FUNCTION, LONGEST_MODULE, check


def sentences(path: str, source: str) -> list[str]:
    return [finding.sentence for finding in check(path, source)]


@pytest.mark.parametrize("call", ["session.commit()", "self.session.rollback()", "connection.commit()"])
def test_only_the_unit_of_work_ends_a_transaction(call: str) -> None:
    assert "for unit_of_work() alone" in sentences("crm/stream/feed.py", f"{call}\n")[0]
    assert "for unit_of_work() alone" in sentences("storage/outbox.py", f"{call}\n")[0]
    assert sentences("storage/sessions.py", f"{call}\n") == []
    assert sentences("tests/integration/storage/test_outbox.py", f"{call}\n") == []
    assert sentences("crm/stream/feed.py", "commit = 1\n") == []


@pytest.mark.parametrize(
    "source",
    [
        "from sqlalchemy import func, select\n",
        "from sqlalchemy.dialects.sqlite import insert\n",
        "import sqlalchemy\n\nquery = sqlalchemy.text('select 1')\n",
        "import sqlalchemy as sa\n\nquery = sa.delete(Deal)\n",
    ],
)
def test_queries_live_in_repositories(source: str) -> None:
    assert "repository.py" in sentences("web/console/deals.py", source)[0]
    assert sentences("crm/records/repository.py", source) == []
    assert sentences("crm/records/repository/reading.py", source) == []
    assert sentences("storage/leases.py", source) == []


def test_names_that_only_look_like_queries_pass() -> None:
    assert sentences("web/console/deals.py", "import sqlalchemy\n\nimport bus\n\nbus.select(1)\n") == []
    assert sentences("web/console/deals.py", "from sqlalchemy.orm import Session\n") == []


def test_imports_stand_at_the_top_except_in_the_command_line() -> None:
    source = "async def deals():\n    from crm import records\n    return records\n"
    assert "An import inside deals" in sentences("web/console/deals.py", source)[0]
    assert sentences("cli/main.py", source) == []
    assert (
        sentences("web/console/deals.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import crm\n") == []
    )


def test_modules_and_functions_stay_short() -> None:
    longest = "def deals():\n" + "    pass\n" * (LONGEST_FUNCTION - 1)
    assert sentences("crm/deals.py", longest) == []
    assert "deals has 61 lines" in sentences("crm/deals.py", longest + "    pass\n")[0]

    assert sentences("bench/p1.py", "pass\n" * LONGEST_MODULE) == []
    assert "401 lines" in sentences("bench/p1.py", "pass\n" * (LONGEST_MODULE + 1))[0]


def test_a_module_is_named_by_what_it_does() -> None:
    assert "says nothing" in sentences("crm/utils.py", "")[0]
    assert "says nothing" in sentences("tests/helpers/mail.py", "")[0]
    assert sentences("crm/threading.py", "") == []


def test_a_finding_names_the_place() -> None:
    (finding,) = check("crm/deals.py", "\nsession.commit()\n")
    assert (finding.path, finding.line) == ("crm/deals.py", 2)
