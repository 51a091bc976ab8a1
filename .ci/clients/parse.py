"""Parses all files of a language in folders, and prints what is no valid syntax. usage: parse.py swift|dart FOLDER..."""

import importlib
import sys
from pathlib import Path

from tree_sitter import Language, Parser


def errors(node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    else:
        for child in node.children:
            if child.has_error:
                yield from errors(child)


def main(language, *folders):
    grammar = importlib.import_module(f"tree_sitter_{language}")
    parser = Parser(Language(grammar.language()))
    files = [file for folder in folders for file in sorted(Path(folder).rglob(f"*.{language}"))]
    found = [
        f"{file}:{node.start_point.row + 1}: error: {node.text.decode()[:80]!r}"
        for file in files
        for node in errors(parser.parse(file.read_bytes()).root_node)
    ]
    sys.exit("\n".join(found) or (None if files else f"error: there is no {language}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
