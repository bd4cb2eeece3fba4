"""The credential files of masters and agents, as JSON or as lines "principal secret"."""

import json


class CredentialsError(Exception):
    """A credentials file that cannot be read."""


def _read(path):
    try:
        with open(path.removeprefix("file://"), encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise CredentialsError(f"Failed to read credentials file '{path}': {error.strerror}") from error


def _parse(text, path):
    try:
        value = json.loads(text)
        entries = value["credentials"] if "credentials" in value else [value]
        return [(entry["principal"], entry["secret"]) for entry in entries]
    except ValueError:
        entries = [tuple(line.split()) for line in text.splitlines() if line.strip()]
    except (KeyError, TypeError):
        entries = [()]
    if not entries or any(len(entry) != 2 for entry in entries):
        raise CredentialsError(f"Invalid credential format in '{path}'")
    return entries


def load_many(path):
    """Secrets by principal, of a master's --credentials."""
    return dict(_parse(_read(path), path))


def load_one(path):
    """(principal, secret) of an agent's --credential."""
    entries = _parse(_read(path), path)
    if len(entries) != 1:
        raise CredentialsError(f"Not expecting multiple credentials in '{path}'")
    return entries[0]
