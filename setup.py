"""Everything is said in setup.cfg; this file only keeps half-finished packages from being built.

The start-up hook and the browser client are added by buildtools/build_backend.py, which every PEP 517 front end uses.
``python setup.py bdist_wheel`` would go round it.
"""

import sys

from setuptools import setup

if "build_backend" not in sys.modules:
    sys.exit("setup.py cannot be run by itself: use `pip install .`, `pip install -e .` or `python -m build`")

setup()
