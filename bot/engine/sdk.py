"""rasa_sdk without its web server, which takes a tenth of a second to load and serves nothing in process."""

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

PACKAGE = "rasa_sdk"


class _Unread(ModuleType):
    """A package whose modules can be imported before its `__init__.py`, which is read when one of its names is asked.

    Ours take what they need from `rasa_sdk.interfaces`, `rasa_sdk.events` and `rasa_sdk.executor`.
    """

    def __getattr__(self, name: str) -> Any:
        if find_spec(f"{PACKAGE}.{name}"):
            raise AttributeError(name)  # an import of this module asks first whether it is there already
        self.__class__ = ModuleType  # type: ignore[assignment]  # an ordinary package from now on
        assert self.__spec__
        assert self.__spec__.loader
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def spare_the_server() -> None:
    """Let the modules of rasa_sdk be imported without sanic. Nothing changes when it has been loaded already."""
    spec = None if PACKAGE in sys.modules else find_spec(PACKAGE)
    if spec:
        package = module_from_spec(spec)
        package.__class__ = _Unread
        sys.modules[PACKAGE] = package
