"""dask.distributed compresses the messages between its processes."""

import pickle

import dask
import distributed
import numpy as np
from distributed.protocol import deserialize, dumps, loads, serialize, to_serialize
from distributed.protocol.compression import compressions, decompress, maybe_compress
from distributed.protocol.utils import pack_frames, unpack_frames

import samples
from programs.table import reads, round_trip, writes
from programs.uses.frames import cut_short, no_frame, one_shot, several

ARRAY = np.arange(200_000).reshape(400, 500)


def told(array: np.ndarray) -> object:
    return [array.shape, str(array.dtype), array.tobytes()]


@writes
def message() -> bytes:
    message = {"op": "update", "text": samples.text(50_000), "data": [to_serialize(ARRAY)]}
    return pack_frames(dumps(message, context={"compression": "zstd"}))


@writes
def message_split() -> bytes:
    """Its arrays are sent in parts, each a frame."""
    message = {"data": to_serialize(ARRAY), "more": to_serialize(samples.text(100_000))}
    return pack_frames(dumps(message, context={"compression": "zstd"}, frame_split_size=200_000))


@writes
def buffer() -> bytes:
    """Memory that is no bytes object."""
    with dask.config.set({"distributed.comm.zstd.level": 9, "distributed.comm.zstd.threads": 2}):
        name, packed = maybe_compress(memoryview(ARRAY).cast("B"), compression="zstd")
    return pickle.dumps((name, bytes(packed)))


@reads(message, message_split)
def load(data: bytes) -> object:
    message = loads(unpack_frames(data))
    return {
        key: told(value) if isinstance(value, np.ndarray) else value
        for key, value in message.items()
        if key != "data"
    } | {"data": told(np.asarray(message["data"]))}


@reads(buffer)
def load_buffer(data: bytes) -> object:
    name, packed = pickle.loads(data)
    header, frames = serialize(ARRAY)
    pieces = decompress({"compression": [name] * len(frames)}, [packed])
    return [name, told(deserialize(header, pieces))]


@reads(one_shot, several, cut_short, no_frame)
def decompress_frame(data: bytes) -> object:
    return compressions["zstd"].decompress(memoryview(data))


@round_trip
def cluster() -> object:
    """A scheduler and workers that talk over TCP, as different hosts: others do not compress.

    Connections to 127.0.0.2 come from 127.0.0.1.
    """
    settings = {
        "distributed.comm.compression": "zstd",
        "distributed.scheduler.dashboard.status.task-stream-length": 0,
        "distributed.worker.memory.target": False,
    }
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.2",
            dashboard_address=None,
        ) as servers,
        distributed.Client(servers) as client,
    ):
        scattered = client.scatter(ARRAY, broadcast=True)
        doubled = client.submit(np.multiply, scattered, 2)
        text = client.submit(bytes.upper, samples.text(100_000))
        return [told(doubled.result()), text.result()]
