from . import provider
from . import local
from . import delivery
from . import channel_lre
