from . import dunning_dispute
from . import dunning_dispute_line
from . import follow
from . import display
from . import dunning_dispute_resolve
