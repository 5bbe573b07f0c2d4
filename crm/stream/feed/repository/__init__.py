"""Posts and comments in the database."""

from crm.stream.feed.repository.comments import (
    change_comment,
    comment_for_change,
    comments,
    insert_comment,
    is_there,
    last_talk,
    own_comment,
    people_of_subject,
    require_subject,
)
from crm.stream.feed.repository.posts import file_of_post, is_gone, post, posts, posts_by_id, readable, require_readable
from crm.stream.feed.repository.writing import insert_post, post_for_change, standing_of, update_post

__all__ = [
    "change_comment",
    "comment_for_change",
    "comments",
    "file_of_post",
    "insert_comment",
    "insert_post",
    "is_gone",
    "is_there",
    "last_talk",
    "own_comment",
    "people_of_subject",
    "post",
    "post_for_change",
    "posts",
    "posts_by_id",
    "readable",
    "require_readable",
    "require_subject",
    "standing_of",
    "update_post",
]
