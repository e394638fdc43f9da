#!/usr/bin/env bash
# Make .venv hold exactly the lock named by $1 (run or dev), and Tellerline itself from src/.
set -euo pipefail
cd "$(dirname "$0")/.."
export VIRTUAL_ENV="$PWD/.venv"
.venv/bin/uv pip sync --quiet --require-hashes "requirements/$1.txt"
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
