"""What the tests of several folders share; whoever writes a story or a script from outside begins with these two."""

from .base import MONDAY, DunningCommon

__all__ = ["MONDAY", "DunningCommon"]
