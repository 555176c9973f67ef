#!/usr/bin/env python3
"""Tries the API against its own document with schemathesis, as several people side by side, each in a house of its own.

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
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).parent
NOW = "2026-12-01T10:00:00+09:00"
PASSWORD = "jari-demo-2026"
# Who tries, and how many requests each operation gets beside those that the document itself leads to. The owner gets
# furthest; nobody else may do more than look and be refused.
PEOPLE = {"owner": 6, "diner": 4, "admin": 4, "nobody": 3}
# A run that takes longer is a failure: two cores are slow, not hung.
LONGEST_SECONDS = 900


def ask(url: str, body: dict) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def try_as(person: str, examples: int, binary: str) -> tuple[bool, str]:
    """Opens a house, signs in and lets schemathesis go. Whether it found nothing, and what it says."""
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
                [*command, "--max-examples", str(examples), *headers],
                cwd=folder,
                timeout=LONGEST_SECONDS,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return tried.returncode == 0, tried.stdout
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode(errors="replace")
        return False, f"{said}\nnot done after {LONGEST_SECONDS} s"
    finally:
        house.send_signal(signal.SIGTERM)
        house.wait(timeout=30)


def main() -> int:
    binary, *people = sys.argv[1:]
    binary = str(pathlib.Path(binary).resolve())
    failed = []
    # Half of the work is schemathesis's own, of one core: side by side, they share what there is.
    with ThreadPoolExecutor() as side_by_side:
        tries = {person: side_by_side.submit(try_as, person, PEOPLE[person], binary) for person in people or PEOPLE}
        for person, tried in tries.items():
            passed, said = tried.result()
            print(f"\n##### as {person}\n{said}", flush=True)
            if not passed:
                failed.append(person)
    if failed:
        print(f"\nFAILED as {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
