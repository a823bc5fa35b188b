#!/usr/bin/env bash
# Nightlamp: sets up all that is needed on a bare Debian 12 / Raspberry Pi OS machine, then does what it was asked.
# Safe to run twice, at the same time, and after a Ctrl-C; the second start needs no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# cv2 (opencv-python) is linked with libGL and GLib; playwright's node, which drives chromium, with libatomic.
readonly RUNTIME_PACKAGES=(python3-venv dbus-daemon libgl1 libglib2.0-0)
readonly TEST_PACKAGES=(chromium fonts-noto-cjk libatomic1 openssl)
readonly RUNTIME_LOCK=requirements.lock
readonly TEST_LOCK=requirements-dev.lock # holds all of the runtime's too
readonly RUNTIME_MIB=1300 TEST_MIB=2600  # wheels, environment and system packages together, and some air

readonly PACKAGES_STAMP=.venv/nightlamp-packages PROJECT_STAMP=.venv/nightlamp-project
readonly WORK=.install # lock and log stay there; fetched wheels and temporary files go

readonly NO_NETWORK="Temporary failure in name resolution|Temporary failure resolving '[^']*'|Could not resolve '[^']*'\
|Could not connect to [^ ]*|Name or service not known|Network is unreachable|No route to host|Connection refused\
|Connection timed out|Connection failed|connect timeout|Read timed out|Tunnel connection failed|Connection reset by peer"
readonly NO_ROOM="No space left on device|enough free space in [^ ]*|Disk quota exceeded"
readonly NO_RIGHT="sudo: a (terminal|password) is required|[0-9]+ incorrect password|[^ ]+ is not (in the sudoers file|allowed to)\
|Permission denied|are you root"

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in zh*) CHINESE=1 ;; *) CHINESE= ;; esac

say() { if [ -n "$CHINESE" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
fail() { say "nightlamp: $1" "nightlamp：$2" >&2; exit 1; }

usage() {
    say "Usage: ./install.sh demo [--once] [--json] [--seed N] [--port N]   set up and play an evening in the virtual ward
       ./install.sh test [--slow]                                set up, check form and types, run the tests
       ./install.sh test PYTEST-ARGUMENTS                        set up and run these tests alone
       ./install.sh --help" "用法：./install.sh demo [--once] [--json] [--seed N] [--port N]   安装所需并演示虚拟病区
      ./install.sh test [--slow]                                安装所需，检查格式与类型，运行测试
      ./install.sh test PYTEST参数                              安装所需，只运行所选测试
      ./install.sh --help"
}

check_python() {
    command -v python3 >/dev/null || fail "python3 is missing; install it: apt-get install python3" \
        "缺少 python3；请安装：apt-get install python3"
    python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || fail \
        "$(python3 --version) found, 3.11 to 3.13 is needed; use Debian 12/13 or Raspberry Pi OS of the same age" \
        "当前为 $(python3 --version)，需要 3.11 至 3.13；请使用 Debian 12/13 或同代 Raspberry Pi OS"
}

check_room() {
    local free=$(($(df --output=avail -k . | tail -n 1) / 1024))
    [ "$free" -ge "$1" ] || fail "$free MiB free in $PWD, $1 are needed; make room, then run this again" \
        "$PWD 剩余 $free MiB，需要 $1 MiB；请清理后重试"
}

# Those of the named packages that neither stand installed nor are provided by one that is (libglib2.0-0t64 of Debian 13).
missing_packages() {
    local installed package
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
        sed -n 's/^installed //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//') || true # no dpkg: all are missing
    for package in "$@"; do
        grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
    done
}

# Writes to the log and shows what apt-get or pip is at: on a terminal in one line that changes, else every ten seconds.
show_progress() {
    local line lost='' count=0 shown=$SECONDS
    : >"$WORK/log"
    while IFS= read -r line; do
        { printf '%s\n' "$line" >>"$WORK/log"; } 2>/dev/null || lost=yes
        case "$line" in Get:* | Unpacking\ * | Setting\ up\ * | Collecting\ * | Installing\ *) ;; *) continue ;; esac
        count=$((count + 1))
        if [ -t 1 ]; then
            printf '\r\033[K  %d %.70s' "$count" "$line"
        elif [ $((SECONDS - shown)) -ge 10 ]; then
            shown=$SECONDS
            printf '  %d %.70s\n' "$count" "$line"
        fi
    done
    if [ -t 1 ] && [ "$count" -gt 0 ]; then printf '\r\033[K'; fi
    [ -z "$lost" ] || printf 'No space left on device\n' >>"$WORK/log" # by now the program's temporary files are gone
}

