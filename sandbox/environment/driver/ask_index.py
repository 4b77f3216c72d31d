"""Asks this machine's pip which package index it uses; runs on the host, never in a box.

Prints lines "name value": the index pages, the hosts that serve its files, the certificate file, a
proxy of the network. No name of a registry stands here: where nothing is configured, pip's own
default is taken. The hosts of files are those of the links on the index page of a package.
Works with pip 20 and later.
"""

import os
import ssl
import sys
from urllib.parse import urlsplit
from urllib.request import getproxies

from pip._internal.commands import create_command

DEFAULT_PORTS = {"https": 443, "http": 80}


def place(url):
    """host:port of a URL, or nothing where it has no host."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in DEFAULT_PORTS:
        return None
    return "%s:%d" % (parts.hostname.lower(), parts.port or DEFAULT_PORTS[parts.scheme])


def certificate_file(options):
    paths = ssl.get_default_verify_paths()
    choices = [options.cert, os.environ.get("SSL_CERT_FILE"),
               os.environ.get("REQUESTS_CA_BUNDLE"), paths.cafile, paths.openssl_cafile,
               "/etc/ssl/certs/ca-certificates.crt"]
    for choice in choices:
        if choice and os.path.isfile(choice):
            return os.path.realpath(choice)
    return ""


def proxy_of_network(options):
    return options.proxy or getproxies().get("https", "")


def main(package):
    command = create_command("download")
    options, _ = command.parse_args(["--quiet", "--no-deps", "--retries", "2", package])
    indexes = [] if options.no_index else [options.index_url] + list(options.extra_index_urls)
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session, ignore_requires_python=True)
        links = [candidate.link.url for candidate in finder.find_all_candidates(package)]
    hosts = {place(url) for url in indexes + links}
    for index in indexes:
        print("index", index)
    for host in sorted(hosts - {None}):
        print("host", host)
    print("links", len(links))
    print("certificates", certificate_file(options))
    print("proxy", proxy_of_network(options))


if __name__ == "__main__":
    main(sys.argv[1])
