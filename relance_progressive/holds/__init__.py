from . import pauses
from . import promises
from . import disputes
