# SPDX-License-Identifier: Apache-2.0
"""The benchmarks of mod_cors_guard. tests/bench/run is the command; each module here measures one kind of cost."""
