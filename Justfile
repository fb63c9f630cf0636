# What can be done here.
default:
    @just --list

# Start the gateway with its browser demo.
demo:
    cargo run --release

# Everything that must hold before a change lands.
check:
    sh tests/run.sh

# The Rust tests alone, with those of the gateways that are wrong on purpose.
test *args:
    cargo test --features wrong-gateways {{args}}

# Only that verify catches each gateway that is wrong on purpose.
wrong:
    cargo test --features wrong-gateways --test it verify::wrong

# The browser tests alone, on a debug build.
browser:
    cargo build
    cd tests/browser && npm ci --no-audit --no-fund && ROOMGATE_BIN="$PWD/../../target/debug/roomgate" npm test

# The tests of the JavaScript client alone, on a debug build.
client:
    cargo build
    cd client-js && npm ci --no-audit --no-fund && PATH="$PWD/../target/debug:$PATH" ROOMGATE_BIN="$PWD/../target/debug/roomgate" npm test

# Speed and memory, against two floor servers in the same run: docs/performance.md.
bench *args:
    cargo bench --bench speed -- {{args}}

# The inner things of the library one by one.
micro *args:
    cargo bench --bench micro -- {{args}}

# Write the table in docs/configuration.md anew from the table of options.
docs:
    sed -i '/^| File/,$d' docs/configuration.md
    cargo run --quiet -- options >> docs/configuration.md
