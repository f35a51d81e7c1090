"""A clean Debian in a chroot, with what this machine's apt can reach: to install a package on."""

import os
import pathlib
import shutil
import subprocess
import unittest

from hub import LIMIT, Result

PATIENCE = 1200  # seconds that a mirror may take
PROXIES = {"http_proxy": "Acquire::http::Proxy", "https_proxy": "Acquire::https::Proxy"}
# Folders of a process that apt and systemd's tools want; in a mount namespace of its own, so that nothing is left mounted.
ENTER = 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && shift && exec chroot "$@"'


def release():
    """The name of this machine's Debian, as a mirror's folder has it."""
    system = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return system.get("VERSION_CODENAME", "").strip('"')


def sources():
    """This machine's sources of Debian's packages: (address, suite)."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages",
                             "Origin: Debian", "Component: main"], capture_output=True, text=True, check=False)
    return [tuple(line.split()) for line in listed.stdout.splitlines()]


def proxies():
    """What apt is told of proxies, as wget and apt want it in their environment."""
    found = {}
    for variable, setting in PROXIES.items():
        value = subprocess.run(["apt-config", "shell", "value", setting], capture_output=True, text=True,
                               check=False).stdout.strip()
        if value.startswith("value="):
            found[variable] = value.removeprefix("value=").strip("'")
        elif os.environ.get(variable):
            found[variable] = os.environ[variable]
    return found


class Machine:
    """A minimal Debian below `directory`. Raises SkipTest, with the reason, where none can be made."""

    def __init__(self, directory):
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root can install a Debian in a folder")
        for program in ("debootstrap", "apt-get", "unshare"):
            if not shutil.which(program):
                raise unittest.SkipTest(f"{program} is not there: run tests/install_dependencies.sh")
        self.root, self.proxies, known = pathlib.Path(directory), proxies(), sources()
        mirrors = [address for address, suite in known if suite == release()]
        if not mirrors:
            raise unittest.SkipTest("this machine's apt has no source of Debian's packages: run apt-get update")
        self.make(mirrors[0], known)
        if self.run("true").code != 0:
            raise unittest.SkipTest("this root may not do all that a chroot needs")

    def make(self, mirror, known):
        made = subprocess.run(["debootstrap", "--variant=minbase", release(), self.root, mirror], timeout=PATIENCE,
                              env={**os.environ, **self.proxies}, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise unittest.SkipTest(f"debootstrap: {made.stdout[-300:]}{made.stderr[-300:]}")
        self.file("etc/apt/sources.list", "".join(f"deb {address} {suite} main\n" for address, suite in known))
        self.file("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)  # no service may be started here
        for name in ("etc/hosts", "etc/resolv.conf"):
            if (pathlib.Path("/") / name).exists():
                shutil.copy(pathlib.Path("/") / name, self.root / name)

    def file(self, name, text, mode=0o644):
        path = self.root / name
        path.write_text(text)
        path.chmod(mode)

    def run(self, *command, user="root", limit=LIMIT, **environment):
        """The command, as `user` with an environment of its own. Without a terminal."""
        settings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **environment}
        words = ["env", "-i", *(f"{name}={value}" for name, value in settings.items()), *command]
        if user != "root":
            words = ["runuser", "-u", user, "--", *words]
        done = subprocess.run(["unshare", "--mount", "sh", "-c", ENTER, "sh", self.root, self.root, *words],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def apt(self, *command):
        return self.run("apt-get", "-q", "-y", "--no-install-recommends", *command, limit=PATIENCE,
                        DEBIAN_FRONTEND="noninteractive", **self.proxies)
