from . import dunning_interest_rate
from . import interest_rate_verify
from . import interest_rate_missing
from . import dunning_interest_rate_import
from . import interest_terms
from . import res_company
