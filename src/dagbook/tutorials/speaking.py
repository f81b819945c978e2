"""Components within a sentence as the words that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagbook.tutorials.links import Links
from dagbook.tutorials.tags import Tag
from dagbook.tutorials.vocabulary import IMAGES, SPOKEN

# Components whose children are what they say, set as code.
_AS_CODE = frozenset({"Code", "InlineCode", "ParamField", "Kbd", "CodeReference"})


class Speaking:
    """Puts words in place of inline components; links and images are resolved by `links`."""

    def __init__(self, links: Links, left_out: Callable[[str], None]) -> None:
        self._links = links
        self._left_out = left_out

    def link(self, address: str) -> str:
        """The address that a link is to have."""
        return self._links.link(address)

    def image(self, address: str) -> str:
        """The address that an image is to have."""
        return self._links.image(address)

    def alone(self, tag: Tag) -> str:
        """The words of a component without children."""
        if tag.name in IMAGES:
            return self.picture(tag.attributes)
        return self.words(tag.name, tag.attributes)

    def around(self, tag: Tag) -> tuple[str, str]:
        """What stands before and after the children of a component."""
        address = tag.attributes.get("to") or tag.attributes.get("href")
        if address:
            return "[", f"]({self._links.link(address)})"
        return ("`", "`") if tag.name in _AS_CODE else ("", "")

    def words(self, name: str, attributes: Mapping[str, str]) -> str:
        """The name of code or of an API that the attributes tell, as code.

        >>> Speaking(Links(), print).words("PyObject", {"object": "asset", "decorator": "true"})
        '`@asset`'
        """
        said = next((attributes[key] for key in SPOKEN if attributes.get(key)), "")
        if not said:
            self._left_out(name)
            return ""
        method = attributes.get("method")
        if method and "displayText" not in attributes and method != said:
            said = f"{said}.{method}"
        sign = "@" if attributes.get("decorator") in ("true", "") and said[0] != "@" else ""
        address = attributes.get("href") or attributes.get("to")
        code = f"`{sign}{said}`"
        return f"[{code}]({self._links.link(address)})" if address else code

    def picture(self, attributes: Mapping[str, str]) -> str:
        """An image component as Markdown's own."""
        source = attributes.get("src") or attributes.get("path") or attributes.get("light")
        if not source:
            return ""
        words = attributes.get("alt") or attributes.get("title") or ""
        return f"![{words}]({self._links.image(source)})"
