"""Packages in words: what they are for, who signed them, how large they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.domain.package import PackageKind
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from core.services.packages.files import Trust
    from core.services.packages.look import PackageLook
    from core.services.packages.work import WorkState
    from core.signing_keys import KeyState


def _tr(text: str) -> str:
    return QCoreApplication.translate("packages", text)


def kind_title(kind: PackageKind) -> str:
    """Return what a package is for, in a few words."""
    return {
        PackageKind.VERIFY: _tr("Questions to verify"),
        PackageKind.RATE: _tr("Keys to your answers"),
        PackageKind.READ: _tr("Questions to read"),
        PackageKind.RETURN: _tr("Work that comes back"),
        PackageKind.WORKSPACE: _tr("A whole workspace"),
    }[kind]


def kind_purpose(kind: PackageKind) -> str:
    """Return what the addressee does with it."""
    return {
        PackageKind.VERIFY: _tr("Answer each question without its key. The answers go back."),
        PackageKind.RATE: _tr("See the keys to the questions you answered, and rate them."),
        PackageKind.READ: _tr("Answer one question after another under the rules of the study."),
        PackageKind.RETURN: _tr("Merge it into the workspace that the questions came from."),
        PackageKind.WORKSPACE: _tr("Everything but images that still carry patient data."),
    }[kind]


def sender_words(look: PackageLook) -> str:
    """Return who sent a package; blind ones do not tell, because the sender may be an author."""
    hidden = _tr("The study lead; the name is not told, so that nobody learns who wrote what")
    return look.facts.sender.name or hidden


def trust_words(trust: Trust) -> str:
    """Return what is known of the signer."""
    from core.services.packages.files import Trust

    return {
        Trust.KNOWN: _tr("Known: signed with the same key as before."),
        Trust.NEW: _tr(
            "First package from this signer here. If you want to be sure, compare the fingerprint "
            "with the sender by telephone."
        ),
        Trust.CHANGED: _tr(
            "Signed with another key than before. Ask the sender whether they have a new computer."
        ),
    }[trust]


def trust_name(trust: Trust) -> str:
    """Return what is known of the signer in one word or two."""
    from core.services.packages.files import Trust

    return {
        Trust.KNOWN: _tr("known signer"),
        Trust.NEW: _tr("new signer"),
        Trust.CHANGED: _tr("changed signer"),
    }[trust]


def key_words(state: KeyState) -> str:
    """Return what is asked about the signing key; empty where nothing is."""
    from core.signing_keys import KeyState

    return {
        KeyState.READY: "",
        KeyState.LOCKED: _tr(
            "This computer has no keyring. Your signing key lies in a file under the passphrase "
            "that you chose when you first sent a package."
        ),
        KeyState.NO_PLACE: _tr(
            "This computer has no keyring that could keep your signing key. Choose a passphrase: "
            "the key is then kept in an encrypted file, and you are asked for it once a session."
        ),
    }[state]


def holdings(look: PackageLook) -> str:
    """Return what is in a package, counted."""
    parts = []
    if look.questions:
        parts.append(question_count(look.questions))
    if look.keys and look.facts.kind is PackageKind.RATE:
        parts.append(_tr("their keys"))
    parts += [_tr("plan “%1”").replace("%1", one) for one in look.plans]
    if look.answers:
        parts.append(
            counted(_tr("1 answer or verdict"), _tr("%1 answers and verdicts"), look.answers)
        )
    parts.append(image_count(look.images))
    return ", ".join(parts)


def image_count(count: int) -> str:
    """Return a number of images in words."""
    if not count:
        return _tr("no image")
    return counted(_tr("1 image"), _tr("%1 images"), count)


def size_words(size_bytes: int) -> str:
    """Return a size in bytes as people say it."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000)):,} kB"
    return f"{size_bytes / 1_000_000:,.1f} MB"


def counted(one: str, many: str, count: int) -> str:
    """Return a number with its word."""
    return one if count == 1 else many.replace("%1", f"{count:,}")


def done_lines(state: WorkState) -> list[str]:
    """Return what is done so far."""
    lines = []
    if state.questions:
        text = _tr("%1 of %2 questions answered").replace("%2", f"{state.questions:,}")
        lines.append(text.replace("%1", f"{state.answered:,}"))
    if state.rateable:
        text = _tr("%1 of %2 answered questions rated").replace("%2", f"{state.rateable:,}")
        lines.append(text.replace("%1", f"{state.rated:,}"))
    for one in state.sittings:
        text = _tr("“%3”: %1 of %2 questions read").replace("%3", one.name)
        lines.append(text.replace("%1", f"{one.answered:,}").replace("%2", f"{one.questions:,}"))
    if state.remarked:
        lines.append(
            counted(
                _tr("1 question flagged or commented on"),
                _tr("%1 questions flagged or commented on"),
                state.remarked,
            )
        )
    return lines


def open_lines(state: WorkState) -> list[str]:
    """Return what is still to do."""
    lines = []
    unanswered = state.questions - state.answered
    if unanswered:
        lines.append(
            counted(
                _tr("1 question is not answered yet."),
                _tr("%1 questions are not answered yet."),
                unanswered,
            )
        )
    unrated = state.rateable - state.rated
    if unrated:
        lines.append(
            counted(
                _tr("1 answered question is not rated yet."),
                _tr("%1 answered questions are not rated yet."),
                unrated,
            )
        )
    for one in state.sittings:
        if one.answered < one.questions:
            text = _tr("The sitting “%1” stands at question %2 of %3.").replace("%1", one.name)
            text = text.replace("%2", f"{one.answered + 1:,}")
            lines.append(text.replace("%3", f"{one.questions:,}"))
    return lines
