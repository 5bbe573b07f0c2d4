"""What a page or the API is given about conversations: plain frozen values, complete, without a way back to rows.

Each room is named as the room of `crm/conversations/repository` that fills it.
"""
