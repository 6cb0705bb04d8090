from .relance_progressive import settings
from .relance_progressive import plan
from .relance_progressive import receivables
from .relance_progressive import reminders
from .relance_progressive import letters
from .relance_progressive import channels
from .relance_progressive import engine
from .relance_progressive import demo
