#!/usr/bin/env bash
# The launcher and the tool, end to end, on real input.
set -euo pipefail
cd "$(dirname "$0")/.."
java_home=$(.mvn/find-jdk.sh)
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$scratch"' EXIT

fail() {
    echo "smoke: $*" >&2
    exit 1
}

# expect EXIT COMMAND...: runs it with stdout and stderr in $scratch/out and $scratch/err
expect() {
    local wanted=$1 got=0
    shift
    "$@" > "$scratch/out" 2> "$scratch/err" || got=$?
    [ "$got" -eq "$wanted" ] || fail "exit $got instead of $wanted from: $* ($(tail -3 "$scratch/err"))"
}

says() {
    grep -qF -- "$2" "$scratch/$1" || fail "no '$2' in: $(tail -5 "$scratch/$1")"
}

# await FILE PATTERN PID: until a line of the file has it, for as long as the process runs but for five minutes at most
await() {
    for _ in $(seq 3000); do
        if grep -q -- "$2" "$scratch/$1" 2> /dev/null; then return; fi
        kill -0 "$3" 2> /dev/null || break
        sleep 0.1
    done
    fail "no '$2' in: $(tail -5 "$scratch/$1")"
}

expect 0 ./myrmidon --version
says out "myrmidon 0.1.0"

seq 1 2000 > "$scratch/numbers"
expect 0 ./myrmidon each --capacity 50 --in "$scratch/numbers" -- echo {}
sort -n "$scratch/out" | cmp - "$scratch/numbers"
says err "submitted=2000 completed=2000 failed=0 cancelled=0 rejected=0 "
expect 0 ./myrmidon each --capacity 50 --keep-order --in "$scratch/numbers" -- echo {}
cmp "$scratch/out" "$scratch/numbers"

seq 1 100 > "$scratch/hundred"
expect 1 ./myrmidon each --in "$scratch/hundred" -- sh -c 'exit $(({} % 2))'
says err "submitted=100 completed=50 failed=50 "
expect 1 ./myrmidon each --fail-fast --capacity 1 --in "$scratch/hundred" -- test {} -lt 7
says err "stopping, since line 7 (7) failed"

# one at a time and in order, with eight at once: or the file would not be the input
awk '{ print "same", $1 }' "$scratch/hundred" > "$scratch/keyed"
expect 0 ./myrmidon each --key-field 1 --capacity 8 --in "$scratch/keyed" -- sh -c "echo {} >> '$scratch/log'"
cmp "$scratch/log" "$scratch/keyed"

# killed, and started again: in the end everything is done, and only what was under way twice
wait_for_go="while [ ! -e '$scratch/go' ] && [ -d '$scratch' ]; do sleep 0.05; done"
half=(each --capacity 4 --in "$scratch/hundred" --journal "$scratch/journal" --
    sh -c "echo {} >> '$scratch/done'; [ {} -le 60 ] || $wait_for_go")
./myrmidon "${half[@]}" 2> "$scratch/err" &
each=$!
for _ in $(seq 3000); do
    # a header of 1024 bytes, and 4 for each line up to the last one that is done
    if [ -e "$scratch/journal" ] && [ "$(wc -c < "$scratch/journal")" -ge $((1024 + 4 * 60)) ]; then break; fi
    kill -0 $each 2> /dev/null || break
    sleep 0.1
done
kill -KILL $each
wait $each 2> /dev/null && fail "it ended before it was killed"
touch "$scratch/go"
expect 0 ./myrmidon "${half[@]}"
says err " skipped="
sort -nu "$scratch/done" | cmp - "$scratch/hundred"
[ "$(wc -l < "$scratch/done")" -le 120 ] || fail "$(wc -l < "$scratch/done") runs of 100 items"
expect 0 ./myrmidon "${half[@]}"
says err "nothing to do, earlier runs did all of it"

find . -name '*.java' > "$scratch/sources"
expect 0 ./myrmidon each --capacity 4 --in "$scratch/sources" -- sha256sum {}
sort "$scratch/out" | cmp - <(xargs sha256sum < "$scratch/sources" | sort)

cat > "$scratch/Nothing.java" << 'END'
public final class Nothing implements dev.myrmidon.engine.ItemFunction {
    @Override
    public String apply(String item) {
        return null;
    }
}
END
"$java_home/bin/javac" -cp 'engine/target/dist/lib/*' -d "$scratch" "$scratch/Nothing.java"
seq 1000000 > "$scratch/million"
MYRMIDON_OPTS=-Xmx128m expect 0 ./myrmidon each --in "$scratch/million" --function Nothing --classpath "$scratch"
says err "submitted=1000000 completed=1000000 "

