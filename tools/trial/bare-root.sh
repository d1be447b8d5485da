#!/usr/bin/env bash
# The newcomer's first minutes, on a machine that has nothing: makes a minimal Debian in a folder, copies
# this tree into it as a clone would have it (what git tracks, and new files that it does not ignore),
# and runs commands there as root.
#
#   tools/trial/bare-root.sh [-k] [-d DIR] [-s SUITE] [COMMAND…]
#
#   -d DIR     where to (default: a temporary folder); an existing system in it is used again
#   -k         keep the folder
#   -s SUITE   Debian release (default: bookworm)
#   COMMAND    what to run (default: `./uvspec check`, then `./uvspec test`)
#
# Needs root and debootstrap. Packages come from where this machine's apt gets them.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
root=
keep=
suite=bookworm
while getopts kd:s: option; do
  case $option in
    k) keep=yes ;;
    d) root=$OPTARG keep=yes ;;
    s) suite=$OPTARG ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))

[ "$(id -u)" = 0 ] || { echo "bare-root: must be root, to make and enter a system" >&2; exit 3; }
command -v debootstrap >/dev/null || { echo "bare-root: run: apt-get install debootstrap" >&2; exit 3; }
root=${root:-$(mktemp -d "${TMPDIR:-/tmp}/uvspec-trial.XXXXXX")}
chmod 755 "$root" # it becomes somebody else's "/", too

# The mirror this machine uses: the first Debian source of either kind of list.
mirror() {
  { sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources
    sed -n 's/^deb \(\[[^]]*\] \)\?\(http[^ ]*\).*/\2/p' /etc/apt/sources.list
  } 2>/dev/null | head -n 1
}

leave() {
  for place in dev/shm dev/pts dev sys proc; do
    if mountpoint -q "$root/$place"; then umount "$root/$place" || umount --lazy "$root/$place"; fi
  done
  if [ -z "$keep" ]; then rm -rf "$root"; else echo "bare-root: kept in $root" >&2; fi
}
trap leave EXIT

if [ ! -x "$root/bin/sh" ]; then
  echo "bare-root: making a minimal $suite in $root" >&2
  debootstrap --variant=minbase --include=git,python3,ca-certificates "$suite" "$root" \
    "$(mirror)" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; exit 3; }
  rm -f "$root.log"
fi

# How this machine reaches its packages: sources, keys, proxies, certificates, names.
rm -rf "$root/etc/apt/sources.list.d"
mkdir -p "$root/etc/apt/sources.list.d"
if [ -e /etc/apt/sources.list.d/debian.sources ]; then
  cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
  : >"$root/etc/apt/sources.list"
fi
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
  if [ -f "$file" ] && grep -qiE 'proxy|https|verify' "$file"; then
    cp "$file" "$root/etc/apt/apt.conf.d/"
  fi
done
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp -L /etc/hosts "$root/etc/hosts"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"

for place in proc sys dev dev/pts dev/shm; do
  mountpoint -q "$root/$place" && continue
  case $place in
    proc) mount -t proc proc "$root/proc" ;;
    dev/shm) mount -t tmpfs tmpfs "$root/dev/shm" ;;
    *) mount --bind "/$place" "$root/$place" ;;
  esac || echo "bare-root: cannot mount $place; going on without" >&2
done

# The tree, as a clone would have it, with a repository around it.
rm -rf "$root/src/uvspec"
mkdir -p "$root/src/uvspec"
(cd "$here" && git ls-files -z --cached --others --exclude-standard) |
  (cd "$here" && xargs -0 sh -c 'for f; do [ -e "$f" ] && printf "%s\0" "$f"; done' sh) |
  tar -C "$here" --null --no-recursion -T - -cf - | tar -C "$root/src/uvspec" -xf - --no-same-owner
chroot "$root" git -C /src/uvspec -c init.defaultBranch=main init -q

enter() {
  echo "bare-root: $*" >&2
  local started=$SECONDS code=0
  # Names of proxies go along; nothing else of this machine's environment does.
  chroot "$root" env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
    sh -c 'cd /src/uvspec && exec "$@"' sh "$@" </dev/null || code=$?
  echo "bare-root: exit code $code after $((SECONDS - started)) s: $*" >&2
  return "$code"
}

worst=0
if [ $# -gt 0 ]; then
  enter "$@" || worst=$?
else
  enter ./uvspec check || worst=$?
  enter ./uvspec test || worst=$?
fi
exit "$worst"
