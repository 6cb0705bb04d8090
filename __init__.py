from .hooks import pre_init_hook, uninstall_hook
from .relance_progressive import settings
from .relance_progressive import plan
from .relance_progressive import account
from .relance_progressive import ledger
from .relance_progressive import reminder
from .relance_progressive import message
from .relance_progressive import channels
from .relance_progressive import holds
from .relance_progressive import law
from .relance_progressive import engine
from .relance_progressive import office
from .relance_progressive import portal
from .relance_progressive import demo
