"""The doors for customers and programs: the HTTP and WebSocket interface, and the pages."""
