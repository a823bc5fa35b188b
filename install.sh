#!/usr/bin/env bash
# Nightlamp: sets up all that is needed on a bare Debian 12 / Raspberry Pi OS machine, then does what it was asked.
# Safe to run twice; the second start needs no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly RUNTIME_PACKAGES=(python3-venv dbus-daemon libgl1 libglib2.0-0)
readonly TEST_PACKAGES=(chromium fonts-noto-cjk openssl)
readonly RUNTIME_LOCK=requirements.lock
readonly TEST_LOCK=requirements-dev.lock # holds all of the runtime's too
readonly NEEDED_KIB=1500000

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) CHINESE=1 ;; *) CHINESE= ;; esac

say() { if [ -n "$CHINESE" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
fail() { say "nightlamp: $1" "nightlamp：$2" >&2; exit 1; }

usage() {
    say "Usage: ./install.sh demo [--once] [--json] [--seed N] [--port N]   set up and play an evening in the virtual ward
       ./install.sh test [--slow] [PYTEST ARGUMENTS]             set up and run the tests
       ./install.sh --help" "用法：./install.sh demo [--once] [--json] [--seed N] [--port N]   安装所需并演示虚拟病区
      ./install.sh test [--slow] [PYTEST 参数]                   安装所需并运行测试
      ./install.sh --help"
}

check_python() {
    command -v python3 >/dev/null || fail "python3 is missing; install it: apt-get install python3" \
        "缺少 python3；请安装：apt-get install python3"
    python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || fail \
        "$(python3 --version) found, 3.11 to 3.13 is needed; use Debian 12/13 or Raspberry Pi OS of the same age" \
        "当前为 $(python3 --version)，需要 3.11 至 3.13；请使用 Debian 12/13 或同代 Raspberry Pi OS"
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

install_packages() {
    local -a missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "no right to install ${missing[*]}; run as root or install sudo" \
            "无权安装 ${missing[*]}；请以 root 运行或安装 sudo"
        as_root=(sudo)
    fi
    say "Installing system packages: ${missing[*]}" "正在安装系统软件包：${missing[*]}"
    { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$LOG" 2>&1 || fail \
        "apt-get failed ($(tail -n 1 "$LOG")); check network and rights, then run this again" \
        "apt-get 失败（$(tail -n 1 "$LOG")）；请检查网络和权限后重试"
}

# The stamp is written last: an environment without it is half-made and is made anew.
stamp_of() { printf '%s %s %s\n' "$(cat "$1" pyproject.toml | sha256sum | cut -d' ' -f1)" "$(python3 --version)" "$PWD"; }

# Counts the packages that pip names as it fetches and installs them.
show_progress() {
    local line count=0 total=$1
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$LOG"
        case "$line" in
            Collecting\ *)
                count=$((count + 1))
                if [ -t 1 ]; then printf '\r  %d/%d' "$count" "$total"; elif [ $((count % 20)) -eq 0 ]; then
                    printf '  %d/%d\n' "$count" "$total"
                fi
                ;;
            Installing\ *) say "  installing" "  正在安装" ;;
        esac
    done
}

make_environment() {
    local lock=$1 made
    made=$(cat .venv/nightlamp-stamp 2>/dev/null || true)
    [ "$made" = "$(stamp_of "$lock")" ] || [ "$made" = "$(stamp_of "$TEST_LOCK")" ] && return
    if [ "$(df --output=avail -k . | tail -n 1)" -lt "$NEEDED_KIB" ]; then
        fail "less than 1.5 GB free in $PWD; make room, then run this again" "$PWD 可用空间不足 1.5 GB；请清理后重试"
    fi
    say "Making the Python environment from $lock (some minutes the first time)" "正在按 $lock 建立 Python 环境（首次需几分钟）"
    rm -rf .venv
    { python3 -m venv .venv && .venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r "$lock" &&
        .venv/bin/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .; } \
        2>&1 | show_progress "$(grep -c '==' "$lock")" || { rm -rf .venv; fail \
        "the Python packages could not be installed ($(tail -n 1 "$LOG")); check the network, then run this again" \
        "Python 软件包安装失败（$(tail -n 1 "$LOG")）；请检查网络后重试"; }
    stamp_of "$lock" >.venv/nightlamp-stamp
}

set_up() {
    local lock=$1
    shift
    check_python
    LOG=$(mktemp)
    trap 'rm -f "$LOG"' EXIT
    exec 9>.install.lock || fail "$PWD is not writable; change to a folder of your own" "$PWD 不可写；请换到有权限的目录"
    flock -n 9 || { say "Waiting for another install.sh to finish" "等待另一个 install.sh 结束"; flock 9; }
    install_packages "$@"
    make_environment "$lock"
    exec 9>&-
}

run_tests() {
    local -a selection=(-m "not slow")
    [ "${1:-}" = --slow ] && { selection=(); shift; }
    set_up "$TEST_LOCK" "${RUNTIME_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
    say "Checking form (ruff) and types (mypy)" "检查格式（ruff）与类型（mypy）"
    .venv/bin/ruff check . && .venv/bin/ruff format --check -q . && .venv/bin/mypy
    .venv/bin/python -m pytest "${selection[@]}" "$@"
}

run_demo() {
    set_up "$RUNTIME_LOCK" "${RUNTIME_PACKAGES[@]}" >&2 # stdout belongs to --json
    rm -f "$LOG" # exec runs no trap
    exec .venv/bin/nightlamp demo "$@"
}

case "${1:-}" in
    demo) shift; run_demo "$@" ;;
    test) shift; run_tests "$@" ;;
    -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
