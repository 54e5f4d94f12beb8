"""The demo's sheets, and how a test spoils a copy of them."""


def change(sheets, name, old, new):
    path = sheets / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