# sudo's warning that it cannot resolve this machine's own name is no sign of anything.
found_in_log() { grep -v '^sudo: unable to resolve' "$WORK/log" | grep -oE "$1" | sed -n 1p | cut -c 1-160; }

# Ends with the cause and the cure of what the log tells. $1: the program that failed
fail_by_log() {
    local sign
    if sign=$(found_in_log "$NO_ROOM"); then
        fail "the disk is full ($1: $sign); make room, then run this again" "磁盘已满（$1：$sign）；请清理后重试"
    elif sign=$(found_in_log "$NO_RIGHT"); then
        fail "no right to do this ($1: $sign); run as root or as a user with sudo" \
            "权限不足（$1：$sign）；请以 root 或有 sudo 权限的用户运行"
    elif sign=$(found_in_log "$NO_NETWORK"); then
        fail "no network ($1: $sign); check cable, Wi-Fi, DNS and proxy, then run this again" \
            "没有网络（$1：$sign）；请检查网线、Wi-Fi、DNS 和代理后重试"
    fi
    sign=$(found_in_log '^(E:|ERROR:).*') || sign=$(tail -n 1 "$WORK/log" | cut -c 1-160)
    fail "$1 failed ($sign); see $PWD/$WORK/log, put it right, then run this again" \
        "$1 失败（$sign）；请查看 $PWD/$WORK/log，排除后重试"
}

# A failed update is no failure yet: one source of many may be away, and the lists of yesterday may do.
apt_get() {
    local -a as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" dpkg --configure -a || return # what an interrupted run has left
    "${as_root[@]}" apt-get update -q -o Acquire::Retries=2 || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get install -y -q --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 "$@"
}

install_packages() {
    local -a missing
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return
    command -v apt-get >/dev/null || fail "apt-get is missing; use Debian or Raspberry Pi OS, or install ${missing[*]}" \
        "缺少 apt-get；请使用 Debian 或 Raspberry Pi OS，或自行安装 ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || fail \
        "no right to install ${missing[*]}; run as root or as a user with sudo" \
        "无权安装 ${missing[*]}；请以 root 或有 sudo 权限的用户运行"
    say "Installing system packages: ${missing[*]}" "正在安装系统软件包：${missing[*]}"
    apt_get "${missing[@]}" </dev/null 2>&1 9<&- | show_progress || fail_by_log apt-get
}

# An environment is good for one lock, one Python and one place; for the runtime's lock the tests' will do as well.
packages_stamp() { printf '%s %s %s\n' "$(sha256sum <"$1")" "$(python3 --version)" "$PWD"; }
project_stamp() { sha256sum <pyproject.toml; }
holds_packages() { [ "$(cat "$PACKAGES_STAMP" 2>/dev/null)" = "$(packages_stamp "$1")" ]; }
holds_project() { [ "$(cat "$PROJECT_STAMP" 2>/dev/null)" = "$(project_stamp)" ]; }
environment_stands() { { holds_packages "$1" || holds_packages "$TEST_LOCK"; } && holds_project; }

pip() { .venv/bin/python -m pip "$@" --disable-pip-version-check </dev/null 2>&1 | show_progress; }

