# SPDX-License-Identifier: Apache-2.0
"""What tests/soak is made of. Everything that a server must answer is worked out here, by other code than the module's:
policy.py says what a policy owes, site.py which requests there are, http1.py and http2.py ask and compare."""
