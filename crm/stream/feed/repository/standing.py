"""Where posts stand among the entries of records: whose they are, whether they are there, which mails they tell of."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from crm.access.rights.repository import stands_on_seen
from crm.access.viewer import Viewer
from crm.stream.feed.repository.posts import is_gone, readable
from crm.stream.views import RecordKey
from storage.models import Activity, ActivityBinding, Message, Post, PostMail, PostReader
from storage.unindexed import unindexed


def standing(viewer: Viewer) -> ColumnElement[bool]:
    """Of `Activity`: whether it stands on a record that the viewer may know of, or is a post that they may read."""
    posted = exists().where(Post.id == Activity.post_id, readable(viewer))
    return or_(stands_on_seen(viewer, Activity.id), and_(Activity.post_id.is_not(None), posted))


def is_there() -> ColumnElement[bool]:
    """Of `Activity`: all but what was deleted, of posts before anybody answered."""
    posted = or_(Activity.post_id.is_(None), ~exists().where(Post.id == Activity.post_id, is_gone()))
    return and_(Activity.deleted_at.is_(None), posted)


def is_to_me(viewer: Viewer) -> ColumnElement[bool]:
    """Of `Activity`: whether it is a post to the viewer, alone or with everybody."""
    to_me = exists().where(PostReader.post_id == Post.id, PostReader.user_id == viewer.user_id)
    posted = exists().where(Post.id == Activity.post_id, or_(Post.everyone, to_me))
    return and_(Activity.post_id.is_not(None), posted)


def is_told_by_a_post() -> ColumnElement[bool]:
    """Of `Activity`: whether it is the mail that carried a post, which stands on records itself and tells of it."""
    entry = aliased(Activity)
    there = (
        Message.id == Activity.message_id,
        PostMail.outgoing_id == Message.outgoing_id,
        Post.id == PostMail.post_id,
        Post.deleted_at.is_(None),
        entry.post_id == PostMail.post_id,
    )
    return and_(Activity.message_id.is_not(None), exists().where(*there))


def is_told_here(record: RecordKey) -> ColumnElement[bool]:
    """Of `Activity`: whether it is the mail that carried a post which stands on this record itself."""
    entry, stands = aliased(Activity), aliased(ActivityBinding)
    carried = (
        select(Message.id)
        .join(PostMail, PostMail.outgoing_id == Message.outgoing_id)
        .join(Post, Post.id == PostMail.post_id)
        .join(entry, entry.post_id == Post.id)
        .join(stands, stands.activity_id == entry.id)
        .where(Message.id == Activity.message_id, Post.deleted_at.is_(None))
        # From the mail to its post and where that stands: never through all that stands on the record.
        .where(unindexed(stands.record_type) == record[0], unindexed(stands.record_id) == record[1])
    )
    return and_(Activity.message_id.is_not(None), carried.correlate(Activity).exists())


def told_by(post_ids: Select[int | None]) -> Select[int]:
    """Ids of the mails that carried some of these posts: few posts are looked up, not each mail of a story."""
    carried = select(Message.id).join(PostMail, PostMail.outgoing_id == Message.outgoing_id)
    return carried.join(Post, Post.id == PostMail.post_id).where(Post.id.in_(post_ids), Post.deleted_at.is_(None))
