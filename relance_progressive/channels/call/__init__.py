from . import dunning_call
from . import channel_call
from . import activity
from . import outcome
from . import script
from . import screen
from . import buttons
from . import dunning_call_record
