from tests.actions.conftest import desk as desk
from tests.actions.conftest import either_desk, keyed, loaded_url

__all__ = ["desk", "either_desk", "keyed", "loaded_url"]
