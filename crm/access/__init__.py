"""Who is there, how they prove it, and what they may see: users, sign-in sessions, API tokens, `Viewer`."""
