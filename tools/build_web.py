"""Build the pages in web/ into src/tellerline/web/dist, when they have changed since the last build.

Uses the system's Node when it is new enough, else the Node wheel pinned in requirements/web.txt.
Needs nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNHASHED = frozenset({"node_modules", "dist", ".vite", "coverage", "test-results", ".DS_Store"})


class BuildFailed(Exception):
    """The pages could not be built; the message says what to do."""


def fingerprint(web: Path) -> str:
    """Hash the names and contents of every source file under `web`."""
    digest = hashlib.sha256()
    for path in sorted(web.rglob("*")):
        relative = path.relative_to(web)
        if path.is_file() and UNHASHED.isdisjoint(relative.parts):
            digest.update(relative.as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_new_enough(version: str) -> bool:
    """Say whether Vite runs on the Node that calls itself `version`, such as "v20.19.0"."""
    match = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\S*", version.strip())
    if match is None:
        return False
    found = (int(match[1]), int(match[2]))
    return (20, 19) <= found < (21, 0) or found >= (22, 12)


def find_node(path: str) -> Path | None:
    """Find the folder on `path` that holds npm and a Node that is new enough."""
    for folder in path.split(os.pathsep):
        node, npm = (shutil.which(name, path=folder) for name in ("node", "npm"))
        if node and npm and is_new_enough(_output_of([node, "--version"])):
            return Path(folder)
    return None


def _output_of(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _environment(root: Path) -> dict[str, str]:
    """Give npm's environment, with a fitting Node first on its path."""
    scripts = root / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(scripts)])
    folder = find_node(path)
    if folder is None:
        print("No Node 20.19+ with npm here: installing the pinned one into .venv …", flush=True)
        lock = root / "requirements" / "web.txt"
        uv = [str(scripts / "uv"), "pip", "install", "--quiet", "--python", str(scripts / "python")]
        _run([*uv, "--require-hashes", "-r", str(lock)], root, dict(os.environ))
        folder = find_node(path)
    if folder is None:
        raise BuildFailed("Node is missing; install Node 20.19 or newer and try again.")
    return {**os.environ, "PATH": os.pathsep.join([str(folder), path])}


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> None:
    program = shutil.which(command[0], path=environment.get("PATH")) or command[0]
    if subprocess.run([program, *command[1:]], cwd=cwd, env=environment, check=False).returncode:
        raise BuildFailed(f"{' '.join(command)} failed in {cwd}; its messages are above.")


def _install(web: Path, environment: dict[str, str]) -> None:
    """Install the locked packages, unless they are those of the last install."""
    stamp = web / "node_modules" / ".stamp"
    locked = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == locked:
        return
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], web, environment)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(locked)


def build(root: Path) -> str:
    """Build the pages of the checkout at `root` if they changed; return one line that says what happened."""
    web, dist = root / "web", root / "src" / "tellerline" / "web" / "dist"
    if not (web / "package.json").exists():
        return "No pages to build: web/package.json is not there."
    stamp, wanted = dist / ".stamp", fingerprint(web)
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    stamp.unlink(missing_ok=True)
    environment = _environment(root)
    _install(web, environment)
    _run(["npm", "run", "build"], web, environment)
    if not dist.is_dir():
        raise BuildFailed(f"npm run build ended without making {dist}.")
    stamp.write_text(wanted)
    return f"Built the pages into {dist.relative_to(root)}."


def main() -> int:
    """Run the build for this checkout."""
    try:
        said = build(ROOT)
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
