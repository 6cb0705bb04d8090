from . import dunning_portal_answer
from . import forms
from . import record
from . import words
from . import contact
from . import controller
