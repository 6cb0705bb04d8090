from . import letter_carrier
