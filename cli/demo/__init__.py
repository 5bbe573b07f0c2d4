"""What `mailsync demo` needs beside the daemon: a sample company, its mail server, and a sink for what it sends."""
