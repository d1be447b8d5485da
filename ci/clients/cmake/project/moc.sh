#!/bin/sh
# Stands in for a generator of sources: notes what it was asked for and writes something that compiles.
while [ $# -gt 0 ]; do
  case $1 in
    -o) out=$2; shift ;;
    *.h) header=$1 ;;
  esac
  shift
done
here=$(dirname "$0")
basename "$header" >> "$here/../moc.log"
echo "// made from $(basename "$header")" > "$out"
