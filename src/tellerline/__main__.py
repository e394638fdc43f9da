"""`python -m tellerline` is the `tellerline` command."""

from tellerline.cli import main

if __name__ == "__main__":
    main()
