"""The command line's words: commands, options, help with examples."""

import argparse

from core import VERSION
from core.cli import (
    bin_command,
    correct_command,
    desktop_command,
    exchange_commands,
    judge_commands,
    package_commands,
    prediction_commands,
    prompts_command,
    replies_commands,
    run_commands,
    safety_commands,
    study_commands,
    workspace_commands,
)

EXAMPLES = """\
examples:
  asclepius                                            open the window
  asclepius study.asclepius                            open it in the window
  asclepius demo --headless --folder /tmp/demo         make and walk through a demo workspace
  asclepius new study.asclepius --owner "Dr. A. Lead"
  asclepius import study.asclepius questions.csv --images pictures --dry-run
  asclepius list study.asclepius --stage verified
  asclepius evaluate study.asclepius --model my-model --base-url http://127.0.0.1:8000/v1
  asclepius evaluate study.asclepius --model my-model --base-url http://127.0.0.1:8000/v1 \\
      --order rotated --repeats 5 --chain --temperature 0.7
  asclepius judge run study.asclepius --model my-judge --base-url http://127.0.0.1:8000/v1
  asclepius preflight study.asclepius --endpoint ward --ceiling 5
  asclepius results study.asclepius --json
  asclepius export study.asclepius --format jsonl --out set-1
  asclepius package study.asclepius --for "Dr. B" --kind verify --out b.asclepius-package
  asclepius restore study.asclepius --to newest --dry-run
  asclepius bin study.asclepius --restore 12

`asclepius COMMAND --help` explains a command. Every command knows --json.
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command's function is in `run` (None: the window)."""
    parser = argparse.ArgumentParser(
        prog="asclepius",
        description="Physicians make, blind, verify and answer medical questions that test AI.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"asclepius {VERSION}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    study_commands.add_demo(commands)
    workspace_commands.add_to(commands)
    exchange_commands.add_to(commands)
    package_commands.add_to(commands)
    safety_commands.add_to(commands)
    bin_command.add_to(commands)
    study_commands.add_to(commands)
    judge_commands.add_to(commands)
    prediction_commands.add_to(commands)
    prompts_command.add_to(commands)
    run_commands.add_to(commands)
    replies_commands.add_to(commands)
    correct_command.add_to(commands)
    desktop_command.add_to(commands)
    return parser
