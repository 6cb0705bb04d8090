from . import dunning_call
from . import channel_call
from . import screen
from . import dunning_delivery
