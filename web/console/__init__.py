"""Pages for people, one module per noun. A route reads through a repository with the viewer and renders a template."""
