"""`/api/v1` for programs: bearer tokens with scopes, cursor paging, problem documents, OpenAPI at `/api/docs`."""
