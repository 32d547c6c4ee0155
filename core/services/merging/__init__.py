"""Two workspaces become one."""
