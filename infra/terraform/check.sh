#!/bin/sh
# infra/terraform/check.sh: checks the form of all Terraform files and, where the providers can be had, what they say.
# Changes nothing anywhere, and needs no token. Exit code 1: a fault; 3: no terraform.
set -eu
cd "$(dirname "$0")"
command -v terraform >/dev/null 2>&1 || {
  printf 'terraform was not found\n  = help: Install it: https://developer.hashicorp.com/terraform/install\n' >&2
  exit 3
}
status=0
terraform fmt -check -diff -recursive . || status=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for folder in */; do
  folder=${folder%/}
  export TF_DATA_DIR="$scratch/$folder"
  # In a copy: init writes a lock file beside the files.
  mkdir -p "$scratch/copy"
  cp -R "$folder" "$scratch/copy/"
  if timeout 120 terraform -chdir="$scratch/copy/$folder" init -backend=false -input=false >"$scratch/log" 2>&1; then
    terraform -chdir="$scratch/copy/$folder" validate || status=1
  elif grep -q 'Failed to query available provider packages\|Failed to install provider\|could not connect\|Invalid provider registry host' "$scratch/log"; then
    printf '%s: not validated, its providers cannot be had here\n' "$folder" >&2
  else
    cat "$scratch/log" >&2
    status=1
  fi
done
exit "$status"
