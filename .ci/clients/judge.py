"""Compares what tools did with limits.toml: no other failure may occur, and each listed one must still occur."""

import tomllib
from pathlib import Path

OK = "ok"
# Not tried, because an earlier task of the client failed, or because there is no compiler for it.
NOT_TRIED = "-"
# A change of one schema may make a finding at every example of it.
SHOWN = 3


def read_limits(file=Path(__file__).with_name("limits.toml")):
    return tomllib.loads(file.read_text())


def unexpected_results(results, limits):
    """Results are what a client did by task, by client."""
    unused = {(it["client"], it["task"]): it for it in limits}
    for client, cells in results.items():
        for task, cell in cells.items():
            limit = unused.pop((client, task), None)
            if cell == OK and limit:
                yield f"{client}, {task}: works, but limits.toml lists it. Remove the entry."
            elif cell != OK and cell != NOT_TRIED and not (limit and limit["says"] in cell):
                yield f"{client}, {task}: {cell}"
            elif cell == NOT_TRIED and limit:
                yield f"{client}, {task}: limits.toml lists it, but it was not tried."
    for client, task in unused:
        yield f"{client}, {task}: limits.toml lists it, but there is no such client or task."


def unexpected_findings(findings, accepted):
    """Findings are tuples of tool, rule, place and message."""
    used = set()
    unlisted = {}
    for tool, rule, place, message in findings:
        matches = {key for key in keys(accepted) if key in ((tool, rule, None), (tool, rule, place))}
        used |= matches
        if not matches:
            unlisted.setdefault((tool, rule), []).append(f"{tool}, {rule}: {message} ({place})")
    for (tool, rule), complaints in unlisted.items():
        yield from complaints[:SHOWN]
        if len(complaints) > SHOWN:
            yield f"{tool}, {rule}: {len(complaints) - SHOWN} more"
    for tool, rule, place in keys(accepted):
        if (tool, rule, place) not in used:
            yield f"{tool}, {rule}{f' at {place}' if place else ''}: limits.toml lists it, but it is not found any more."


def keys(accepted):
    """What an entry accepts: a rule of a tool at each of its places, or everywhere if it names none."""
    return [(it["tool"], it["rule"], place) for it in accepted for place in it.get("at", [None])]


def table(results, tasks, limits):
    listed = {(it["client"], it["task"]) for it in limits}
    rows = [["", *tasks]]
    for client, cells in results.items():
        rows.append([client, *(word(cells[task], (client, task) in listed) for task in tasks)])
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def word(cell, listed):
    if cell in (OK, NOT_TRIED):
        return cell
    return "limit" if listed else "WRONG"
