"""A smart-HTTP server for the fetch tests: `serve.py DIRECTORY` prints two ports and serves the bare
repositories of DIRECTORY over TLS (DIRECTORY/server.pem) until its stdin ends.

The first folder of a URL chooses how it behaves; every Authorization header that arrives is
written to DIRECTORY/authorization.log with the port and the path it came to.
"""

import base64
import http.server
import os
import socket
import ssl
import subprocess
import sys
import threading

top = sys.argv[1]
ports = []
never = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        header = self.headers.get("Authorization")
        if header:
            with open(top + "/authorization.log", "a") as log:
                log.write(f"{self.server.server_port} {self.path} {header}\n")
        kind = self.path.split("/")[1]
        method = getattr(self, "serve_" + kind, None)
        if method:
            method()
        else:
            self.give(404, b"")

    def give(self, status, body, kind="text/plain", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def moved(self, location):
        self.give(301, b"", Location=location)

    def ask(self):
        self.give(401, b"", WWW_Authenticate='Basic realm="x"')

    def rest(self):
        return self.path.split("/", 2)[2]

    def backend(self, cut=None):
        path, _, query = ("/" + self.rest()).partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": top, "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }
        result = subprocess.run(["git", "http-backend"], input=body, env=environment,
                                capture_output=True, check=True)
        head, _, body = result.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(headers.pop("Status", "200").split()[0])
        kind = headers.pop("Content-Type", "text/plain")
        if cut and self.command == "POST":
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.give(status, body, kind)

    def serve_plain(self):
        self.backend()

    def serve_auth(self):
        expected = base64.b64encode(b"x-access-token:token-1").decode()
        if self.headers.get("Authorization") == "Basic " + expected:
            self.backend()
        else:
            self.ask()

    def serve_ask(self):
        self.ask()

    def serve_digest(self):
        self.give(401, b"", WWW_Authenticate='Digest realm="x", nonce="1"')

    def serve_moved(self):  # on this host and port, no password asked
        self.moved("/plain/" + self.rest())

    def serve_same(self):  # on this host and port, but another path, where a password is asked
        self.moved("/auth/" + self.rest())

    def serve_port(self):  # another port of this host
        self.moved(f"https://127.0.0.1:{ports[1]}/ask/" + self.rest())

    def serve_away(self):  # another host
        self.moved(f"https://localhost:{ports[1]}/ask/" + self.rest())

    def serve_down(self):
        self.moved(f"http://127.0.0.1:{ports[1]}/plain/" + self.rest())

    def serve_circle(self):
        self.moved("/circle/" + self.rest())

    def serve_cut(self):
        self.backend(cut=True)

    def serve_silent(self):
        never.wait()

    def serve_page(self):
        self.give(200, b"<html>Sign in</html>", "text/html")

    def serve_fault(self):
        self.give(503, b"")

    def serve_forbidden(self):
        self.give(403, b"")

    def serve_endless(self):  # references without end
        kind = "application/x-git-upload-pack-advertisement"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"001e# service=git-upload-pack\n0000")
        line = b"a" * 40 + b" refs/heads/%016d\n"
        number = 0
        try:
            while True:
                chunk = b""
                for _ in range(1000):
                    text = line % number
                    chunk += b"%04x" % (len(text) + 4) + text
                    number += 1
                self.wfile.write(chunk)
        except OSError:
            self.close_connection = True


class Proxy(http.server.BaseHTTPRequestHandler):
    """CONNECT with a password, for the tests of HTTPS_PROXY."""

    def log_message(self, *arguments):
        pass

    def do_CONNECT(self):
        expected = base64.b64encode(b"ada:p@ss").decode()
        if self.headers.get("Proxy-Authorization") != "Basic " + expected:
            self.send_response_only(407)
            self.end_headers()
            return
        with open(top + "/proxy.log", "a") as log:
            log.write(self.path + "\n")
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response_only(200)
            self.end_headers()
            copier = threading.Thread(target=copy, args=(there, self.connection), daemon=True)
            copier.start()
            copy(self.connection, there)
        self.close_connection = True


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(handler, secure):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(top + "/server.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    ports.append(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()


serve(Handler, True)
serve(Handler, True)
serve(Proxy, False)
print(*ports, flush=True)
sys.stdin.read()
