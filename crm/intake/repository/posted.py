"""Mails that carried a post: what the post is about, for their copies and for the answers to them."""

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from crm.intake.clients import Key
from storage.among import among
from storage.models import Activity, ActivityBinding, PostMail
from storage.sessions import WriteSession


def records_of_posts(session: WriteSession, outgoing_ids: Collection[int]) -> dict[int, list[Key]]:
    """By outgoing mail the records that its post is about, beyond those of whoever got it by mail."""
    if not outgoing_ids:
        return {}
    other = aliased(PostMail)
    got_it = exists().where(
        other.post_id == PostMail.post_id,
        other.record_type == ActivityBinding.record_type,
        other.record_id == ActivityBinding.record_id,
    )
    query = (
        select(PostMail.outgoing_id, ActivityBinding.record_type, ActivityBinding.record_id)
        .join(Activity, Activity.post_id == PostMail.post_id)
        .join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
        .where(among(PostMail.outgoing_id, outgoing_ids), ~got_it)
        .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
    )
    found: dict[int, list[Key]] = {}
    for outgoing_id, kind, record_id in session.execute(query):
        if outgoing_id is not None:
            found.setdefault(outgoing_id, []).append((kind, record_id))
    return found
