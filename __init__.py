from .hooks import pre_init_hook, uninstall_hook
from .relance_progressive import settings
from .relance_progressive import plan
from .relance_progressive import receivables
from .relance_progressive import reminders
from .relance_progressive import letters
from .relance_progressive import channels
from .relance_progressive import pauses
from .relance_progressive import promises
from .relance_progressive import disputes
from .relance_progressive import rates
from .relance_progressive import notices
from .relance_progressive import penalties
from .relance_progressive import limitation
from .relance_progressive import engine
from .relance_progressive import control
from .relance_progressive import portal
from .relance_progressive import demo
