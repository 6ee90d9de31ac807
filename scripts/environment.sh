# Makes .venv and what it needs from the system, or leaves both alone when they are
# there. Sourced by ./reproduce and ./test in the project's folder; plain sh, because
# a fresh machine may have nothing but Python 3.11 and git.
#
# Set WANTED to names of further Debian packages to install where that is possible.

fail() {
    printf '%s\n' "$@" >&2
    exit 2
}

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
        then
            echo "$candidate"
            return
        fi
    done
}

# Debian packages that WeasyPrint and venv need and this machine lacks, one a line.
# libharfbuzz-subset0 is needed too: without it the paper's bytes come out differently.
missing_packages() {
    [ "$(uname)" = Linux ] || return 0
    "$python" - <<'END'
import ctypes
import importlib.util

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
if importlib.util.find_spec("ensurepip") is None:
    print("python3-venv")
for library, package in LIBRARIES.items():
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
END
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# Waits for what apt-get installs beside pip.
finish_apt() {
    [ -n "$apt" ] || return 0
    wait "$apt" || fail "apt-get could not install: $needed$WANTED"
    apt=
}

may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

python=$(find_python)
[ -n "$python" ] || fail \
    "reportgen needs Python 3.11 or newer, and found none." \
    "Install it, or name one: PYTHON=/path/to/python3.11 $0"

needed=$(missing_packages | paste -sd ' ' -)
apt=
if [ -n "$needed$WANTED" ]; then
    # shellcheck disable=SC2086  # package names are words, to be split
    if may_install; then
        echo "Installing from Debian: $needed$WANTED"
        apt_install $needed $WANTED &
        apt=$!
        case $needed in *python3-venv*) finish_apt ;; esac
    elif [ -n "$needed" ]; then
        fail "Some system libraries are missing. Install them, then try again:" \
            "    sudo apt-get install -y $needed"
    else
        echo "Some tests will be skipped; for all of them: sudo apt-get install -y $WANTED"
    fi
fi

# One stamp per set of requirements: unchanged requirements cost nothing.
stamp=$("$python" - pyproject.toml constraints.txt <<'END'
import hashlib, pathlib, sys
sha = hashlib.sha256(sys.version.encode())
for name in sys.argv[1:]:
    sha.update(pathlib.Path(name).read_bytes())
print(sha.hexdigest())
END
)
if [ "$(cat .venv/requirements.sha256 2>/dev/null)" != "$stamp" ]; then
    echo "Installing Python packages into .venv (about 1.5 GB; some minutes, once)"
    "$python" -m venv .venv
    # A variable, since the option would leave the build backend unpinned.
    PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install -qq --no-compile \
        --disable-pip-version-check --editable '.[dev]' ||
        fail "pip could not install the packages of constraints.txt; see above."
    # Byte code on all cores, where pip would use one, and none of the packages' own
    # tests. What does not compile (files for other Pythons) is not imported either.
    .venv/bin/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib reportgen || true
    echo "$stamp" >.venv/requirements.sha256
fi
finish_apt
export PATH="$PWD/.venv/bin:$PATH"
