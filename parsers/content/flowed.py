"""format=flowed (RFC 3676): lines that end with a blank go on in the next one, so paragraphs come back whole."""

SIGNATURE = "-- "


def unflow(text: str, *, delsp: bool) -> str:
    """The text with its soft line ends taken out (lines end by LF); quote depth stands before each paragraph as `> `."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != SIGNATURE
        if open_depth == depth and content != SIGNATURE:
            out.append(content[:-1] if soft and delsp else content)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else ""))
            out.append(content[:-1] if soft and delsp else content)
        open_depth = depth if soft else -1
    return "".join(out)
