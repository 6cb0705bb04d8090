from . import any_parameter
from . import apart
from . import database
from . import guarded
from . import internal
from . import proofs
from . import res_company
from . import res_config_settings
