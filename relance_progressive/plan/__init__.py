from . import dunning_plan
from . import dunning_level
from . import dunning_level_channel
from . import dunning_level_preview
from . import dunning_shipped
