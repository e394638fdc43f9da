"""Tellerline: the customer-service counter of a bank."""

import os

# Names are compared character by character; the library's phrases would only cost 40 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
