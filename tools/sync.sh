#!/usr/bin/env bash
# Make .venv hold exactly the lock named by $1 (run or dev), and Tellerline itself from src/.
set -euo pipefail
cd "$(dirname "$0")/.."
export VIRTUAL_ENV="$PWD/.venv"
# Compiled once here: a process that may not write bytecode would otherwise compile all of it at each start.
.venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes "requirements/$1.txt"
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
