"""HTTP: the console for people, `/api/v1` for programs, health for whoever watches. No SQL and no decisions here."""
