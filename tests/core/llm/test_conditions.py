"""The conditions one by one: each a small module, all of them combined in a prompt."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.domain.body import NO, YES, AnswerFormat, BlindQuestion, YesNo
from core.domain.ids import MediaId, QuestionId, RevisionId
from core.domain.media import ImageUse
from core.domain.run import Condition, RunSpec
from core.domain.setup import AS_AUTHORED, OptionOrder, Reasoning, Setup
from core.errors import ImageError, ValidationError
from core.llm.conditions.blank_image import blank_like
from core.llm.conditions.context import first_part
from core.llm.conditions.examples import Shot, answer_words, shots_for
from core.llm.conditions.option_order import orders_of
from core.llm.conditions.parts import applies, pictures_sent
from core.llm.conditions.repeats import Place, place_of, seed_of, variant_name
from core.llm.conditions.swapped_image import donors, with_donor
from core.llm.conditions.wording import load_wording
from core.llm.parsing import read_answer
from core.llm.prompts import Template, load_template, render, shipped_templates
from core.llm.variants import variants_of
from tests.factories import ALL_FORMATS, make_body, make_right_response

LANGUAGES = ("Chinese", "Dutch", "French", "German", "Italian", "Japanese", "Portuguese", "Spanish")


def blind(
    name: str, answer_format=AnswerFormat.SINGLE_CHOICE, *media: str, **body
) -> BlindQuestion:
    images = tuple(ImageUse(MediaId(one * 64)) for one in media)
    whole = make_body(answer_format, images=images, **body)
    return BlindQuestion(QuestionId(f"q{name}"), RevisionId(f"r{name}"), 1, whole)


def shot(name: str, answer_format=AnswerFormat.SINGLE_CHOICE, *media: str) -> Shot:
    return Shot(
        blind(name, answer_format, *media, stem=f"Example {name}?"),
        make_right_response(answer_format),
    )


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 90).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (640, 480)])
def test_blank_image_is_gray_all_over_and_as_large_as_the_own_one(size):
    image = Image.open(io.BytesIO(blank_like(png(*size))))
    assert (image.size, image.mode, image.getextrema()) == (size, "L", (128, 128))


def test_what_is_no_png_is_not_blanked():
    with pytest.raises(ImageError, match="no PNG"):
        blank_like(b"GIF89a")


def test_each_condition_sends_its_own_pictures():
    body, own = blind("1", AnswerFormat.YES_NO, "a").body, png(4, 4)
    sent = {one: pictures_sent(one, body, lambda _: [own]) for one in Condition}
    assert sent[Condition.BOTH] == sent[Condition.IMAGE] == sent[Condition.SWAPPED] == (own,)
    assert sent[Condition.TEXT] == ()
    assert sent[Condition.BLANK] == (blank_like(own),) != (own,)


def test_controls_and_image_only_need_an_image():
    assert [one for one in Condition if applies(one, make_body())] == ["both", "text"]


@given(st.lists(st.text("abc", min_size=1, max_size=1), min_size=2, max_size=12), st.integers(0, 9))
def test_nobody_is_given_an_image_of_their_own(media, seed):
    blinds = [blind(str(n), AnswerFormat.YES_NO, one) for n, one in enumerate(media)]
    given_images = donors(blinds, seed=seed)
    assert given_images == donors(reversed(blinds), seed=seed)
    for one in blinds:
        own = {use.media for use in one.body.images}
        others = {use.media for use in with_donor(one, given_images).body.images}
        assert not own & others
        assert bool(others) == (len(set(media)) > 1)


def test_rotations_put_each_option_in_each_place_once():
    orders = orders_of(make_body(), OptionOrder.ROTATED, seed=1, salt="q")
    assert len(orders) == 4
    assert all(sorted(place) == ["o1", "o2", "o3", "o4"] for place in zip(*orders, strict=True))


@given(st.integers(), st.text(max_size=5))
def test_shuffling_keeps_every_option_and_depends_on_seed_and_question_only(seed, salt):
    (order,) = orders_of(make_body(), OptionOrder.SHUFFLED, seed=seed, salt=salt)
    assert sorted(order) == ["o1", "o2", "o3", "o4"]
    assert orders_of(make_body(), OptionOrder.SHUFFLED, seed=seed, salt=salt) == (order,)


def test_questions_of_one_seed_are_shuffled_differently():
    found = {orders_of(make_body(), OptionOrder.SHUFFLED, seed=3, salt=f"{n}") for n in range(40)}
    assert len(found) > 10


def test_yes_and_no_are_never_moved():
    body = make_body(AnswerFormat.YES_NO)
    assert {orders_of(body, one, seed=1, salt="") for one in OptionOrder} == {((YES, NO),)}


@given(st.integers(1, 30), st.integers(1, 30))
def test_stored_names_tell_rotation_and_repeat(rotation, repeat):
    place = Place(rotation, repeat)
    assert place_of(variant_name(place, rotations=30, repeats=30)) == place
    assert variant_name(Place(), rotations=1, repeats=1) == ""
    assert place_of("") == Place()


def test_repeats_have_seeds_of_their_own_unless_the_endpoint_chooses():
    assert [seed_of(7, Place(1, n)) for n in (1, 2, 3)] == [7, 8, 9]
    assert seed_of(0, Place(1, 2)) == 0


def test_rotations_and_repeats_multiply():
    setup = Setup(order=OptionOrder.ROTATED, repeats=3)
    names = [one.name for one in variants_of(make_body(), setup, revision=RevisionId("r"), seed=0)]
    assert len(set(names)) == 12
    assert names[:2] == ["rotation 1, repeat 1", "rotation 1, repeat 2"]


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (100, "Fever since Monday."),
        (0, ""),
        (50, "Fever"),
        (69, "Fever since"),
        (99, "Fever since"),
    ],
)
def test_context_is_cut_at_whole_words(percent, expected):
    assert first_part(" Fever since Monday. ", percent) == expected


def test_context_without_blanks_is_cut_by_characters():
    assert first_part("右肺下叶见一枚结节", 50) == "右肺下叶"


@given(st.text(max_size=80), st.integers(0, 100))
def test_cut_context_is_the_beginning_of_the_whole(context, percent):
    cut = first_part(context, percent)
    assert context.strip().startswith(cut)
    assert len(cut) <= max(1, len(context.strip())) * percent / 100 or percent == 100


def test_examples_are_of_the_same_format_drawn_by_seed_and_none_is_made_up():
    pool = {AnswerFormat.SINGLE_CHOICE: tuple(shot(str(n)) for n in range(9))}
    asked = blind("asked")
    first = shots_for(asked, pool, 3, seed=1)
    assert (len(first), first) == (3, shots_for(asked, pool, 3, seed=1))
    assert len({shots_for(asked, pool, 3, seed=n) for n in range(9)}) > 1
    assert shots_for(asked, pool, 0, seed=1) == ()
    with pytest.raises(ValidationError, match="none of the format"):
        shots_for(blind("x", AnswerFormat.NUMERIC), pool, 1, seed=1)


@pytest.mark.parametrize(
    ("answer_format", "words"),
    [
        (AnswerFormat.SINGLE_CHOICE, "B"),
        (AnswerFormat.YES_NO, "Yes"),
        (AnswerFormat.SEVERAL_CHOICES, "A, C"),
        (AnswerFormat.SHORT_TEXT, "left ventricle"),
        (AnswerFormat.NUMERIC, "12.5"),
    ],
)
def test_answers_of_examples_have_the_form_asked_for(answer_format, words):
    assert answer_words(make_body(answer_format), make_right_response(answer_format)) == words


def test_prompt_with_examples_counts_pictures_through_and_ends_with_the_question():
    prompt = render(
        blind("q", AnswerFormat.SINGLE_CHOICE, "a"),
        Condition.BOTH,
        load_template(),
        setup=Setup(shots=2, examples=(RevisionId("r1"),)),
        shots=[shot("1", AnswerFormat.SINGLE_CHOICE, "b", "c"), shot("2")],
    )
    text = prompt.text
    assert text.index("Example 1\n") < text.index("Example 2\n") < text.index("What does")
    assert "Image 2 (picture 2)" in text
    assert "Image 1 (picture 3): current examination." in text
    assert text.count("Answer: B") == 2
    assert text.count("Reply with the letter") == 1
    assert text.endswith("Reply with the letter of the one best option.")


def test_image_only_with_examples_keeps_the_text_of_all_of_them_back():
    prompt = render(
        blind("q", AnswerFormat.SINGLE_CHOICE, "a"),
        Condition.IMAGE,
        load_template(),
        setup=Setup(shots=1, examples=(RevisionId("r1"),)),
        shots=[shot("1", AnswerFormat.SINGLE_CHOICE, "b")],
    )
    assert "Example 1?" not in prompt.text
    assert "cough" not in prompt.text
    assert "Image 1 (picture 1)." in prompt.text
    assert "Image 1 (picture 2)." in prompt.text


@pytest.mark.parametrize("language", ["", *LANGUAGES])
@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_reasoning_asks_for_an_answer_that_can_be_read(language, answer_format):
    question = blind("q", answer_format)
    setup = Setup(reasoning=Reasoning.CHAIN, language=language)
    text = render(question, Condition.BOTH, load_template(), setup=setup).text
    heading = load_wording(language).example.rpartition("\n")[2].replace("{answer}", "")
    says = answer_words(question.body, make_right_response(answer_format))
    if answer_format is AnswerFormat.REPORT:
        assert "REPORT:" in text
        reply = f"First the lungs.\n\nREPORT:\n{says}"
    elif answer_format is AnswerFormat.LONG_TEXT:
        assert "ANSWER:" in text
        reply = f"First the lungs.\n\nANSWER:\n{says}"
    else:
        assert heading.strip().rstrip(":：") in text
        reply = f"First the lungs.\n\n{heading}{says}"
    order = tuple(one.id for one in getattr(question.body.asked, "options", ()))
    reading = read_answer(question.body.asked, reply, option_order=order)
    assert reading.response == make_right_response(answer_format)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_instructions_for_each_format(language):
    said = [
        render(blind("q", one), Condition.BOTH, load_template(), setup=Setup(language=language))
        for one in ALL_FORMATS
    ]
    assert len({prompt.text for prompt in said}) == len(ALL_FORMATS)
    assert not any("Reply with" in prompt.text for prompt in said)


def test_language_without_instructions_says_which_there_are():
    with pytest.raises(ValidationError, match="“Klingon”") as caught:
        load_wording("Klingon")
    assert "German" in caught.value.hint


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda one: one.name)
@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_every_preset_shows_question_options_and_instruction(template: Template, answer_format):
    question = blind("q", answer_format, context="")
    text = render(question, Condition.BOTH, template).text
    assert "What does the image show?" in text
    assert all(one.text in text for one in getattr(question.body.asked, "options", ()) or ()) or (
        isinstance(question.body.asked, YesNo)
    )
    assert "{" not in text.replace('{"answer"', "")
    assert "Case:" not in text
    image_only = render(question, Condition.IMAGE, template).text
    assert "What does the image show?" not in image_only


def test_presets_hold_the_published_way_of_asking():
    assert shipped_templates()[0].name == "default-1"
    assert "asclepius-1" in {one.name for one in shipped_templates()}


def spec(**changes) -> RunSpec:
    return RunSpec("m", "u", Condition.BOTH, "default-1", "h", (), "", **changes)


def test_specification_of_the_first_version_keeps_its_hash():
    old = spec()
    assert "setup" not in old.to_plain()
    assert spec(setup=AS_AUTHORED).hash == old.hash


@given(
    st.builds(
        Setup,
        order=st.sampled_from(OptionOrder),
        repeats=st.integers(1, 5),
        reasoning=st.sampled_from(Reasoning),
        shots=st.integers(0, 3),
        examples=st.just((RevisionId("r1"), RevisionId("r2"))),
        context_percent=st.integers(0, 100),
        language=st.sampled_from(["", "German"]),
    )
)
def test_setup_survives_storing_and_names_all_that_differs(setup):
    stored = spec(setup=setup)
    assert RunSpec.from_plain(stored.to_plain()) == stored
    assert (stored.hash == spec().hash) == (setup == AS_AUTHORED)
    differs = replace(setup, examples=()) != AS_AUTHORED
    assert bool(setup.names) == differs


@pytest.mark.parametrize(
    ("setup", "names"),
    [
        (Setup(), ()),
        (Setup(order=OptionOrder.ROTATED, repeats=3), ("all rotations", "majority of 3")),
        (Setup(reasoning=Reasoning.CHAIN), ("chain of thought",)),
        (Setup(reasoning=Reasoning.CHAIN, repeats=5), ("self-consistency of 5",)),
        (Setup(shots=2, context_percent=50), ("2 examples", "first 50 % of the context")),
        (Setup(context_percent=0, language="German"), ("context withheld", "in German")),
    ],
)
def test_setup_is_named_in_words(setup, names):
    assert setup.names == names


@pytest.mark.parametrize(
    ("setup", "field"),
    [
        (Setup(repeats=0), "repeats"),
        (Setup(shots=99), "shots"),
        (Setup(shots=1), "examples"),
        (Setup(context_percent=101), "context_percent"),
    ],
)
def test_impossible_setup_names_its_field(setup, field):
    assert setup.problem().field == field
