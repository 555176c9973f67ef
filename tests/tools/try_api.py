#!/usr/bin/env python3
"""Tries the API against its own document with schemathesis, as several people, each in a house of its own.

    tests/tools/try_api.py target/debug/jari-local [PERSON...]

Every response must be one that the document describes, no request may end in a 5xx, and what needs a token must refuse
who has none. The settings are in schemathesis.toml; the same requests are sent in every run.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).parent
NOW = "2026-12-01T10:00:00+09:00"
PASSWORD = "jari-demo-2026"
# Who tries, and how many requests each operation gets beside those that the document itself leads to. The owner gets
# furthest; nobody else may do more than look and be refused.
PEOPLE = {"owner": 6, "diner": 4, "admin": 4, "nobody": 3}
# A run that takes longer is a failure: two cores are slow, not hung.
LONGEST_SECONDS = 240


def ask(url: str, body: dict) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def try_as(person: str, examples: int, binary: str) -> bool:
    """Opens a house, signs in and lets schemathesis go. True if it finds nothing."""
    house = subprocess.Popen(
        [binary, "--port", "0", "--memory", "--now", NOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("JARI_")},
    )
    try:
        url = house.stdout.readline().strip().removeprefix("Jari is open at ")
        headers = []
        if person != "nobody":
            session = ask(f"{url}/v1/sessions", {"email": f"{person}@jari.test", "password": PASSWORD})
            headers = ["--header", f"Authorization: Bearer {session['accessToken']}"]
        command = ["schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", f"{url}/openapi.json"]
        # Where it keeps notes between runs is a folder of its own: no run depends on the one before.
        with tempfile.TemporaryDirectory() as folder:
            tried = subprocess.run(
                [*command, "--max-examples", str(examples), *headers], cwd=folder, timeout=LONGEST_SECONDS, check=False
            )
        return tried.returncode == 0
    except subprocess.TimeoutExpired:
        print(f"{person}: not done after {LONGEST_SECONDS} s")
        return False
    finally:
        house.send_signal(signal.SIGTERM)
        house.wait(timeout=30)


def main() -> int:
    binary, *people = sys.argv[1:]
    failed = []
    for person in people or PEOPLE:
        print(f"\n##### as {person}", flush=True)
        if not try_as(person, PEOPLE[person], str(pathlib.Path(binary).resolve())):
            failed.append(person)
    if failed:
        print(f"\nFAILED as {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
