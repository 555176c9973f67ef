"""Checks that the links between the documents lead somewhere: files that exist, headings that are there.

Links to other sites are left alone: a test must not need the network.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """The names a page's headings can be linked by, as GitHub makes them."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+\s+(.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def broken(document: Path) -> list[str]:
    """Each link of a document that leads nowhere."""
    found = []
    for target in LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        page = (document.parent / path).resolve() if path else document
        if not page.exists():
            found.append(f"{document.relative_to(ROOT)}: {target} does not exist")
        elif anchor and anchor not in anchors(page):
            found.append(f"{document.relative_to(ROOT)}: {target} has no such heading")
    return found


def main() -> int:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("infra/**/*.md"), *ROOT.glob("tests/**/*.md")]
    documents = [document for document in documents if "node_modules" not in document.parts]
    found = [line for document in documents for line in broken(document)]
    print("\n".join(found) or f"{len(documents)} documents, every link leads somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
