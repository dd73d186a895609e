"""urllib3 decodes responses of content-encoding zstd."""

import gzip
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3
from urllib3.response import HTTPResponse

import samples
from programs.table import gather, reads, until_empty
from programs.uses.frames import ALL, WHOLE


def response(data: bytes, encoding: str = "zstd", **options: object) -> HTTPResponse:
    headers = {"content-encoding": encoding}
    return HTTPResponse(io.BytesIO(data), headers, 200, preload_content=False, **options)


@reads(*ALL)
def data(data: bytes) -> object:
    return response(data).data


@reads(*ALL)
def read(data: bytes) -> object:
    reply = response(data)
    return until_empty(lambda: reply.read(1000))


@reads(*ALL)
def stream(data: bytes) -> object:
    return gather(response(data).stream(4096))


@reads(*WHOLE)
def read1(data: bytes) -> object:
    reply = response(data)
    return until_empty(lambda: reply.read1(5000))


@reads(*WHOLE)
def lines(data: bytes) -> object:
    return list(io.BufferedReader(response(data, auto_close=False)))


@reads(*WHOLE)
def twice_encoded(data: bytes) -> object:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(data)
    return response(packed.getvalue(), "zstd, gzip").data


@contextmanager
def served(data: bytes) -> Iterator[str]:
    """Serve the data, in chunks; give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-encoding", "zstd")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for piece in samples.in_pieces(data, 777):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@reads(*ALL)
def chunked(data: bytes) -> object:
    with served(data) as address, urllib3.PoolManager(retries=False) as pool:
        reply = pool.request("GET", address, preload_content=False)
        result = gather(reply.read_chunked(3000, decode_content=True))
        reply.close()
        return result
