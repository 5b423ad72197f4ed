# SPDX-License-Identifier: Apache-2.0
"""A private Varnish in front of an httpd."""

import shutil
import tempfile
from pathlib import Path

from cgtest import Process, file_of, free_port, libraries

# What is fetched by a request with X-Stale is stale at once, so that the next request makes Varnish ask httpd whether
# it is still good. Nothing else is changed about how Varnish caches by itself; the answers tell what it did.
CONFIG = """vcl 4.1;
backend httpd { .host = "127.0.0.1"; .port = "HTTPD"; }
sub vcl_backend_response {
    set beresp.keep = 10m;
    if (bereq.http.X-Stale) {
        set beresp.ttl = 0.001ms;
        set beresp.grace = 0s;
    }
    if (beresp.was_304) {
        set beresp.http.X-Was = "REVALIDATE";
    } else {
        set beresp.http.X-Was = "MISS";
    }
}
sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Was = "HIT";
    }
}
"""


class Varnish:
    def __init__(self, httpd):
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="cgvarnish-", dir="/tmp"))
        program = file_of("varnish", "usr/sbin/varnishd")
        config = self.folder / "front.vcl"
        config.write_text(CONFIG.replace("HTTPD", str(httpd)))
        command = [program, "-F", "-j", "none", "-n", self.folder / "work", "-a", f"127.0.0.1:{self.port}"]
        command += ["-f", config, "-s", "malloc,16m", "-T", "none", "-p", "thread_pools=1"]
        self.process = Process(command, self.port, self.folder / "output.log", libraries(program)).start()

    def close(self):
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)
