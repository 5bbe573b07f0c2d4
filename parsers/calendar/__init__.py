"""Invitations (RFC 5545, 5546, 6047) and the zones that their times stand in."""
