"""The command `prompts`: which templates there are, and new ones."""

import argparse
import json
from pathlib import Path

from core.cli.commands import add_command, add_workspace, open_for_reading, open_for_writing
from core.cli.terminal import Reply, Terminal, table
from core.errors import ValidationError


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    prompts = add_command(
        commands,
        "prompts",
        _prompts,
        says="list the prompt templates, or add one of your own",
        example="prompts study.asclepius --add ours.json",
    )
    add_workspace(prompts)
    prompts.add_argument(
        "--add", type=Path, metavar="F", help="a JSON file as those in resources/prompts"
    )


def _prompts(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    if arguments.add is not None:
        with open_for_writing(arguments.workspace) as workspace:
            saved = workspace.prompts.save(_template_in(arguments.add)).value
        line = f"Kept as “{saved.name}”; ask with --template {saved.name}."
        return Reply({"name": saved.name, "hash": saved.hash}, [line])
    with open_for_reading(arguments.workspace) as workspace:
        known = workspace.prompts.templates()
    rows = [
        (one.name, "of this workspace" if one.is_own else "shipped", one.about) for one in known
    ]
    plain = [
        {"name": one.name, "is_own": one.is_own, "hash": one.hash, "about": one.about}
        for one in known
    ]
    return Reply({"prompts": plain}, table(("Prompt", "From", "About"), rows))


def _template_in(file: Path) -> dict[str, object]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValidationError(f"The file “{file}” is no JSON text.", field="file") from error
    if not isinstance(data, dict):
        raise ValidationError(f"The file “{file}” holds no template.", field="file")
    return data
