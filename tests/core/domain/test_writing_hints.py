from core.domain.body import NO, YES, Body, Option, ShortText, SingleChoice, YesNo
from core.domain.ids import MediaId, OptionId
from core.domain.key import Key, ShortTextKey, SingleChoiceKey, YesNoKey
from core.domain.media import ImageUse
from core.domain.writing_hints import find_hints, find_set_hints


def choice(stem, *texts, right=0, context=""):
    options = tuple(Option(OptionId(f"o{n}"), text) for n, text in enumerate(texts, 1))
    body = Body(stem=stem, context=context, asked=SingleChoice(options))
    return body, Key(SingleChoiceKey(OptionId(f"o{right + 1}")))


def rules(body, key):
    return [hint.rule for hint in find_hints(body, key)]


def test_well_written_question_gets_no_hint():
    question = choice("Which lobe holds the mass?", "Upper", "Middle", "Lower")
    assert rules(*question) == []


def test_none_of_the_above_is_pointed_at_in_several_languages():
    for last in ("None of the above", "Keine der genannten", "以上都不是"):
        question = choice("Which is it?", "Mass", "Cyst", last, right=1)
        assert "of_the_above" in rules(*question)


def test_negative_lead_in_is_pointed_at_but_not_in_the_history():
    negative = choice("A man coughs. Which finding is NOT present?", "Mass", "Cyst", "Node")
    history = choice("A man does not cough. Which finding is present?", "Mass", "Cyst", "Node")
    assert rules(*negative) == ["negative_lead_in"]
    assert rules(*history) == []


def test_absolute_and_vague_words_in_options_are_told_apart():
    question = choice("What holds?", "It is always fatal", "It is rarely fatal", "It heals")
    assert rules(*question) == ["absolute_word", "vague_word"]


def test_longest_option_is_pointed_at_only_when_it_is_the_key():
    texts = ("A mass in the left upper lobe that touches the pleura", "A cyst", "A node in it")
    assert "longest_key" in rules(*choice("What is seen?", *texts, right=0))
    assert "longest_key" not in rules(*choice("What is seen?", *texts, right=1))


def test_word_of_the_question_that_only_the_key_repeats_is_named():
    body, key = choice(
        "Where does pleural fluid gather?", "In the pleural gap", "In the lymph node"
    )
    (hint,) = find_hints(body, key)
    assert hint.rule == "word_in_key_only"
    assert "pleural" in hint.sentence


def test_numbers_out_of_order_are_pointed_at_in_neither_direction():
    assert rules(*choice("How wide?", "4 mm", "2 mm", "8 mm")) == ["number_order"]
    assert rules(*choice("How wide?", "8 mm", "4 mm", "2 mm")) == []


def test_question_that_names_an_image_without_one_is_pointed_at():
    key = Key(ShortTextKey("mass"))
    without = Body(stem="What does this radiograph show?", asked=ShortText())
    image = ImageUse(MediaId("a" * 64))
    with_image = Body(stem=without.stem, asked=ShortText(), images=(image,))
    assert rules(without, key) == ["image_missing"]
    assert rules(with_image, key) == []


def test_key_that_is_always_the_first_option_is_a_hint_about_the_set():
    one_sided = [choice("Which?", "a", "b", "c", "d") for _ in range(16)]
    even = [choice("Which?", "a", "b", "c", "d", right=n % 4) for n in range(16)]
    assert find_set_hints(one_sided)[0].sentence.startswith("A is right in 16 of 16")
    assert find_set_hints(even) == ()


def test_yes_no_balance_waits_for_enough_questions():
    def all_yes(count):
        return [(Body(stem="Is it?", asked=YesNo()), Key(YesNoKey(YES)))] * count

    assert [hint.rule for hint in find_set_hints(all_yes(12))] == ["key_position"]
    assert find_set_hints(all_yes(11)) == ()
    mixed = all_yes(8) + [(Body(stem="Is it?", asked=YesNo()), Key(YesNoKey(NO)))] * 6
    assert find_set_hints(mixed) == ()


def test_yes_no_question_in_the_negative_is_left_alone():
    body = Body(stem="Is the trachea not in the middle?", asked=YesNo())
    assert rules(body, Key(YesNoKey(YES))) == []
