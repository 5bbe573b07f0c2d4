"""The page of the search of everything."""

from fastapi import Request
from fastapi.responses import Response

from crm.records.paths import PLURALS
from web.rendering import render
from web.routers import page_router
from web.searching import search_everything
from web.signed_in import Me, services_of, zone_of

router = page_router()
SHOWN = 6


@router.get("/search")
def search_page(request: Request, me: Me, words: str = "") -> Response:
    """What holds these words."""
    found = search_everything(services_of(request).store, me.viewer, words, zone=zone_of(me), limit=SHOWN)
    return render(
        request,
        me,
        "search.html",
        words_searched=words.strip(),
        mail=found.mail,
        records=found.records,
        plurals=PLURALS,
        posts=found.posts,
        tasks=found.tasks,
        files=found.files,
    )
