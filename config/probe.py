"""`python -m config.probe`: whether this container's web server answers; quick, because it loads no Django."""

import os
import sys
import urllib.request


def host() -> str:
    """A name from ALLOWED_HOSTS: the server refuses every other one, its own address too."""
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return name if name not in {"", "*"} else "localhost"


def main() -> int:
    port = os.environ.get("GRANIAN_PORT", "8000")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/livez", headers={"Host": host()})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  (our own address)
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
