"""httpx decodes responses of content-encoding zstd."""

import asyncio
from collections.abc import AsyncIterator

import httpx

import samples
from programs.table import gather, reads
from programs.uses.frames import ALL, WHOLE


def transport(data: bytes) -> httpx.MockTransport:
    """Answer all requests with the data, in pieces."""

    async def pieces() -> AsyncIterator[bytes]:
        for piece in samples.in_pieces(data, 1000):
            yield piece

    def answer(request: httpx.Request) -> httpx.Response:
        is_async = request.headers["x-async"] == "yes"
        content = pieces() if is_async else iter(samples.in_pieces(data, 1000))
        return httpx.Response(200, headers={"content-encoding": "zstd"}, content=content)

    return httpx.MockTransport(answer)


def client(data: bytes) -> httpx.Client:
    return httpx.Client(transport=transport(data), headers={"x-async": "no"})


@reads(*ALL)
def get(data: bytes) -> object:
    with client(data) as session:
        return session.get("http://host/").content


@reads(*ALL)
def iter_bytes(data: bytes) -> object:
    with client(data) as session, session.stream("GET", "http://host/") as reply:
        return gather(reply.iter_bytes(3000))


@reads(*WHOLE)
def iter_lines(data: bytes) -> object:
    with client(data) as session, session.stream("GET", "http://host/") as reply:
        reply.encoding = "latin-1"
        return "\n".join(reply.iter_lines()).encode("latin-1")


@reads(*ALL)
def get_async(data: bytes) -> object:
    async def get() -> bytes:
        headers = {"x-async": "yes"}
        async with httpx.AsyncClient(transport=transport(data), headers=headers) as session:
            return (await session.get("http://host/")).content

    return asyncio.run(get())
