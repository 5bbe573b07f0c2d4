"""Who wants to hear of everything on a record."""

from crm.stream.follows.repository import follow, followed, followers, is_following, unfollow

__all__ = ["follow", "followed", "followers", "is_following", "unfollow"]
