"""Texts for single mails that people write once and send often: their own, and those that everybody shares.

Subject and text are Liquid, as in campaigns. A value that is not known stays in the text as its placeholder, and a mail
that still holds one is not sent without a question: nobody gets a “Dear {{ contact.first_name }}”.

    repository  the rows, and who sees them       keeping  written, changed, deleted: what is wrong is told at once
    filling     what is known of the person who is written to, and the text with it
"""
