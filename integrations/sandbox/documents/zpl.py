"""A label in ZPL II, the language of thermal printers."""

from integrations.sandbox.documents.label import Label


def label_zpl(label: Label) -> bytes:
    """4 x 6 inches at 203 dots an inch."""
    lines = [f"^FO40,{60 + 60 * n}^A0N,48^FD{_safe(text)}^FS" for n, text in enumerate(_top(label))]
    lines += [
        f"^FO80,{420 + 50 * n}^A0N,40^FD{_safe(text)}^FS" for n, text in enumerate(label.receiver)
    ]
    bars = f"^FO60,760^BY2^BCN,240,Y,N,N^FD{_safe(label.tracking_number)}^FS"
    reference = f"^FO40,1080^A0N,32^FDReference {_safe(label.reference)}^FS"
    return "\n".join(["^XA", "^CI28", *lines, bars, reference, "^XZ", ""]).encode()


def _top(label: Label) -> list[str]:
    return [label.carrier, label.service, *label.sender[:3]]


def _safe(text: str) -> str:
    """Without the marks that start commands."""
    return text.replace("^", " ").replace("~", " ")
