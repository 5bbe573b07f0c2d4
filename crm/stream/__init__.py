"""What happens with customers and among ourselves: timelines, the activity stream, the feed, comments, who is told.

timeline/   entries of one record, and of all of them (the stream), as far as the viewer may read
newest/     which entries those of a page are
follows/    who wants to hear of a record
feed/       posts to colleagues, and comments under posts, tasks and entries
"""