# The stamp goes first and comes last: an environment without one is half-made.
new_environment() {
    rm -f "$PACKAGES_STAMP" "$PROJECT_STAMP"
    rm -rf .venv
    python3 -m venv .venv 2>&1 | show_progress || fail_by_log "python3 -m venv"
}

# Fetches all before anything is changed, so that without network or room what stood goes on standing.
install_pins() {
    local lock=$1
    say "Fetching the Python packages of $lock (some minutes the first time)" "正在下载 $lock 的 Python 软件包（首次需几分钟）"
    { [ -e "$PACKAGES_STAMP" ] && .venv/bin/python -m pip --version >/dev/null 2>&1; } || new_environment
    pip download --no-deps --only-binary :all: --require-hashes -r "$lock" -d "$WORK/wheels" || fail_by_log pip
    say "Installing them into $PWD/.venv" "正在安装到 $PWD/.venv"
    { holds_packages "$RUNTIME_LOCK" && [ "$lock" = "$TEST_LOCK" ]; } || new_environment # the tests' packages only add
    rm -f "$PACKAGES_STAMP" "$PROJECT_STAMP"
    pip install --no-deps --no-index --find-links "$WORK/wheels" --require-hashes -r "$lock" || fail_by_log pip
    sync -f .venv
    packages_stamp "$lock" >"$PACKAGES_STAMP"
}

make_environment() {
    local lock=$1
    holds_packages "$lock" || holds_packages "$TEST_LOCK" || install_pins "$lock"
    holds_project && return
    pip install --no-deps --no-build-isolation --no-index -e . || fail_by_log pip
    project_stamp >"$PROJECT_STAMP"
}

clear_up() {
    rm -rf "$WORK/wheels" "$WORK/tmp"
    [ -e "$PACKAGES_STAMP" ] || rm -rf .venv
}

# $1: the lock, $2: MiB of disk it takes, then the system packages
set_up() {
    local lock=$1 mib=$2
    shift 2
    check_python
    if environment_stands "$lock" && [ -z "$(missing_packages "$@")" ]; then return; fi
    { mkdir -p "$WORK" && : >>"$WORK/lock"; } 2>/dev/null || {
        check_room "$mib"
        fail "$PWD is not writable for $(id -un); clone into a folder of your own" "$(id -un) 不可写 $PWD；请克隆到自己的目录"
    }
    exec 9>>"$WORK/lock"
    flock -n 9 || { say "Waiting for another install.sh to finish" "等待另一个 install.sh 结束"; flock 9; }
    trap 'say "nightlamp: interrupted; run it again" "nightlamp：已中断；请重新运行" >&2; exit 130' INT TERM HUP
    trap clear_up EXIT
    environment_stands "$lock" || check_room "$mib"
    install_packages "$@"
    mkdir -p "$WORK/tmp" # pip's; of _apt's rights apt makes its own
    TMPDIR=$PWD/$WORK/tmp make_environment "$lock"
    clear_up
    trap - INT TERM HUP EXIT
    exec 9>&-
}

run_tests() {
    local -a selection=(-m "not slow")
    if [ "${1:-}" = --slow ]; then
        selection=()
        shift
    fi
    set_up "$TEST_LOCK" "$TEST_MIB" "${RUNTIME_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
    if [ "$#" -eq 0 ]; then
        say "Checking form (ruff) and types (mypy)" "检查格式（ruff）与类型（mypy）"
        .venv/bin/ruff check .
        .venv/bin/ruff format --check -q .
        .venv/bin/mypy
    fi
    exec .venv/bin/python -m pytest "${selection[@]}" "$@"
}

run_demo() {
    set_up "$RUNTIME_LOCK" "$RUNTIME_MIB" "${RUNTIME_PACKAGES[@]}" >&2 # stdout belongs to --json
    exec .venv/bin/nightlamp demo "$@"
}

case "${1:-}" in
    demo) shift; run_demo "$@" ;;
    test) shift; run_tests "$@" ;;
    -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
