"""The commands package, open and merge, as a person types them."""

import json
from pathlib import Path

import pytest

from core.cli import main
from core.domain.people import Role
from core.workspace import open_workspace
from tests.core.services.conftest import study  # noqa: F401 - the fixture
from tests.packages_study import answer_all
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(one) for one in words])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_answers_travel_by_commands_alone(
    study: Study,  # noqa: F811 - the fixture
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study.blinded()
    study.workspace.close()
    lead, theirs = study.workspace.path, tmp_path / "theirs.asclepius"
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("horse battery\n")
    secret = ("--passphrase-file", passphrase)
    key = ("--key-passphrase-file", passphrase)

    code, out, _ = run(
        capsys, "package", lead, "--for", "demo verifier 1", "--kind", "verify",
        "--out", tmp_path / "v", *secret, *key,
    )  # fmt: skip
    assert code == 0
    assert "This computer has no keyring" in out
    assert run(capsys, "open", tmp_path / "v", "--into", theirs)[0] == 1
    code, out, _ = run(capsys, "open", tmp_path / "v", "--into", theirs, *secret)
    assert (code, out) == (0, f"1 question for Demo Verifier 1 opened in {theirs}.\n")
    with open_workspace(theirs) as opened:
        answer_all(opened)
    assert run(capsys, "package", theirs, "--kind", "return", "--out", tmp_path / "b", *key)[0] == 0

    code, out, _ = run(capsys, "merge", lead, tmp_path / "b", "--dry-run", "--json")
    plain = json.loads(out)
    assert (code, plain["files"][0]["signer"]) == (0, "new")
    assert plain["counts"]["answer"] == {"new": 1, "same": 0, "changed": 0, "waiting": 0}
    assert run(capsys, "merge", lead, tmp_path / "b")[0] == 0
    code, out, _ = run(capsys, "merge", lead, tmp_path / "b")
    assert "0 records added" in out
    assert run(capsys, "merge", lead, "--undo")[1] == "The merge of 1 package was undone.\n"
    assert run(capsys, "merge", lead, "--undo")[0] == 1
    assert run(capsys, "check", lead)[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("package", "W", "--kind", "verify", "--out", "O"), "Say for whom"),
        (("package", "W", "--kind", "read", "--for", "Nobody", "--out", "O"), "no person “Nobody”"),
        (("merge", "W"), "Name at least one package"),
        (("merge", "W", "O"), "cannot be read"),
        (("open", "O", "--into", "N"), "cannot be read"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    words: tuple[str, ...],
    sentence: str,
    study: Study,  # noqa: F811 - the fixture
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study.workspace.close()
    places = {"W": study.workspace.path, "O": tmp_path / "o", "N": tmp_path / "n.asclepius"}

    code, _, err = run(capsys, *(places.get(one, one) for one in words))

    assert code == 1
    assert sentence in err


def test_a_verifier_gets_their_share_of_the_open_questions(
    study: Study,  # noqa: F811 - the fixture
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in (3, 4):
        study.workspace.people.add(f"Demo Verifier {number}", frozenset({Role.VERIFIER}))
    for _ in range(4):
        study.blinded()
    study.workspace.close()
    lead = study.workspace.path
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("horse battery\n")
    key = ("--key-passphrase-file", passphrase)

    counts = []
    for number in range(1, 5):
        code, out, _ = run(
            capsys, "package", lead, "--for", f"Demo Verifier {number}", "--kind", "verify",
            "--share", "--seed", "7", "--out", tmp_path / f"v{number}", *key, "--json",
        )  # fmt: skip
        assert code == 0
        counts.append(json.loads(out)["records"]["blind_question"])

    assert counts == [2, 2, 2, 2]
    code, _, err = run(
        capsys, "package", lead, "--for", "Demo Reader 1", "--kind", "read", "--share",
        "--out", tmp_path / "r", *key,
    )  # fmt: skip
    assert code == 1
    assert "Only questions to verify are shared" in err
