from tests.support.deepl import service  # noqa: F401
from tests.support.other_site import other_site  # noqa: F401
