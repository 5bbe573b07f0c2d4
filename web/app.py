"""The ASGI application: routers, error pages, security headers, and an end that does not hang.

Routes are plain functions: the store is synchronous, so they run in the thread pool; only streams are asynchronous.
"""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from web import health, live, static_files
from web.api import acting as api_acting
from web.api import activities as api_activities
from web.api import arranging as api_arranging
from web.api import bulk_edits as api_bulk_edits
from web.api import campaigns as api_campaigns
from web.api import company as api_company
from web.api import completion as api_completion
from web.api import connecting as api_connecting
from web.api import crm_mode as api_crm_mode
from web.api import docs
from web.api import drafts as api_drafts
from web.api import duplicates as api_duplicates
from web.api import exporting as api_exporting
from web.api import follows as api_follows
from web.api import handing_over as api_handing_over
from web.api import importing as api_importing
from web.api import leads as api_leads
from web.api import mail as api_mail
from web.api import mailboxes as api_mailboxes
from web.api import merging as api_merging
from web.api import notifications as api_notifications
from web.api import numbers as api_numbers
from web.api import outgoing as api_outgoing
from web.api import pipelines as api_pipelines
from web.api import policies as api_policies
from web.api import posts as api_posts
from web.api import products as api_products
from web.api import record_fields as api_record_fields
from web.api import record_files as api_record_files
from web.api import record_lists as api_record_lists
from web.api import records as api_records
from web.api import recycling as api_recycling
from web.api import roles as api_roles
from web.api import saved_views as api_saved_views
from web.api import searching as api_searching
from web.api import task_acts as api_task_acts
from web.api import templates as api_templates
from web.api import work as api_work
from web.console import (
    acting,
    arranging,
    bulk_acts,
    bulk_edits,
    campaigns,
    catalogue,
    choosing,
    comments,
    company,
    completion,
    contacts,
    crm_mode,
    custom_fields,
    customers_mail,
    deal_lines,
    deals,
    departments,
    door,
    drafts,
    duplicates,
    exporting,
    feed,
    handing_over,
    importing,
    kept_out,
    lead_conversion,
    lead_numbers,
    lead_runs,
    leads,
    mail,
    mail_events,
    mail_templates,
    mailbox,
    mailbox_choices,
    mailbox_removal,
    mailbox_wizard,
    mailboxes,
    merging,
    message_body,
    message_files,
    new_records,
    notifications,
    numbers,
    oauth,
    picking,
    pipelines,
    plans,
    posts,
    receipts,
    record_fields,
    record_files,
    record_lists,
    record_threads,
    recycling,
    roles,
    search,
    secret_addresses,
    settings,
    stage_conversion,
    stage_moves,
    stream,
    talk,
    tasks,
    today,
    writing,
)
from web.failures import install_error_pages
from web.health import StoreNumbers
from web.live import LiveStreams
from web.measuring import RequestTimes
from web.security import SecurityHeaders
from web.services import Services
from web.tracking import TrackingInFront
from web.upload_limit import UploadLimit

PAGES = (
    door,
    today,
    mail,
    mail_events,
    acting,
    arranging,
    message_body,
    message_files,
    posts,
    picking,
    comments,
    stream,
    talk,
    duplicates,
    importing,
    exporting,
    new_records,
    stage_conversion,
    stage_moves,
    contacts,
    completion,
    deal_lines,
    deals,
    lead_runs,
    lead_numbers,
    lead_conversion,
    leads,
    record_fields,
    record_lists,
    record_threads,
    numbers,
    receipts,
    bulk_acts,
    bulk_edits,
    choosing,
    custom_fields,
    catalogue,
    merging,
    recycling,
    record_files,
    tasks,
    feed,
    secret_addresses,
    search,
    notifications,
    mail_templates,
    writing,
    drafts,
    campaigns,
    oauth,
    mailbox_wizard,
    mailboxes,
    mailbox,
    mailbox_choices,
    mailbox_removal,
    customers_mail,
    company,
    kept_out,
    crm_mode,
    pipelines,
    plans,
    departments,
    roles,
    handing_over,
    settings,
)
API = (
    api_campaigns,
    api_connecting,
    api_crm_mode,
    api_company,
    api_policies,
    api_mail,
    api_mailboxes,
    api_acting,
    api_arranging,
    api_drafts,
    api_outgoing,
    api_templates,
    api_exporting,
    api_importing,
    api_numbers,
    api_activities,
    api_leads,
    api_bulk_edits,
    api_pipelines,
    api_products,
    api_duplicates,
    api_record_lists,
    api_records,
    api_completion,
    api_record_fields,
    api_record_files,
    api_recycling,
    api_roles,
    api_handing_over,
    api_merging,
    api_work,
    api_task_acts,
    api_posts,
    api_follows,
    api_saved_views,
    api_notifications,
    api_searching,
)
SMALLEST_COMPRESSED = 1000


def create_app(services: Services) -> FastAPI:
    """The whole of what we say over HTTP, on what `services` holds.

    Whoever stops the server calls `app.state.live.close()` first: open streams would keep it waiting.
    """
    app = FastAPI(title="Mailsync", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    app.state.live = LiveStreams(services.store)
    install_error_pages(app)
    for module in (static_files, *PAGES, health, live, docs, *API):
        app.router.routes.extend(module.router.routes)
    app.state.registry = registry = CollectorRegistry()
    registry.register(StoreNumbers(services.store))
    app.add_middleware(RequestTimes, registry=registry)
    app.add_middleware(UploadLimit)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED)
    app.add_middleware(SecurityHeaders, https=services.settings.public_url.startswith("https:"))
    if services.tracker is not None:
        app.add_middleware(_tracking_first, tracker=services.tracker)
    return app


def _tracking_first(app: ASGIApp, *, tracker: ASGIApp) -> ASGIApp:
    return TrackingInFront(tracker, app)
