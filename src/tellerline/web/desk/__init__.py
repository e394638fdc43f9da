"""The doors of the representatives' desk; docs/reference/desk-protocol.md says what they rely on."""
