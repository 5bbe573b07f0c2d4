"""What programs that write to many, or in the name of a system, put into the head of a mail. Names in lower case."""

LISTS = frozenset({
    "mailing-list", "x-mailing-list", "x-mailman-version", "x-beenthere", "x-listserver", "x-listprocessor-version",
    "x-ml-name", "x-ml-count", "x-mlserver", "x-ml-info", "x-fmlserver", "x-ecartis-version", "x-listar-version",
    "x-sympa-to", "x-majordomo", "x-google-group-id", "x-egroups-msg-info", "x-egroups-return", "x-ezmlm",
    "x-discourse-post-id",
})  # fmt: skip
"""Programs by which people talk with each other: Mailman, Google Groups, ezmlm, fml, Sympa, groups.io and others."""
CAMPAIGNS = frozenset({
    "x-mc-user", "x-campaign", "x-campaign-id", "x-campaignid", "x-csa-complaints", "x-mailing-id", "x-mailingid",
    "x-newsletter", "x-mailer-lid", "x-mailer-recptid", "x-mailer-sid", "x-job", "x-jobid", "x-sfmc-stack",
    "x-subscriber-id", "x-subscriberid", "x-kmail-account", "x-kmail-message", "x-kmail-recipient", "x-kmail-relay",
    "x-marketoid", "x-mktarchive", "x-mktmaildkim", "x-roving-id", "x-roving-queued", "x-roving-campaignid",
    "x-roving-streamid", "x-hs-cid", "x-mailin-campaign", "x-mailin-client", "x-mailjet-campaign", "x-elqpod",
    "x-elqsiteid", "x-emarsys-identify", "x-emarsys-environment", "x-phplist-version", "x-listmember",
    "x-virtualserver", "x-virtualservergroup", "x-smheadermap", "x-feedblitz", "x-report-abuse", "x-report-abuse-to",
})  # fmt: skip
"""Campaigns and newsletters: Mailchimp, Klaviyo, Marketo, Constant Contact, Salesforce and many others."""
NOTIFIERS = frozenset({
    "x-github-reason", "x-github-sender", "x-gitlab-project", "x-gitlab-notificationreason", "x-jira-fingerprint",
    "x-facebook-notify", "x-linkedin-class", "x-linkedin-template", "x-twitterimpressionid", "x-bugzilla-type",
    "x-trac-project", "x-redmine-host", "x-phabricator-sent-this-message", "x-cron-env",
    "x-launchpad-notification-type", "tls-report-domain",
})  # fmt: skip
"""Systems that report what happened in them."""
HELPDESKS = frozenset({
    "x-zendesk-from-account-id", "x-zendesk-email-id", "rt-ticket", "rt-originator", "x-rt-loop-prevention",
    "x-otrs-loop", "x-servicenow-generated", "x-servicenow-source",
})  # fmt: skip
"""Ticket systems, by which people answer and machines acknowledge."""
HELPDESK_MAILERS = (
    "zendesk", "zammad", "otrs", "znuny", "osticket", "kayako", "freshdesk", "help scout", "servicenow", "zoho desk",
    "deskpro", "liveagent", "teamwork desk",
)  # fmt: skip
"""Parts of their X-Mailer or X-Powered-By."""
CAMPAIGN_MAILERS = (
    "mailchimp", "klaviyo", "acymailing", "phplist", "sendy", "unisender", "getresponse", "mailerlite", "mailpoet",
    "createsend", "cleverreach", "aweber", "mailup", "sendpulse", "emarsys", "newsletter",
)  # fmt: skip
"""Parts of the X-Mailer of programs for newsletters."""
RELAYS = frozenset({
    "x-sg-eid", "x-ses-outgoing", "x-mailgun-sid", "x-pm-message-id", "x-mandrill-user", "x-mj-mid", "x-msfbl",
    "x-sib-id", "x-mailin-eid",
})  # fmt: skip
"""Services by which both newsletters and single mails go: they tell nothing alone."""
RELAY_FEEDBACK = ("amazonses", ":sg", "mailgun", "mandrill", "postmark", "sparkpost")
"""What their Feedback-ID ends with or names."""
