# shellcheck shell=bash
# Sourced by the check of each language: folders, and how to skip.
# What is unused here is used there.
# shellcheck disable=SC2034,SC2317
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
generators=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
proto=$(dirname "$generators")
canned=$generators/canned
# Downloaded tools and compiled dependencies, outside of the repository. Generated code is never kept.
cache=${GENERATORS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dydx-gateway-generators}
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# skip REASON: ends the check; the runner prints the reason.
skip() {
  echo "$1"
  exit 77
}

# need COMMAND...: skips unless each is there.
need() {
  local command
  for command in "$@"; do
    command -v "$command" > /dev/null 2>&1 || skip "no $command"
  done
}

# The files of the contract, as a compiler names them below $proto.
protos() {
  (cd "$proto" && find dydxgateway -name '*.proto' | sort)
}

# install_python_tools: grpcio-tools, which brings protoc, into $cache/python-VERSION; sets $python.
install_python_tools() {
  local version=1.85.1
  need python3
  local folder=$cache/python-$version
  python=$folder/bin/python
  if ! [ -e "$folder/complete" ]; then
    rm -rf "$folder"
    python3 -m venv "$folder" > "$work/venv.log" 2>&1 || skip "python3 has no venv"
    timeout 300 "$folder/bin/pip" --quiet --disable-pip-version-check install \
      "grpcio-tools==$version" "grpcio==$version" > "$work/pip.log" 2>&1 \
      || skip "grpcio-tools $version was not installed: $(tail -n 1 "$work/pip.log")"
    touch "$folder/complete"
  fi
}

# install_node_tools NAME PACKAGE...: into $cache/node-NAME-HASH; sets $modules.
install_node_tools() {
  need node npm
  local folder
  folder=$cache/node-$1-$(echo "$@" | cksum | cut -d ' ' -f 1)
  shift
  modules=$folder/node_modules
  if ! [ -e "$folder/complete" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{ "private": true }' > "$folder/package.json"
    timeout 300 npm --prefix "$folder" install --silent --no-audit --no-fund "$@" > "$work/npm.log" 2>&1 \
      || skip "npm did not install $*: $(tail -n 1 "$work/npm.log")"
    touch "$folder/complete"
  fi
}

# find_protoc: defines protoc, the one of the system or else that of grpcio-tools.
find_protoc() {
  if command -v protoc > /dev/null 2>&1; then
    protoc() { command protoc "$@"; }
  else
    install_python_tools
    protoc() { "$python" -m grpc_tools.protoc "$@"; }
  fi
}
