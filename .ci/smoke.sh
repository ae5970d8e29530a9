#!/usr/bin/env bash
# The launcher and the tool, end to end.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(./myrmidon --version)" = "myrmidon 0.1.0" ]
