# SPDX-License-Identifier: Apache-2.0
"""What runs the fuzzers: tests/fuzz/run."""
