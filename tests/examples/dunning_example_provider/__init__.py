from . import lre_provider
