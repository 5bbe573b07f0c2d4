"""Who is let in where: pages. The words are explained in `expected.py`."""

PAGES = """
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
works                   POST /mail/acts
theirs                  POST /mail/acts/{name}/undo
theirs                  GET /mail/messages/{message_id}/body
theirs                  GET /mail/messages/{message_id}/events
theirs                  GET /mail/messages/{message_id}/designed
theirs                  GET /mail/messages/{message_id}/parts/{index}
theirs                  GET /mail/messages/{message_id}/parts/{index}/preview
theirs                  GET /mail/messages/{message_id}/raw
theirs                  GET /mail/messages/{message_id}/reply
theirs                  GET /mail/messages/{message_id}/forward
theirs                  GET /mail/messages/{message_id}/draft
theirs                  POST /mail/messages/{message_id}/draft/discard
any                     GET /stream
works                   GET /entries/new
works see-contact       POST /entries
works see-contact       POST /entries/{activity_id}/complete
works see-contact       POST /entries/{activity_id}/reopen
works see-contact oversees  GET /entries/{activity_id}/edit
works see-contact oversees  POST /entries/{activity_id}/edit
works see-contact oversees  POST /entries/{activity_id}/delete
works see-contact oversees  POST /entries/{activity_id}/restore
see-contact             POST /follow
any                     GET /contacts/duplicates
any                     GET /companies/duplicates
any                     GET /leads/duplicates
works edit-contact      POST /records/duplicates/dismiss
import                  GET /{records}/import
import                  POST /{records}/import
import oversees         GET /{records}/import/{run_id}
import oversees         GET /{records}/import/{run_id}/progress
import oversees         POST /{records}/import/{run_id}/try
import oversees         POST /{records}/import/{run_id}/run
import oversees         POST /{records}/import/{run_id}/undo
import oversees         GET /{records}/import/{run_id}/errors.csv
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
works edit-deal         GET /deals/{deal_id}/move
works edit-deal         POST /deals/{deal_id}/stage
works                   POST /leads/many/convert
works                   POST /leads/many
admin                   GET /leads/runs/{number}
admin                   POST /leads/runs/{number}/undo
admin                   POST /leads/runs/{number}/stop
any                     GET /leads/numbers
works edit-lead         GET /leads/{lead_id}/convert
works edit-lead         GET /leads/{lead_id}/convert/fields
works edit-lead         POST /leads/{lead_id}/client
works edit-lead         POST /leads/{lead_id}/convert
any                     GET /leads
see-lead                GET /leads/{lead_id}
works                   GET /leads/new
works                   POST /leads
works edit-lead         GET /leads/{lead_id}/move
works edit-lead         POST /leads/{lead_id}/stage
works edit-lead         POST /leads/{lead_id}/junk
works edit-lead         POST /leads/{lead_id}/take-up
works edit-contact      GET /edit/{kind}/{record_id}
works edit-contact      POST /edit/{kind}/{record_id}
see-contact             GET /history/{kind}/{record_id}
any                     POST /views
any                     GET /lists/{kind}/columns
theirs                  POST /views/{view_id}/remove
any                     GET /numbers
any                     GET /deals/lane
import oversees         POST /{records}/import/{run_id}/stop
import oversees         POST /{records}/import/{run_id}/go-on
any                     GET /settings/company
settings                POST /settings/company
settings                POST /settings/company/formats
settings                POST /settings/company/holidays
settings                POST /settings/company/holidays/remove
any                     GET /settings/kept-out
settings                POST /settings/kept-out/lists/{which}
settings                POST /settings/kept-out/limits
settings                POST /settings/kept-out/senders
settings                POST /settings/kept-out/senders/{rule_id}/remove
any                     GET /settings/absences
admin                   POST /settings/absences
admin                   POST /settings/absences/{absence_id}/remove
mailbox                 GET /settings/mailboxes/{mailbox_id}/customers
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/senders
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/senders/{rule_id}/remove
mailbox                 GET /settings/mailboxes/{mailbox_id}/customers/run
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/run
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/run/{number}/undo
mailbox                 POST /settings/mailboxes/{mailbox_id}/customers/run/{number}/stop
works                   GET /choose/{kind}
works edit-deal         GET /deals/{deal_id}/products
works edit-deal         POST /deals/{deal_id}/products
any                     GET /settings/products
oversees                GET /settings/products/new
oversees                POST /settings/products
oversees                GET /settings/products/{product_id}
oversees                POST /settings/products/{product_id}
oversees                POST /settings/products/{product_id}/{act}
any                     GET /settings/receipts
settings                POST /settings/receipts
theirs                  POST /settings/receipts/{mailbox_id}
works                   POST /bulk/{kind}
works whole             POST /bulk/{kind}/edit
works                   POST /bulk/{kind}/ask/{question}
works                   POST /bulk/{kind}/delete
works                   POST /bulk/{kind}/move
export-any              POST /bulk/{kind}/export
admin                   GET /bulk/{edit_id}
admin                   POST /bulk/{edit_id}/undo
admin                   POST /bulk/{edit_id}/stop
any                     GET /settings/fields
settings                GET /settings/fields/new
settings                POST /settings/fields
settings                GET /settings/fields/{field_id}
settings                POST /settings/fields/{field_id}
settings                POST /settings/fields/{field_id}/{act}
works see-contact       GET /records/{name}/merge
works edit-contact whole  POST /records/{name}/merge
works edit-contact whole  POST /records/merges/{merge_id}/undo
works delete-contact    GET /records/{name}/delete
works delete-contact    POST /records/{name}/delete
works delete-contact    POST /records/{name}/restore
see-contact             GET /records/{name}/conversations
see-contact             GET /records/{name}/conversations/newest
see-contact             GET /records/{name}/files
see-contact             GET /records/{name}/files/newest
works edit-contact      POST /records/{name}/files
see-contact             GET /files/{file_id}
see-contact             GET /files/{file_id}/preview
works see-contact       GET /files/{file_id}/rename
works edit-contact      POST /files/{file_id}/rename
works edit-contact      POST /files/{file_id}/delete
works edit-contact      POST /files/{file_id}/restore
admin                   GET /records/{name}/remove
admin                   POST /records/{name}/remove
any                     GET /settings/recycle-bin
any                     GET /tasks
works                   GET /tasks/new
works                   POST /tasks
see-contact             GET /tasks/{task_id}
works oversees          POST /tasks/{task_id}/complete
works oversees          POST /tasks/{task_id}/reopen
works oversees          POST /tasks/{task_id}/delete
works oversees          POST /tasks/{task_id}/restore
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
settings                GET /settings/lead-stages/{stage_id}/conversion
settings                POST /settings/lead-stages/{stage_id}/conversion
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
admin                   GET /settings/people/{user_id}/hand-over
admin                   POST /settings/people/{user_id}/hand-over
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
self                    POST /settings/account/formats
self                    POST /settings/account/reading
self                    POST /settings/account/password
theirs                  POST /mail/messages/{message_id}/split
theirs                  GET /mail/threads/{thread_id}/merge
theirs                  POST /mail/threads/{thread_id}/merge
theirs                  GET /mail/threads/{thread_id}/records
theirs                  POST /mail/threads/{thread_id}/records
theirs                  POST /mail/changes/{change_id}/undo
works                   GET /stream/new
works                   POST /stream/posts
works oversees          GET /feed/{post_id}/edit
works oversees          POST /feed/{post_id}/edit
works oversees          POST /feed/{post_id}/delete
works oversees          POST /feed/{post_id}/restore
any                     GET /feed/{post_id}/files/{position}
any                     GET /feed/{post_id}/files/{position}/preview
any                     GET /stream/choices
theirs                  GET /comments/{comment_id}/edit
theirs                  POST /comments/{comment_id}/edit
theirs                  POST /comments/{comment_id}/delete
theirs                  POST /comments/{comment_id}/restore
any                     GET /stream/fresh
any                     GET /stream/again
any                     GET /feed/{post_id}/talk
see-contact             GET /tasks/{task_id}/talk
see-contact             GET /entries/{activity_id}/talk
see-contact             GET /stories/{kind}/{record_id}/fresh
see-contact             GET /entries/{activity_id}
works see-contact       POST /entries/{activity_id}/comments
theirs                  GET /mail/messages/{message_id}/task
theirs                  POST /mail/messages/{message_id}/task
works oversees          POST /tasks/{task_id}/mail/remove
"""
