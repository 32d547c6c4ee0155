"""A question with an image that may go, and ways in which it must not go any more."""

from pathlib import Path

from core.domain.media import Blackout, ImageUse, View
from core.domain.revision import Revision
from tests.study import Study


def with_picture(study: Study, *, view: View, blackouts: tuple[Blackout, ...]) -> Revision:
    """Return a cleared question with an image, as it may be sent."""
    media = study.imported("CT_small.dcm")
    draft = study.drafted()
    body = type(draft.body)(
        draft.body.stem, draft.body.context, (ImageUse(media, view=view),), draft.body.asked
    )
    author = study.author.id
    study.workspace.authoring.save_draft(
        type(draft)(draft.question, body, draft.key, draft.labels, draft.source), author
    )
    study.workspace.authoring.commit(draft.question, author)
    study.workspace.blinding.clear_image(draft.question, 0, author, blackouts=blackouts)
    study.workspace.blinding.approve(draft.question, author)
    return study.workspace.authoring.current(draft.question)


def spoil(study: Study, revision: Revision, flaw: str) -> None:
    """Make the image of a question unfit to go: missing, damaged or unconfirmed."""
    media = revision.body.images[0].media
    path: Path = study.workspace.media_store.path(media)
    path.chmod(0o600)
    if flaw == "missing":
        path.unlink()
    elif flaw == "damaged":
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    else:
        with study.workspace._database._connections.writing() as connection:
            connection.exec_driver_sql("delete from clearances")
