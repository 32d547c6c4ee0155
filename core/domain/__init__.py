"""Frozen records and rules; standard library only. This docstring is the glossary.

adjudicator   person who decides where verifiers disagree. Not "judge".
answer        one response of one respondent to one revision, with its state.
author        person who writes a question.
baseline      answers of physicians under stated rules. Not "human eval".
bin           where deleted questions stay as they were until restored. Not "trash".
blinding      rewriting from the source and clearing images; three walls, see `blinding`.
body          all of a revision that an answerer may see.
capacity      one of eight clinical abilities a question asks for. Not "skill", "task".
clearance     a person's word that an image carries no patient data, with the cleared copy.
cleared image the copy of an image without patient data; the only one that leaves.
condition     which parts of a body a model gets: both, text, image, or a control image.
draft         the working copy of a question; saved while typing, may be incomplete.
endpoint      base URL and model name of a language model. Not "provider".
gate          one yes / no / not sure question of a verification.
grading       one passage over a written answer, point by point, by a judge or a person.
judge         a language model that grades. Never a person.
key           all of a revision that an answerer may not see. Not "gold", "label".
label         an opinion about where a question belongs: axis and value, by whom, when.
llm           a language model. Never a bare "model".
mark          region that the author drew on an image, for whoever answers.
media         the bytes of an image, named by their SHA-256.
option        one choice of a choice format, with a stable id; letters exist only on display.
package       one signed file that carries work between people.
plan          which verified questions which readers read, under which rules.
question      an identity that moves through stages. Not "item", "sample".
reader        person who answers for the baseline.
region        a shape on the stored pixels of an image: a mark, an answer or a key.
remark        a reader's flag or comment on a question, for the lead. Not "note", "issue".
respondent    a person, a language model or a built-in rule that answers.
response      what was answered: options, text, a number or regions.
revision      one immutable version of a question's content: body and key.
rubric        the points a written answer is graded by; points that should not hold count off.
run           one endpoint, one prompt, one condition, one frozen set of revisions.
score         what a scorer made of an answer; derived, never typed in.
setup         how a run asks beside its condition: order, repeats, examples, reasoning, context.
sitting       one reader's passage through a reading plan.
source        where a question came from: text, citation, rights; for the author only.
specialty     one of fifteen medical fields.
stage         draft, blinded, in verification, verified, rejected, retired, in bin.
verdict       accept, revise or reject.
verification  one verifier's locked answer, gates and verdict. Not "review", "annotation".
verifier      person who verifies a question that is not their own.
view          window, inversion and turning under which an image is shown first and sent.
"""
