"""starlette-compress encodes responses, whole and streamed, for clients such as httpx."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette_compress import CompressMiddleware

import samples
from programs.table import round_trip, writes

TEXT = samples.text(300_000)


async def whole(_: Request) -> Response:
    return Response(TEXT, media_type="text/plain")


async def streamed(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in samples.in_pieces(TEXT, 10_000):
            yield piece

    return StreamingResponse(pieces(), media_type="text/plain")


SERVER = CompressMiddleware(
    Starlette(routes=[Route("/whole", whole), Route("/streamed", streamed)])
)


async def fetch(path: str, *, raw: bool) -> list[object]:
    headers = {"accept-encoding": "zstd"}
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(SERVER), headers=headers) as client,
        client.stream("GET", f"http://host{path}") as reply,
    ):
        body = reply.aiter_raw() if raw else reply.aiter_bytes()
        encoding = reply.headers.get("content-encoding")
        return [encoding, b"".join([piece async for piece in body])]


@writes
def whole_response() -> bytes:
    return asyncio.run(fetch("/whole", raw=True))[1]


@writes
def streamed_response() -> bytes:
    return asyncio.run(fetch("/streamed", raw=True))[1]


@round_trip
def response_to_client() -> object:
    return [asyncio.run(fetch(path, raw=False)) for path in ("/whole", "/streamed")]
