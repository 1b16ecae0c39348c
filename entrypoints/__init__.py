"""The other doors to the same rooms: the command line, the HTTP routes, the wall in front of both."""
