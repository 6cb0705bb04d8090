from . import company
from . import partner
from . import provider
from . import local
from . import delivery
from . import channel_lre
