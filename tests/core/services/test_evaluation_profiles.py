"""Named endpoints: kept in a file without a key, refused where data must not go."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import CoreError, LlmError, NotFoundError, StorageError, ValidationError
from core.llm.budget import Price
from core.llm.client import Api
from core.llm.pace import RateLimit
from core.services.evaluation.profiles import AllowedData, EndpointProfile, EndpointProfiles

HERE = EndpointProfile("here", "http://127.0.0.1:8000/v1", "m")
FULL = EndpointProfile(
    "Cloud",
    "https://llm.invalid/v1",
    "big",
    Api.RESPONSES,
    "high",
    True,
    False,
    AllowedData.LOCAL_ONLY,
    32,
    Price(1.25, 10.0, "2026-01-05"),
    RateLimit(500, 200_000),
    True,
)


@pytest.fixture
def profiles(tmp_path: Path) -> EndpointProfiles:
    return EndpointProfiles(tmp_path / "new" / "endpoints.json")


def test_profiles_come_back_as_they_were_by_name(profiles: EndpointProfiles) -> None:
    assert profiles.all() == []

    profiles.put(HERE)
    profiles.put(FULL)

    assert profiles.all() == [FULL, HERE]
    assert profiles.get("Cloud") == FULL


def test_same_name_is_replaced_and_removed_once(profiles: EndpointProfiles) -> None:
    profiles.put(HERE)
    profiles.put(replace(HERE, llm="other"))
    assert [one.llm for one in profiles.all()] == ["other"]

    profiles.remove("here")

    with pytest.raises(NotFoundError, match="no endpoint “here”"):
        profiles.remove("here")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(HERE, name=" "), "name"),
        (replace(HERE, llm=""), "llm"),
        (replace(HERE, base_url="https://user:secret@host/v1"), "base_url"),
        (replace(HERE, concurrency=0), "concurrency"),
        (replace(HERE, price=Price(-1.0)), "price"),
        (replace(HERE, rate=RateLimit(-1)), "rate"),
    ],
)
def test_wrong_profile_names_its_field(
    profiles: EndpointProfiles, wrong: EndpointProfile, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        profiles.put(wrong)
    assert caught.value.field == field
    assert profiles.all() == []


@pytest.mark.parametrize("text", ["{", "[]", '{"endpoints": [{}]}', '{"endpoints": 3}'])
def test_damaged_file_is_a_sentence_and_stays(
    profiles: EndpointProfiles, tmp_path: Path, text: str
) -> None:
    profiles.put(HERE)
    file = tmp_path / "new" / "endpoints.json"
    file.write_text(text)

    with pytest.raises(StorageError, match="cannot be read"):
        profiles.put(FULL)
    assert file.read_text() == text


def test_local_data_goes_to_local_addresses_only() -> None:
    local = AllowedData.LOCAL_ONLY
    assert replace(HERE, allowed=local).calling().concurrency == 8
    replace(HERE, base_url="http://192.168.1.7:8000/v1", allowed=local).require_allowed()

    for address in ("https://8.8.8.8/v1", "https://llm.invalid/v1"):
        with pytest.raises(LlmError, match="local data only"):
            replace(HERE, base_url=address, allowed=local).calling()


def test_list_of_an_older_program_is_read_without_streaming(
    profiles: EndpointProfiles, tmp_path: Path
) -> None:
    profiles.put(FULL)
    file = tmp_path / "new" / "endpoints.json"
    data = json.loads(file.read_text())
    del data["endpoints"][0]["is_streaming"]
    file.write_text(json.dumps(data))

    assert profiles.all() == [replace(FULL, is_streaming=False)]
    assert replace(HERE, is_streaming=True).calling().is_streaming


def test_reasoning_profile_asks_without_temperature() -> None:
    request = FULL.request()

    assert (request.temperature, request.effort, request.api) == (None, "high", Api.RESPONSES)
    assert (request.takes_pictures, request.is_structured) == (False, True)


def test_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    profiles = EndpointProfiles(tmp_path / "file" / "endpoints.json")

    with pytest.raises(CoreError, match="endpoints"):
        profiles.put(HERE)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_file_is_readable_by_its_owner_only_and_plain_json(
    profiles: EndpointProfiles, tmp_path: Path
) -> None:
    profiles.put(FULL)
    file = tmp_path / "new" / "endpoints.json"

    assert json.loads(file.read_text())["endpoints"][0]["price"]["date"] == "2026-01-05"
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
