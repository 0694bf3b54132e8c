import importlib.util
import sys
from pathlib import Path

VIEW = Path(__file__).parent.parent / "view"
sys.path.insert(0, str(VIEW))
_spec = importlib.util.spec_from_file_location("view_conftest", VIEW / "conftest.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
browser = _module.browser
