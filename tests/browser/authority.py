# SPDX-License-Identifier: Apache-2.0
"""A certificate authority of the tests, the certificate of their sites, and what makes browsers trust them."""

import subprocess


class Authority:
    """folder gets ca.pem, and site.pem with site.key for all names."""

    def __init__(self, folder, names):
        self.folder = folder
        self.certify(
            "ca", "/CN=CA of the tests", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]
        )
        alternatives = ",".join(f"DNS:{name}" for name in names)
        extensions = ["basicConstraints=critical,CA:FALSE", f"subjectAltName={alternatives}"]
        self.certify("site", "/CN=site of the tests", extensions, ["-CA", "ca.pem", "-CAkey", "ca.key"])

    def certify(self, name, subject, extensions, by=()):
        ec_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        added = [word for extension in extensions for word in ("-addext", extension)]
        files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
        self.call("openssl", "req", "-x509", *ec_key, "-subj", subject, *added, *by, *files)

    def trusted_in(self, database):
        """Both browsers read a database of NSS for what their user trusts."""
        database.mkdir(parents=True, exist_ok=True)
        self.call("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
        self.call("certutil", "-A", "-d", f"sql:{database}", "-n", "tests", "-t", "C,,", "-i", "ca.pem")

    def call(self, *command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stderr}"
