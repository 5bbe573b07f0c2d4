"""Mailboxes without a password: a person signs in at the provider, and we hold what it granted (OAuth 2, RFC 6749).

    flow     begun → (browser at the provider) → taken once → tested → saved;  forgotten after ten minutes
    grant    fresh → due (five minutes ahead of its end) → refreshed → fresh …
             beside them: resting(retry_at) while the token endpoint is in trouble; ended, when the provider says so

`flow` sends people to the provider and takes them back, `connecting` saves the mailbox, `tokens` keeps its access
token fresh, `endpoint` is the only place that talks to a token endpoint. Security follows RFC 9700: PKCE always, one
redirect address for each provider, a state that works once and only in the browser that began.
"""
