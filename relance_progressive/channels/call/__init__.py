from . import dunning_call
from . import channel_call
from . import activity
from . import screen
from . import dunning_call_record
from . import dunning_delivery
