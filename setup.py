"""Puts beside the package's modules what a clone has beside the package: notebooks and councils."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SHARED = ("notebooks", "params/rotherham-demo", "params/sample", "requirements.lock")
"""What ``sv_lib.home`` finds: in a wheel under ``sv_lib/share``."""


class BuildWithShare(build_py):
    """Copies ``SHARED`` into a wheel. An editable install finds it in the clone."""

    def run(self) -> None:
        """Build the package, then copy."""
        super().run()
        if self.editable_mode:
            return
        share = Path(self.build_lib) / "sv_lib" / "share"
        shutil.rmtree(share, ignore_errors=True)
        for name in SHARED:
            source, aim = ROOT / name, share / name
            aim.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, aim, ignore=shutil.ignore_patterns(".*", "__pycache__"))
            else:
                shutil.copy2(source, aim)


setup(cmdclass={"build_py": BuildWithShare})
