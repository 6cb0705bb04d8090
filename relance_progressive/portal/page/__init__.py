from . import dunning_portal
from . import statement
from . import asks
from . import penalties
from . import sheet