expect 2 ./myrmidon each
expect 1 ./myrmidon each --in "$scratch/numbers" --out /dev/full -- true
says err "No space left on device"

cat > "$scratch/origin.yaml" << 'END'
pool:
  size: 50000
  expiry_duration: "10s"
  pre_alloc: true
  max_blocking_tasks: 10000
  nonblocking: false
END
expect 0 ./myrmidon check "$scratch/origin.yaml"
printf 'pool:\n  size: 0\n  expiry_duration: "10 sec"\n  nonblokcing: true\n' > "$scratch/broken.yaml"
expect 2 ./myrmidon check "$scratch/broken.yaml"
says err 'broken.yaml:2:9: pool.size'
says err 'broken.yaml:3:20: pool.expiry_duration: "10 sec" is not a duration (try "10s")'
says err 'broken.yaml:4:3: '

printf 'management: { port: 0 }\npools: { images: { size: 20 } }\n' > "$scratch/managed.yaml"
MYRMIDON_OPTS="-Duser.home=$scratch" ./myrmidon run "$scratch/managed.yaml" 2> "$scratch/run.err" &
engine=$!
await run.err '^console at' $engine
MYRMIDON_URL=$(grep -o 'http://[^,]*' "$scratch/run.err")
export MYRMIDON_URL
expect 0 ./myrmidon pools
says out "images "
MYRMIDON_OPTS="-Duser.home=$scratch" expect 0 ./myrmidon resize images 33
says out "images: capacity 33"
expect 0 ./myrmidon top --once
says out "images "
MYRMIDON_OPTS="-Duser.home=$scratch" expect 1 ./myrmidon pause imges
says err "did you mean 'images'?"
kill -TERM $engine
wait $engine
expect 1 ./myrmidon pools
says err "nothing answers at $MYRMIDON_URL"
unset MYRMIDON_URL

./myrmidon run > "$scratch/out" 2> "$scratch/err" &
engine=$!
await err '^running' $engine
kill -TERM $engine
wait $engine || fail "the engine ended with $? on SIGTERM: $(cat "$scratch/err")"
says err "drained default"

sed 's/port: 8080/port: 0/' examples/service/config.yaml > "$scratch/shop.yaml"
./myrmidon demo --config "$scratch/shop.yaml" > "$scratch/out" 2> "$scratch/err" &
demo=$!
await out 'Ctrl-C ends it' $demo
sleep 1 # some load
for _ in $(seq 600); do # it says so a moment before it would hear a signal
    "$java_home/bin/jcmd" $demo Thread.print > "$scratch/stacks" 2>&1 || true
    if grep -A1 'CountDownLatch.await(' "$scratch/stacks" | grep -c 'DefaultEngine.run(' > /dev/null; then break; fi
    sleep 0.1
done
kill -TERM $demo
wait $demo || fail "the demo ended with $? on SIGTERM: $(cat "$scratch/err")"
says out "the books balance"

# what serves and sends metrics has to work where modules are modules, and without noise
cat > "$scratch/served.yaml" << 'END'
pools: { images: { size: 20, timed: true } }
management: { port: 0 }
metrics: { otlp: { url: "http://127.0.0.1:9/v1/metrics", interval: 1s } }
END
./myrmidon run "$scratch/served.yaml" > "$scratch/out" 2> "$scratch/err" &
engine=$!
await err '^console at' $engine
await err "don't arrive" $engine
port=$(sed -n 's/^console at [^,]*:\([0-9]*\),.*/\1/p' "$scratch/err")
exec 3<> "/dev/tcp/127.0.0.1/$port"
printf 'GET /metrics HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$port" >&3
cat <&3 > "$scratch/out"
exec 3>&-
says out 'executor_idle_seconds_bucket{name="images",le="+Inf"} 0'
says out 'jvm_memory_used_bytes{area="heap"'
kill -TERM $engine
wait $engine || fail "the engine ended with $? on SIGTERM: $(cat "$scratch/err")"
says err "metrics don't arrive at http://127.0.0.1:9/v1/metrics, and no more is said until they do: connection refused"
! grep -E 'SLF4J|Unsafe' "$scratch/err" || fail "noise on stderr"

echo "smoke: all well"
