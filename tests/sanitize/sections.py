# SPDX-License-Identifier: Apache-2.0
"""Who asks, and the sections that growth.py and threads.py both ask for."""

ALLOWED, DENIED = "https://app.example.com", "https://evil.test"
PREFLIGHT = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "content-type")]
SECTIONS = """
MaxKeepAliveRequests 0
CacheRoot "${DIR}/cache"
CacheEnable disk /cached
CacheIgnoreCacheControl On
<Directory "${DOCROOT}">
  AllowOverride FileInfo
</Directory>
<Location /listed>
  CorsAllowOrigin https://app.example.com https://*.tenant.example
  CorsAllowCredentials On
  CorsAllowMethods PUT
  CorsAllowHeaders Content-Type
</Location>
<Location /enforced>
  CorsGuard Enforce
  CorsAllowOriginMatch https://(app|api)\\.example\\.com
</Location>
<Location /report>
  CorsGuard Report
  CorsAllowOrigin https://app.example.com
</Location>
<Location /cached>
  Header set Cache-Control max-age=600
</Location>
"""
