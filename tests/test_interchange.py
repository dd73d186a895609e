"""Frames go from this package to others and from others to this one, by all kinds of recipes."""

from collections.abc import Callable
from functools import cache

import pytest

import samples
import zstandard
from interchange import recipes
from interchange.peers import PEERS
from interchange.recipes import RAW, Recipe

OURS = "this package"
RECIPES = recipes.recipes([OURS, *PEERS])

each_way = pytest.mark.parametrize(
    ("peer", "recipe"),
    [
        pytest.param(name, recipe, id=f"{name}, {recipe_name}")
        for name, peer in PEERS.items()
        for recipe_name, recipe in RECIPES.items()
        if peer.knows_magicless or not recipe.magicless
    ],
    indirect=["peer"],
)


@pytest.fixture(scope="module")
def peer_of() -> Callable[[str], object]:
    """The peers by name; skips where one cannot be had."""
    made = {}

    def find(name: str) -> object:
        if name not in made:
            try:
                made[name] = PEERS[name]()
            except ImportError as error:
                made[name] = error
        if isinstance(made[name], ImportError):
            pytest.skip(str(made[name]))
        return made[name]

    yield find
    for peer in made.values():
        if not isinstance(peer, ImportError):
            peer.close()


@pytest.fixture(scope="module")
def dictionary_of(peer_of) -> Callable[[Recipe], bytes | None]:
    """The dictionaries that recipes name, trained by whom they name."""

    @cache
    def trained(name: str) -> bytes:
        return recipes.train() if name == OURS else peer_of(name).train()

    def find(recipe: Recipe) -> bytes | None:
        match recipe.dictionary:
            case None:
                return None
            case recipes.RAW:
                return samples.text(20_000, 500)
            case name:
                return trained(name)

    return find


@pytest.fixture
def peer(request, peer_of) -> object:
    return peer_of(request.param)


def digest_of(recipe: Recipe) -> str:
    return recipes.digest(b"".join(recipe.contents()))


def check_frames(frames: bytes, recipe: Recipe, dictionary: bytes | None) -> None:
    """See that the frames are as the recipe asks for, by what the first one states and takes."""
    start = 8 + int.from_bytes(frames[4:8], "little") if recipe.skippable else 0
    stated = zstandard.get_frame_parameters(frames[start:], format=int(recipe.magicless))
    first, *_ = recipe.contents()
    is_trained = recipe.dictionary not in {None, RAW}
    assert stated.has_checksum == recipe.checksum
    assert stated.dict_id == (int.from_bytes(dictionary[4:8], "little") if is_trained else 0)
    if recipe.states_size:
        assert stated.content_size == len(first)
    else:
        assert stated.content_size == zstandard.CONTENTSIZE_UNKNOWN
    if recipe.window_log:
        assert stated.window_size == 1 << recipe.window_log
    if recipe.repeats_from_afar:
        assert len(frames) < 0.6 * len(first)
    if dictionary:
        with pytest.raises(zstandard.ZstdError):
            recipes.unpack(recipe, None, frames)


@each_way
def test_others_read_ours(peer, dictionary_of, recipe: Recipe) -> None:
    dictionary = dictionary_of(recipe)
    frames = recipes.pack(recipe, dictionary)
    check_frames(frames, recipe, dictionary)
    assert peer.unpack(recipe, dictionary, frames) == digest_of(recipe)


@each_way
def test_we_read_theirs(peer, dictionary_of, recipe: Recipe) -> None:
    dictionary = dictionary_of(recipe)
    frames = peer.pack(recipe, dictionary)
    check_frames(frames, recipe, dictionary)
    assert recipes.unpack(recipe, dictionary, frames) == digest_of(recipe)
