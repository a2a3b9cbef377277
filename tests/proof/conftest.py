from tests.actions.conftest import desk, either_desk, loaded_url

__all__ = ["desk", "either_desk", "loaded_url"]
