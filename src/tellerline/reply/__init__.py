"""What the assistant says: approved copy with gated fields, and the guard every outbound text passes."""
