"""Who is let in where: the API. The words are explained in `expected.py`."""

PROGRAMS = """
import oversees         POST /api/v1/imports/{run_id}/stop
import oversees         POST /api/v1/imports/{run_id}/go-on
any                     GET /api/v1/company
settings                PUT /api/v1/company
any                     GET /api/v1/address-lists
settings                PATCH /api/v1/address-lists
any                     GET /api/v1/intake-limits
settings                PATCH /api/v1/intake-limits
any                     GET /api/v1/sender-rules
settings                POST /api/v1/sender-rules
settings                DELETE /api/v1/sender-rules/{rule_id}
any                     GET /api/v1/people/{user_id}/absences
admin                   POST /api/v1/people/{user_id}/absences
admin                   DELETE /api/v1/people/{user_id}/absences/{absence_id}
mailbox                 GET /api/v1/mailboxes/{mailbox_id}/policy
mailbox                 PATCH /api/v1/mailboxes/{mailbox_id}/policy
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/trial
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/runs
mailbox                 GET /api/v1/mailboxes/{mailbox_id}/policy/runs/{number}
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/runs/{number}/undo
mailbox                 POST /api/v1/mailboxes/{mailbox_id}/policy/runs/{number}/stop
any                     GET /api/v1/products
any                     GET /api/v1/bulk-edits
works whole             POST /api/v1/bulk-edits
admin                   GET /api/v1/bulk-edits/{edit_id}
admin                   POST /api/v1/bulk-edits/{edit_id}/undo
admin                   POST /api/v1/bulk-edits/{edit_id}/stop
oversees                POST /api/v1/products
oversees                PUT /api/v1/products/{product_id}
oversees                POST /api/v1/products/{product_id}/retire
oversees                POST /api/v1/products/{product_id}/offer
see-deal                GET /api/v1/deals/{deal_id}/products
works edit-deal         PUT /api/v1/deals/{deal_id}/products
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
theirs                  GET /api/v1/messages/{message_id}/events
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
works                   POST /api/v1/acts
theirs                  GET /api/v1/acts/{name}
theirs                  POST /api/v1/acts/{name}/undo
any                     GET /api/v1/folders
boxes                   POST /api/v1/drafts
theirs                  PUT /api/v1/drafts/{message_id}
theirs                  DELETE /api/v1/drafts/{message_id}
any                     GET /api/v1/outgoing
boxes                   POST /api/v1/outgoing
theirs                  GET /api/v1/outgoing/{outgoing_id}
theirs                  GET /api/v1/outgoing/{outgoing_id}/events
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
import oversees         GET /api/v1/imports/{run_id}
import oversees         GET /api/v1/imports/{run_id}/errors
import oversees         GET /api/v1/imports/{run_id}/errors.csv
import oversees         POST /api/v1/imports/{run_id}/try
import oversees         POST /api/v1/imports/{run_id}/run
import oversees         POST /api/v1/imports/{run_id}/undo
any                     GET /api/v1/numbers
any                     GET /api/v1/lead-numbers
any                     GET /api/v1/lead-stages
any                     GET /api/v1/teams
works edit-lead         POST /api/v1/leads/{lead_id}/stage
see-lead                GET /api/v1/leads/{lead_id}/conversion
works edit-lead         POST /api/v1/leads/{lead_id}/client
works edit-lead         POST /api/v1/leads/{lead_id}/convert
works                   POST /api/v1/lead-runs
any                     GET /api/v1/lead-runs
admin                   GET /api/v1/lead-runs/{number}
admin                   POST /api/v1/lead-runs/{number}/stop
admin                   POST /api/v1/lead-runs/{number}/undo
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
any                     GET /api/v1/leads/duplicates
works edit-contact      POST /api/v1/contacts/duplicates/dismiss
works edit-contact      POST /api/v1/companies/duplicates/dismiss
works edit-lead         POST /api/v1/leads/duplicates/dismiss
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
see-contact             GET /api/v1/activities/{activity_id}
works see-contact oversees  PATCH /api/v1/activities/{activity_id}
works see-contact oversees  DELETE /api/v1/activities/{activity_id}
works see-contact oversees  POST /api/v1/activities/{activity_id}/restore
works see-contact       POST /api/v1/activities/{activity_id}/complete
works see-contact       POST /api/v1/activities/{activity_id}/reopen
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
see-contact             GET /api/v1/contacts/{record_id}/files
works edit-contact      POST /api/v1/contacts/{record_id}/files
see-company             GET /api/v1/companies/{record_id}/files
works edit-company      POST /api/v1/companies/{record_id}/files
see-lead                GET /api/v1/leads/{record_id}/files
works edit-lead         POST /api/v1/leads/{record_id}/files
see-deal                GET /api/v1/deals/{record_id}/files
works edit-deal         POST /api/v1/deals/{record_id}/files
see-contact             GET /api/v1/files/{file_id}
works edit-contact      PATCH /api/v1/files/{file_id}
works edit-contact      DELETE /api/v1/files/{file_id}
works edit-contact      POST /api/v1/files/{file_id}/restore
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
admin                   GET /api/v1/people/{user_id}/belongings
admin                   POST /api/v1/people/{user_id}/hand-over
admin                   PUT /api/v1/people/{user_id}/departments
admin                   GET /api/v1/people/{user_id}/rights
works edit-contact whole  POST /api/v1/contacts/{record_id}/merge
works edit-company      POST /api/v1/companies/{record_id}/merge
works edit-lead         POST /api/v1/leads/{record_id}/merge
works edit-contact whole  POST /api/v1/merges/{merge_id}/undo
any                     GET /api/v1/tasks
works                   POST /api/v1/tasks
see-contact             GET /api/v1/tasks/{task_id}
works oversees          POST /api/v1/tasks/{task_id}/complete
works oversees          POST /api/v1/tasks/{task_id}/reopen
works oversees          PATCH /api/v1/tasks/{task_id}
works oversees          DELETE /api/v1/tasks/{task_id}
works oversees          POST /api/v1/tasks/{task_id}/restore
works oversees          POST /api/v1/tasks/{task_id}/start
works oversees          POST /api/v1/tasks/{task_id}/records
theirs                  PUT /api/v1/tasks/{task_id}/mail
works oversees          DELETE /api/v1/tasks/{task_id}/mail
any                     GET /api/v1/search
any                     GET /api/v1/follows
see-contact             PUT /api/v1/follows/{record_type}/{record_id}
any                     DELETE /api/v1/follows/{record_type}/{record_id}
any                     GET /api/v1/views
any                     POST /api/v1/views
theirs                  PATCH /api/v1/views/{view_id}
theirs                  DELETE /api/v1/views/{view_id}
any                     GET /api/v1/notifications
any                     GET /api/v1/notifications/unread
any                     POST /api/v1/notifications/read
any                     GET /api/v1/posts
works                   POST /api/v1/posts
any                     GET /api/v1/posts/{post_id}
any                     GET /api/v1/posts/{post_id}/files/{position}
see-contact             GET /api/v1/comments/{subject}/{subject_id}
works see-contact       POST /api/v1/comments/{subject}/{subject_id}
any                     GET /api/v1/intake-addresses
theirs                  POST /api/v1/messages/{message_id}/split
theirs                  POST /api/v1/threads/{thread_id}/merge
theirs                  POST /api/v1/threads/{thread_id}/records
theirs                  POST /api/v1/thread-changes/{change_id}/undo
works oversees          PUT /api/v1/posts/{post_id}
works oversees          DELETE /api/v1/posts/{post_id}
works oversees          POST /api/v1/posts/{post_id}/restore
theirs                  PUT /api/v1/comments/{comment_id}
theirs                  DELETE /api/v1/comments/{comment_id}
theirs                  PUT /api/v1/comments/{comment_id}/restored
"""
