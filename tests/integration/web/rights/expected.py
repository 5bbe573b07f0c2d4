"""Who is let in where. Every route of the application stands here; one that does not fails the test.

Each line begins with all that it takes: `works` (the right to change anything at all), `see`, `edit` or `delete` with a kind
of record (the hidden one), `export-any`, `oversees`, `settings`, `admin`, `import`, `connect`, `read` and `write` of campaigns,
`whole` (every field of contacts), `boxes` (a mailbox to write from), `mailbox` (steering somebody else's mailbox).
`any`: whoever has any right; `self`: whoever is signed in; `open`: anybody; `theirs`: what belongs to somebody else alone,
such as private mail, a token, a view: nobody here.
"""

TABLE = """
open                    GET /static/{path}
open                    GET /login
open                    POST /login
open                    POST /logout
open                    GET /healthz
open                    GET /readyz
open                    GET /api/openapi.json
open                    GET /api/docs
open                    GET /metrics
any                     GET /live
any                     GET /
any                     GET /mail
theirs                  GET /mail/threads/{thread_id}
theirs                  GET /mail/messages/{message_id}
theirs                  POST /mail/threads/{thread_id}/done
theirs                  POST /mail/threads/{thread_id}/waiting
theirs                  POST /mail/acts
theirs                  POST /mail/acts/{name}/undo
theirs                  GET /mail/messages/{message_id}/body
theirs                  GET /mail/messages/{message_id}/designed
theirs                  GET /mail/messages/{message_id}/parts/{index}
theirs                  GET /mail/messages/{message_id}/parts/{index}/preview
theirs                  GET /mail/messages/{message_id}/raw
theirs                  GET /mail/messages/{message_id}/reply
theirs                  GET /mail/messages/{message_id}/forward
theirs                  GET /mail/messages/{message_id}/draft
theirs                  POST /mail/messages/{message_id}/draft/discard
any                     GET /stream
any                     GET /entries/new
works see-contact       POST /entries
works see-contact       POST /entries/{activity_id}/complete
see-contact             POST /follow
any                     GET /contacts/duplicates
any                     GET /companies/duplicates
works edit-contact      POST /records/duplicates/dismiss
import                  GET /contacts/import
import                  POST /contacts/import
import                  GET /contacts/import/{run_id}
import                  GET /contacts/import/{run_id}/progress
import                  POST /contacts/import/{run_id}/try
import                  POST /contacts/import/{run_id}/run
import                  POST /contacts/import/{run_id}/undo
import                  GET /contacts/import/{run_id}/errors.csv
export-any              GET /contacts.{form}
export-any              GET /companies.{form}
export-any              GET /leads.{form}
export-any              GET /deals.{form}
any                     GET /contacts
works                   GET /contacts/new
works                   POST /contacts
see-contact             GET /contacts/{contact_id}
any                     GET /companies
works                   POST /companies
works                   GET /companies/new
see-company             GET /companies/{company_id}
see-contact             GET /contacts/{contact_id}/suggestions
works edit-contact whole  POST /contacts/{contact_id}/suggestions
any                     GET /deals
works                   GET /deals/new
works                   POST /deals
see-deal                GET /deals/{deal_id}
works edit-deal         POST /deals/{deal_id}/stage
works                   POST /leads/many/convert
works                   POST /leads/many
theirs                  GET /leads/runs/{number}
works                   POST /leads/runs/{number}/undo
any                     GET /leads/numbers
works edit-lead         GET /leads/{lead_id}/convert
works edit-lead         POST /leads/{lead_id}/convert
any                     GET /leads
see-lead                GET /leads/{lead_id}
works edit-lead         POST /leads/{lead_id}/stage
works edit-lead         POST /leads/{lead_id}/junk
works edit-lead         POST /leads/{lead_id}/take-up
works edit-contact      GET /edit/{kind}/{record_id}
works edit-contact      POST /edit/{kind}/{record_id}
see-contact             GET /history/{kind}/{record_id}
any                     POST /views
theirs                  POST /views/{view_id}/remove
any                     GET /numbers
any                     GET /deals/lane
import                  POST /contacts/import/{run_id}/stop
import                  POST /api/v1/imports/{run_id}/stop
any                     GET /settings/company
settings                POST /settings/company
settings                POST /settings/company/holidays
settings                POST /settings/company/holidays/remove
any                     GET /api/v1/company
settings                PUT /api/v1/company
any                     GET /settings/kept-out
settings                POST /settings/kept-out/lists/{which}
settings                POST /settings/kept-out/senders
settings                POST /settings/kept-out/senders/{rule_id}/remove
any                     GET /api/v1/address-lists
settings                PATCH /api/v1/address-lists
any                     GET /api/v1/sender-rules
settings                POST /api/v1/sender-rules
settings                DELETE /api/v1/sender-rules/{rule_id}
any                     GET /settings/absences
works                   POST /settings/absences
theirs                  POST /settings/absences/{absence_id}/remove
any                     GET /api/v1/people/{user_id}/absences
admin                   POST /api/v1/people/{user_id}/absences
admin                   DELETE /api/v1/people/{user_id}/absences/{absence_id}
mailbox                 GET /settings/mailboxes/{mailbox_id}/customers
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/senders
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/senders/{rule_id}/remove
mailbox                 GET /settings/mailboxes/{mailbox_id}/customers/run
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/run
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/run/{number}/undo
mailbox                 GET /api/v1/mailboxes/{mailbox_id}/policy
mailbox                 PATCH /api/v1/mailboxes/{mailbox_id}/policy
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/trial
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/runs
mailbox                 GET /api/v1/mailboxes/{mailbox_id}/policy/runs/{number}
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/runs/{number}/undo
works                   GET /choose/{kind}
works edit-deal         GET /deals/{deal_id}/products
works edit-deal         POST /deals/{deal_id}/products
any                     GET /settings/products
oversees                GET /settings/products/new
oversees                POST /settings/products
oversees                GET /settings/products/{product_id}
oversees                POST /settings/products/{product_id}
oversees                POST /settings/products/{product_id}/{act}
any                     GET /api/v1/products
any                     GET /api/v1/bulk-edits
works                   POST /api/v1/bulk-edits
works                   GET /api/v1/bulk-edits/{edit_id}
works                   POST /api/v1/bulk-edits/{edit_id}/undo
oversees                POST /api/v1/products
oversees                PUT /api/v1/products/{product_id}
oversees                POST /api/v1/products/{product_id}/retire
oversees                POST /api/v1/products/{product_id}/offer
see-deal                GET /api/v1/deals/{deal_id}/products
works edit-deal         PUT /api/v1/deals/{deal_id}/products
any                     GET /settings/receipts
settings                POST /settings/receipts
theirs                  POST /settings/receipts/{mailbox_id}
works                   POST /bulk/{kind}
works                   POST /bulk/{kind}/edit
theirs                  GET /bulk/{edit_id}
theirs                  POST /bulk/{edit_id}/undo
any                     GET /settings/fields
settings                GET /settings/fields/new
settings                POST /settings/fields
settings                GET /settings/fields/{field_id}
settings                POST /settings/fields/{field_id}
settings                POST /settings/fields/{field_id}/{act}
works see-contact       GET /records/{name}/merge
works edit-contact whole  POST /records/{name}/merge
works edit-contact      POST /records/merges/{merge_id}/undo
works see-contact       GET /records/{name}/delete
works delete-contact    POST /records/{name}/delete
works delete-contact    POST /records/{name}/restore
admin                   GET /records/{name}/remove
admin                   POST /records/{name}/remove
any                     GET /settings/recycle-bin
any                     GET /tasks
works                   GET /tasks/new
works                   POST /tasks
see-contact             GET /tasks/{task_id}
works oversees          POST /tasks/{task_id}/complete
works oversees          POST /tasks/{task_id}/reopen
works see-contact       POST /tasks/{task_id}/comments
any                     GET /feed
works                   GET /feed/new
works                   POST /feed
any                     GET /feed/{post_id}
works                   POST /feed/{post_id}/comments
works                   POST /secret-addresses
any                     GET /secret-addresses/{purpose}/code.svg
any                     GET /search
any                     GET /notifications
any                     POST /notifications/read
any                     POST /notifications/{notice_id}/open
any                     GET /settings/templates
works                   POST /settings/templates
any                     GET /settings/templates/{template_id}
settings                POST /settings/templates/{template_id}
settings                POST /settings/templates/{template_id}/delete
any                     GET /compose/template
boxes                   GET /compose
boxes                   POST /outgoing
theirs                  POST /outgoing/{outgoing_id}/cancel
theirs                  GET /outgoing/{outgoing_id}/edit
any                     GET /outbox
theirs                  POST /outgoing/{outgoing_id}/again
theirs                  POST /outgoing/{outgoing_id}/arrived
boxes                   POST /mail/drafts
read                    GET /campaigns
write                   GET /campaigns/new
write                   POST /campaigns
write                   GET /campaigns/segments/new
read                    POST /campaigns/segments/count
write                   POST /campaigns/segments
admin                   GET /campaigns/senders/new
admin                   POST /campaigns/senders
read                    GET /campaigns/{campaign_id}
read                    GET /campaigns/{campaign_id}/preview
write                   POST /campaigns/{campaign_id}/test
write                   POST /campaigns/{campaign_id}/start
write                   POST /campaigns/{campaign_id}/{act}
connect                 GET /settings/mailboxes/oauth/start
connect                 POST /settings/mailboxes/oauth/start
connect                 GET /settings/mailboxes/oauth/callback/{provider}
connect                 GET /settings/mailboxes/new
connect                 POST /settings/mailboxes/new/servers
connect                 POST /settings/mailboxes/new/test
connect                 POST /settings/mailboxes
mailbox                 GET /settings/mailboxes/{mailbox_id}/connected
any                     GET /settings
mailbox                 POST /settings/mailboxes/{mailbox_id}/password
mailbox                 POST /settings/mailboxes/{mailbox_id}/pause
mailbox                 POST /settings/mailboxes/{mailbox_id}/resume
mailbox                 GET /settings/mailboxes/{mailbox_id}
mailbox                 POST /settings/mailboxes/{mailbox_id}/pass
mailbox                 POST /settings/mailboxes/{mailbox_id}/audit
theirs                  GET /settings/mailboxes/{mailbox_id}/quarantine/{quarantine_id}
mailbox                 POST /settings/mailboxes/{mailbox_id}/quarantine
mailbox                 POST /settings/mailboxes/{mailbox_id}/loading
mailbox                 POST /settings/mailboxes/{mailbox_id}/names
theirs                  POST /settings/mailboxes/{mailbox_id}/privacy
mailbox                 POST /settings/mailboxes/{mailbox_id}/people
mailbox                 GET /settings/mailboxes/{mailbox_id}/remove
mailbox                 POST /settings/mailboxes/{mailbox_id}/remove
mailbox                 POST /settings/mailboxes/{mailbox_id}/keep
any                     GET /settings/crm
any                     GET /settings/crm/progress
settings                POST /settings/crm
settings                POST /settings/crm/repeat
any                     GET /settings/pipelines
settings                POST /settings/pipelines
settings                POST /settings/pipelines/{pipeline_id}/rename
settings                POST /settings/pipelines/{pipeline_id}/move
settings                POST /settings/pipelines/{pipeline_id}/remove
settings                POST /settings/pipelines/{pipeline_id}/stages
settings                POST /settings/lead-stages
settings                POST /settings/deal-stages/{stage_id}
settings                POST /settings/lead-stages/{stage_id}
settings                POST /settings/deal-stages/{stage_id}/move
settings                POST /settings/lead-stages/{stage_id}/move
settings                POST /settings/deal-stages/{stage_id}/remove
settings                POST /settings/lead-stages/{stage_id}/remove
any                     GET /settings/departments
admin                   POST /settings/departments
any                     GET /settings/departments/{department_id}
admin                   POST /settings/departments/{department_id}
admin                   POST /settings/departments/{department_id}/remove
any                     GET /settings/people/{user_id}
admin                   POST /settings/people/{user_id}/rights
any                     GET /settings/roles
admin                   POST /settings/roles
any                     GET /settings/roles/{role_id}
admin                   POST /settings/roles/{role_id}
admin                   POST /settings/roles/{role_id}/reset
admin                   GET /settings/roles/{role_id}/remove
admin                   POST /settings/roles/{role_id}/remove
any                     GET /settings/people
admin                   POST /settings/people
admin                   POST /settings/people/{user_id}/role
admin                   POST /settings/people/{user_id}/{act}
any                     GET /settings/tokens
any                     POST /settings/tokens
admin                   POST /settings/tokens/{token_id}/revoke
admin                   GET /settings/system
self                    GET /settings/account
self                    POST /settings/account/reading
self                    POST /settings/account/password
read                    GET /api/v1/campaigns
read                    GET /api/v1/campaigns/{campaign_id}
read                    GET /api/v1/campaigns/{campaign_id}/report
connect                 POST /api/v1/mailboxes/find
connect                 POST /api/v1/mailboxes/test
connect                 POST /api/v1/mailboxes
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/test
any                     GET /api/v1/crm/mode
settings                PUT /api/v1/crm/mode
settings                PUT /api/v1/crm/mode/repeat
any                     GET /api/v1/threads
theirs                  GET /api/v1/threads/{thread_id}
theirs                  PATCH /api/v1/threads/{thread_id}
theirs                  GET /api/v1/messages/{message_id}
theirs                  GET /api/v1/messages/{message_id}/content
theirs                  GET /api/v1/messages/{message_id}/raw
theirs                  GET /api/v1/messages/{message_id}/parts/{index}
any                     GET /api/v1/mailboxes
mailbox                 GET /api/v1/mailboxes/{mailbox_id}
mailbox                 GET /api/v1/mailboxes/{mailbox_id}/choices
mailbox                 PATCH /api/v1/mailboxes/{mailbox_id}/choices
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/pass
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/pause
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/resume
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/audit
theirs                  GET /api/v1/mailboxes/{mailbox_id}/quarantine/{quarantine_id}/raw
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/quarantine/retry
mailbox                 GET /api/v1/mailboxes/{mailbox_id}/removal
mailbox                 DELETE /api/v1/mailboxes/{mailbox_id}
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/keep
theirs                  POST /api/v1/acts
theirs                  GET /api/v1/acts/{name}
theirs                  POST /api/v1/acts/{name}/undo
any                     GET /api/v1/folders
theirs                  POST /api/v1/drafts
theirs                  PUT /api/v1/drafts/{message_id}
theirs                  DELETE /api/v1/drafts/{message_id}
any                     GET /api/v1/outgoing
theirs                  POST /api/v1/outgoing
theirs                  GET /api/v1/outgoing/{outgoing_id}
theirs                  POST /api/v1/outgoing/{outgoing_id}/cancel
any                     GET /api/v1/templates
works                   POST /api/v1/templates
any                     GET /api/v1/templates/{template_id}
settings                PUT /api/v1/templates/{template_id}
settings                DELETE /api/v1/templates/{template_id}
any                     POST /api/v1/templates/{template_id}/fill
export-any              GET /api/v1/contacts.{form}
export-any              GET /api/v1/companies.{form}
export-any              GET /api/v1/leads.{form}
export-any              GET /api/v1/deals.{form}
import                  POST /api/v1/imports
any                     GET /api/v1/imports
import                  GET /api/v1/imports/{run_id}
import                  GET /api/v1/imports/{run_id}/errors
import                  GET /api/v1/imports/{run_id}/errors.csv
import                  POST /api/v1/imports/{run_id}/try
import                  POST /api/v1/imports/{run_id}/run
import                  POST /api/v1/imports/{run_id}/undo
any                     GET /api/v1/numbers
any                     GET /api/v1/lead-numbers
any                     GET /api/v1/lead-stages
works edit-lead         POST /api/v1/leads/{lead_id}/stage
see-lead                GET /api/v1/leads/{lead_id}/conversion
works edit-lead         POST /api/v1/leads/{lead_id}/convert
works                   POST /api/v1/lead-runs
theirs                  GET /api/v1/lead-runs/{number}
works                   POST /api/v1/lead-runs/{number}/undo
settings                POST /api/v1/pipelines
settings                PUT /api/v1/pipelines/{pipeline_id}
settings                POST /api/v1/pipelines/{pipeline_id}/move
settings                DELETE /api/v1/pipelines/{pipeline_id}
settings                POST /api/v1/pipelines/{pipeline_id}/stages
settings                PUT /api/v1/deal-stages/{stage_id}
settings                POST /api/v1/deal-stages/{stage_id}/move
settings                DELETE /api/v1/deal-stages/{stage_id}
settings                POST /api/v1/lead-stages
settings                PUT /api/v1/lead-stages/{stage_id}
settings                POST /api/v1/lead-stages/{stage_id}/move
settings                DELETE /api/v1/lead-stages/{stage_id}
any                     GET /api/v1/contacts/duplicates
any                     GET /api/v1/companies/duplicates
works edit-contact      POST /api/v1/contacts/duplicates/dismiss
works edit-contact      POST /api/v1/companies/duplicates/dismiss
any                     GET /api/v1/contacts
works                   POST /api/v1/contacts
see-contact             GET /api/v1/contacts/{contact_id}
any                     GET /api/v1/companies
works                   POST /api/v1/companies
see-company             GET /api/v1/companies/{company_id}
any                     GET /api/v1/leads
works                   POST /api/v1/leads
see-lead                GET /api/v1/leads/{lead_id}
works edit-lead         POST /api/v1/leads/{lead_id}/junk
works edit-lead         POST /api/v1/leads/{lead_id}/take-up
any                     GET /api/v1/pipelines
any                     GET /api/v1/deals
works                   POST /api/v1/deals
see-deal                GET /api/v1/deals/{deal_id}
works edit-deal         POST /api/v1/deals/{deal_id}/stage
any                     GET /api/v1/activities
works see-contact       POST /api/v1/activities
see-contact             GET /api/v1/timeline/{record_type}/{record_id}
see-contact             GET /api/v1/contacts/{contact_id}/suggestions
works edit-contact whole  POST /api/v1/contacts/{contact_id}/suggestions
any                     GET /api/v1/fields/{record_type}
see-contact             GET /api/v1/history/{record_type}/{record_id}
works edit-contact whole  PATCH /api/v1/contacts/{record_id}
works edit-company      PATCH /api/v1/companies/{record_id}
works edit-lead         PATCH /api/v1/leads/{record_id}
works edit-deal         PATCH /api/v1/deals/{record_id}
works delete-contact    DELETE /api/v1/contacts/{record_id}
works delete-contact    POST /api/v1/contacts/{record_id}/restore
works delete-company    DELETE /api/v1/companies/{record_id}
works delete-company    POST /api/v1/companies/{record_id}/restore
works delete-lead       DELETE /api/v1/leads/{record_id}
works delete-lead       POST /api/v1/leads/{record_id}/restore
works delete-deal       DELETE /api/v1/deals/{record_id}
works delete-deal       POST /api/v1/deals/{record_id}/restore
any                     GET /api/v1/roles
admin                   POST /api/v1/roles
admin                   PUT /api/v1/roles/{role_id}
admin                   DELETE /api/v1/roles/{role_id}
any                     GET /api/v1/departments
admin                   POST /api/v1/departments
admin                   PUT /api/v1/departments/{department_id}
admin                   DELETE /api/v1/departments/{department_id}
any                     GET /api/v1/people
admin                   PUT /api/v1/people/{user_id}/role
admin                   PUT /api/v1/people/{user_id}/departments
admin                   GET /api/v1/people/{user_id}/rights
works edit-contact whole  POST /api/v1/contacts/{record_id}/merge
works edit-company      POST /api/v1/companies/{record_id}/merge
works edit-lead         POST /api/v1/leads/{record_id}/merge
works edit-contact      POST /api/v1/merges/{merge_id}/undo
any                     GET /api/v1/tasks
works                   POST /api/v1/tasks
see-contact             GET /api/v1/tasks/{task_id}
works oversees          POST /api/v1/tasks/{task_id}/complete
works oversees          POST /api/v1/tasks/{task_id}/reopen
any                     GET /api/v1/posts
works                   POST /api/v1/posts
any                     GET /api/v1/posts/{post_id}
see-contact             GET /api/v1/comments/{subject}/{subject_id}
works see-contact       POST /api/v1/comments/{subject}/{subject_id}
any                     GET /api/v1/intake-addresses
"""
EXPECTED = {" ".join(line.split()[-2:]): frozenset(line.split()[:-2]) for line in TABLE.strip().splitlines()}
