"""The country that the language of an address shows, where nothing else names it."""

import re

from orders.intake.values.addresses import bare, is_glued_street

_HAN = "[\u4e00-\u9fff]"
_HAN_PLACE = re.compile(rf"{_HAN}{{2,12}}[省市区區县縣路街号號镇]|[省市区路街]{_HAN}{{0,12}}\d")
_KANA = re.compile("[\u3040-\u30ff]|〒|[都道府県][\u4e00-\u9fff]{1,6}[市区町村]")
_HANGUL = re.compile("[\uac00-\ud7a3]{1,10}[로길동구시읍면]( |\\d|$)")
_STREETS = {
    "FR": {"rue", "allée", "chemin", "quai", "impasse", "boulevard", "avenue", "place", "bd"},
    "ES": {"calle", "c/", "avenida", "avda", "paseo", "plaza"},
    "IT": {"via", "viale", "piazza", "corso", "vicolo"},
    "DE": {"am", "an", "auf", "im", "unter", "zum", "zur"},
}


def country_of_script(text: str) -> str:
    """JP, KR or CN where the words of the place itself are written in that script; else empty."""
    if text.isascii():
        return ""
    if _KANA.search(text):
        return "JP"
    if _HANGUL.search(text):
        return "KR"
    return "CN" if _HAN_PLACE.search(text) else ""


def country_of_streets(words: list[str]) -> str:
    """DE, FR, ES or IT by the type of the street; empty where it says nothing."""
    if any(map(is_glued_street, words)):
        return "DE"
    named = {bare(word) for word in words}
    return next((country for country, types in _STREETS.items() if named & types), "")
