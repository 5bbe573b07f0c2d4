"""Campaigns: one mail to many people, every one of whom ends in exactly one state.

    segments ──▶ audience (frozen: a row per person) ──▶ sending (claim, attempt, result: the ledger) ──▶ report
    template ──▶ compiled once, filled per person ───────▲          clicks, opens ─ journal ─▶ recording ──▲

The numbers add up at every moment, also after `kill -9`: sent + failed + skipped + in_doubt + still open = audience.
"""
