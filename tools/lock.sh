#!/usr/bin/env bash
# Resolve requirements/*.txt anew, for every platform and Python from 3.11, with hashes and without any index address.
# Extra arguments go to uv, for example: tools/lock.sh --upgrade-package starlette
set -euo pipefail
cd "$(dirname "$0")/.."

lock() {
    local name=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" --output-file "requirements/$name.txt" "$@"
}

lock bootstrap requirements/bootstrap.in "$@"
lock dev pyproject.toml requirements/build.in requirements/dev.in "$@"
# The running product uses the very versions that the tests used.
lock run pyproject.toml requirements/build.in --constraint requirements/dev.txt "$@"
lock web requirements/web.in "$@"
