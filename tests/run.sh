#!/bin/sh
# Everything that must hold before a change lands: installs what is missing, then format and lint checks, all Rust tests, the examples of
# documents, the browser tests, those of the JavaScript client. On Debian as root it installs by itself; elsewhere it names what to install.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$1"; }
fail() { printf 'tests/run.sh: %s\n' "$1" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

apt_updated=
# need COMMAND PACKAGE: makes sure the command is there.
need() {
    has "$1" && return
    if has apt-get && [ "$(id -u)" = 0 ]; then
        say "installing $2"
        [ -n "$apt_updated" ] || apt-get update -qq
        apt_updated=yes
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $2 >/dev/null
    fi
    has "$1" || fail "$1 is missing: install $2 (on Debian this script does it when run as root)"
}

has cargo || fail 'cargo is missing: install Rust 1.95 or newer from https://rustup.rs'
cargo fmt --version >/dev/null 2>&1 || fail 'rustfmt is missing: rustup component add rustfmt'
cargo clippy --version >/dev/null 2>&1 || fail 'clippy is missing: rustup component add clippy'
need cc gcc
need node nodejs
need npm npm
need curl curl
need python3 'python3 python3-venv'
[ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] || fail "node $(node --version) is too old: install Node.js 20 or newer"
: "${CHROMIUM:=/usr/bin/chromium}"
[ -x "$CHROMIUM" ] || need chromium 'chromium fonts-dejavu-core'
[ -x "$CHROMIUM" ] || CHROMIUM=$(command -v chromium)
export CHROMIUM

say 'format'
cargo fmt --check
say 'lints'
cargo clippy --locked --all-targets --all-features -- -D warnings
say 'documentation'
RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --quiet
# With the gateways that are wrong on purpose, whose tests are there only then. Everything is tested in this one build, since they
# change nothing where nobody asks for them, and a second build would take longer than its tests. Who wants the tests without them
# runs `cargo test`.
say 'Rust tests'
cargo test --locked --features wrong-gateways
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
say 'examples of docs/testing.md'
# As on the machine of somebody who has installed it.
PATH=$target/debug:$PATH
export PATH
[ -x "$target/testing-venv/bin/pip" ] || python3 -m venv "$target/testing-venv"
"$target/testing-venv/bin/pip" install --quiet --disable-pip-version-check websockets==17.4
"$target/testing-venv/bin/python" docs/testing/test_rooms.py
say 'browser tests'
ROOMGATE_BIN=$target/debug/roomgate
export ROOMGATE_BIN
(cd tests/browser && npm ci --no-audit --no-fund --loglevel=error && npm test)
say 'JavaScript client tests'
(cd client-js && npm ci --no-audit --no-fund --loglevel=error && npm test)
