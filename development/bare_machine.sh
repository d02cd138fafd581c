#!/bin/bash
# Proves on a bare Debian that a clone, python3 and make suffice: nobody has to do another step.
#   sudo development/bare_machine.sh trixie /tmp/bare
# Needs debootstrap and a quiet quarter of an hour; `BIND` names more folders that pip reads here.
set -euo pipefail
set -m # a job is its own group, with a Ctrl-C of its own
suite=$1 root=$2 here=$(cd "$(dirname "$0")/.." && pwd)
port=${PORT:-8000}

say() { echo "--- $(date +%T) $suite: $*"; }
fail() { say "FAILED: $*"; exit 1; }

leave() {
    for place in ${BIND:-} /dev/shm /dev /proc; do umount "$root$place" 2>/dev/null || true; done
}

enter() {
    for place in /proc /dev /dev/shm ${BIND:-}; do
        mkdir -p "$root$place" && mount --bind "$place" "$root$place"
    done
    for file in /etc/hosts /etc/resolv.conf /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || cp -L "$file" "$root$file"
    done
}

clone() { # clone USER HOME: a fresh one, his own
    rm -rf "$root$2/portal" && git clone -q "$here" "$root$2/portal"
    chroot "$root" chown -R "$1" "$2/portal"
}

as() { # as USER HOME COMMAND...: in his clone
    local user=$1 home=$2
    shift 2
    chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups \
        env HOME="$home" sh -c "cd '$home/portal' && exec $*"
}

runs() { # `make run` answers, and Ctrl-C stops all of it
    as "$@" make run >"$root/run.log" 2>&1 &
    until curl -sf -o /dev/null "http://127.0.0.1:$port/"; do
        kill -0 %% 2>/dev/null || { tail "$root/run.log"; fail "make run ended"; }
        sleep 1
    done
    say "make run answers"
    kill -INT -- "-$(jobs -p %%)"
    wait %% || say "make run ended with $?"
    ! curl -s -o /dev/null "http://127.0.0.1:$port/" || fail "something still answers"
}

[ -e "$root/etc/debian_version" ] ||
    debootstrap --variant=minbase --include=python3,make,ca-certificates "$suite" "$root" >/dev/null
trap leave EXIT
enter
chroot "$root" sh -c 'id pemandu >/dev/null 2>&1 || useradd -m pemandu'
if ! chroot "$root" sh -c 'command -v chromium' >/dev/null; then
    clone pemandu /home/pemandu
    as pemandu /home/pemandu make run && fail "it ran without Pango" || say "said so, with $?"
fi
for user in root pemandu; do
    home=$(chroot "$root" sh -c "echo ~$user")
    say "as $user in $home"
    clone "$user" "$home"
    runs "$user" "$home"
    as "$user" "$home" make test || fail "make test"
    say "make test passed"
done
