#!/usr/bin/env bash
# Prints the table of docs/native.md: what it costs to run the gateway as an executable and on a JVM.
#
#   ./mvnw verify -DskipTests                  # the jar and this program's classes
#   ./mvnw package -Dnative -DskipTests        # the executable, where there is a GraalVM
#   src/test/bench/footprint.sh [JAVA_HOME ...]
#
# Measures the executable if it is there, then the jar on each JAVA_HOME given (default: the java on
# the PATH). Where the jar was built with an AOT cache, Java 25 uses it; the cache is for the very
# JDK that made it:
#
#   ./mvnw verify -DskipUnitTests -Dquarkus.package.jar.aot.enabled=true
#
# Four minutes a row; Linux only. FOOTPRINT=throughput leaves out the first table, ROUNDS=1 is quicker.
set -euo pipefail
cd "$(dirname "$0")/../../.."

app=target/quarkus-app
[ -f "$app/quarkus-run.jar" ] || { echo "$app is missing: ./mvnw verify -DskipTests" >&2; exit 1; }
java=java
[ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java

rows=()
measure() { # memory or throughput, then the row
  "$java" -Xmx512m -cp "target/test-classes:$app/app/*:$app/lib/main/*:$app/lib/boot/*" \
    io.github.dydxgateway.bench.Footprint "$@" 2> target/footprint-clients.log ||
    { echo "$2 failed:" >&2; tail -n 20 target/footprint-clients.log >&2; return 1; }
}
each() {
  local row
  for row in "${rows[@]}"; do
    IFS=$'\t' read -ra words <<< "$row"
    measure "$1" "${words[@]}"
  done
}
add() {
  local IFS=$'\t'
  rows+=("$*")
}

runner=$(ls target/*-runner 2> /dev/null | head -n 1 || true)
if [ -n "$runner" ]; then
  add "native" "$runner" "$runner"
else
  echo "no executable in target" >&2
fi
[ $# -gt 0 ] || set -- "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"
for home in "$@"; do
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
  if [ -f "$app/app.aot" ] && [ "$version" -ge 25 ]; then
    add "Java $version, AOT cache" "$app" sh -c "cd $app && exec '$home/bin/java' -XX:AOTCache=app.aot -jar quarkus-run.jar"
  else
    add "Java $version" "$app" "$home/bin/java" -jar "$app/quarkus-run.jar"
  fi
done

echo "$(nproc) processors, $(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: *//'); load before: $(cut -d' ' -f1 /proc/loadavg)"
echo
if [ "${FOOTPRINT:-memory}" = memory ]; then
  echo "| | size | first health answer | resident after start | resident with 50 topics, 100 clients, peak |"
  echo "|---|---|---|---|---|"
  each memory
  echo
fi
echo "| in turn | events/s of a market ten times as fast | of one processor | events for a second of processor time |"
echo "|---|---|---|---|"
for _ in $(seq "${ROUNDS:-3}"); do
  each throughput
done
