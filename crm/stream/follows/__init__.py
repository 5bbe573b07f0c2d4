"""Who wants to hear of everything on a record."""

from crm.stream.follows.repository import follow, followers, is_following, unfollow

__all__ = ["follow", "followers", "is_following", "unfollow"]
