"""Faults of life cycle, which the scripts in tests/isolated are to catch.

They are run against a copy with a fault up to the first that fails.
"""

import itertools
import os
import subprocess
import sys

from machinery import ROOT, build

FOLDER = ROOT / "tests" / "isolated"

# The scripts, in the order of the time they take.
SCRIPTS = """
    half_made referents cleared dropped exports subclasses configure_again module_life cycles
    finalizers traced memory fork type_references at_exit abandoned leaks contexts threads
    own_interpreters
""".split()
# A script takes seconds, but for faults that have it wait or leak.
SECONDS_MAX = 60

# How much of the tests is enough to notice them.
SHORTER = {"MEMORY_MIB": "16"}

# (what is wrong, file, what stands there, what is planted)
PLANTS = [
    ("the type keeps a reference for each object", "types/object.c", "    Py_DECREF(type);\n", ""),
    ("tp_free is passed over", "types/object.c", "type->tp_free(self)", "PyObject_Free(self)"),
    (
        "tp_alloc is passed over, without a GC header",
        "types/object.c",
        "(Object *)type->tp_alloc(type, 0)",
        "PyObject_New(Object, type)",
    ),
    (
        "tp_alloc is passed over, with a GC header",
        "types/object.c",
        "(Object *)type->tp_alloc(type, 0)",
        "PyObject_GC_New(Object, type)",
    ),
    ("the type is not visited", "types/object.c", "    Py_VISIT(Py_TYPE(self));\n", ""),
    ("the module is not visited", "types/object.c", "        Py_VISIT(state->module);\n", ""),
    ("the module is not held", "types/object.c", "        Py_INCREF(state->module);\n", ""),
    ("the module is never let go", "types/object.c", "    Py_DECREF(module);\n", ""),
    (
        "a stream's owner is not visited",
        "types/stream_object.c",
        "    Py_VISIT(((StreamObject *)op)->owner);\n",
        "",
    ),
    ("a stream keeps its owner", "types/stream_object.c", "    Py_CLEAR(self->owner);\n", ""),
    ("a stream keeps its context", "engine/stream.c", "    lease_return(&self->lease);\n", ""),
    ("a compressor keeps its contexts", "types/coder.c", "    pool_clear(&self->pool);\n", ""),
    (
        "a lease keeps its configuration",
        "engine/context.c",
        "    config_release(self->settings);\n}\n\n/* Where it",
        "}\n\n/* Where it",
    ),
    (
        "an idle context keeps its configuration",
        "engine/context.c",
        "former->settings);\n        config_release(former->settings);\n    }\n    while",
        "former->settings);\n    }\n    while",
    ),
    (
        "__init__ keeps the former configuration",
        "engine/context.c",
        "    pool_give_away(self, &former);\n}\n\nConfig",
        "}\n\nConfig",
    ),
    ("spare contexts are never freed", "module.c", "    engine_clear(&state->engine);\n", ""),
    (
        "idle contexts are kept without bound",
        "engine/context.c",
        "self->bytes + size > bytes_max",
        "size > bytes_max",
    ),
    (
        "a reader's file is not visited",
        "types/file.c",
        "    Py_VISIT(((File *)op)->file);\n",
        "",
    ),
    (
        "a cleared reader keeps its source",
        "types/file.c",
        "    Py_XDECREF(object_take(op, &((File *)op)->file));\n",
        "",
    ),
    (
        "closing a reader or writer keeps the file",
        "types/file.c",
        "    Py_XDECREF(close);\n    Py_DECREF(file);\n",
        "    Py_XDECREF(close);\n",
    ),
    (
        "closing keeps the result of close()",
        "types/file.c",
        "    Py_XDECREF(result);\n    Py_XDECREF(close);\n",
        "    Py_XDECREF(close);\n",
    ),
    (
        "an error is lost when closing raises another one",
        "types/file.c",
        "        PyException_SetContext(second, error);\n",
        "        (void)second;\n",
    ),
    (
        "the object of a source is not visited",
        "engine/source.c",
        "    Py_VISIT(self->object);\n",
        "",
    ),
    (
        "where a file began is not visited",
        "engine/feed.c",
        "    Py_VISIT(self->start);\n",
        "",
    ),
    (
        "a feed keeps where its file began",
        "engine/feed.c",
        "    Py_CLEAR(self->start);\n",
        "",
    ),
    (
        "an exported object is not visited",
        "engine/source.c",
        "    Py_VISIT(self->view.obj);\n",
        "",
    ),
    (
        "an export is kept",
        "engine/source.c",
        "        PyBuffer_Release(&view);\n",
        "",
    ),
    (
        "the object of a source is kept",
        "engine/source.c",
        "    Py_XDECREF(object);\n",
        "",
    ),
    ("the block of readinto() is kept", "engine/feed.c", "    Py_CLEAR(self->block);\n", ""),
    (
        "what is refused of a file is kept",
        "engine/feed.c",
        "        Py_DECREF(data);\n        return -1;\n",
        "        return -1;\n",
    ),
    (
        "a reader keeps what is ahead when it goes",
        "types/reader.c",
        "    feed_close(&self->feed);\n    queue_clear(&self->ahead);\n    return 0;",
        "    feed_close(&self->feed);\n    return 0;",
    ),
    (
        "a closed reader keeps its source exported",
        "types/reader.c",
        "object_take(self, &self->base.file);\n    feed_close(&self->feed);\n",
        "object_take(self, &self->base.file);\n",
    ),
    (
        "a closed reader keeps its context",
        "types/reader.c",
        "    stream_close(&self->base.base.stream);\n",
        "",
    ),
    (
        "a cleared reader keeps its source exported",
        "types/reader.c",
        "    feed_close(&self->feed);\n    queue_clear(&self->ahead);\n    return 0;",
        "    queue_clear(&self->ahead);\n    return 0;",
    ),
    (
        "what a sink returned is kept",
        "engine/sink.c",
        "    Py_XDECREF(result);\n",
        "",
    ),
    (
        "what is pending is kept",
        "engine/sink.c",
        "    Py_CLEAR(self->pending);\n    self->file = NULL;",
        "    self->file = NULL;",
    ),
    (
        "a closed writer keeps its context",
        "types/writer.c",
        "    stream_close(&self->base.base.stream);\n",
        "",
    ),
    (
        "a writer goes without its finalizer",
        "types/writer.c",
        "    if (PyObject_CallFinalizerFromDealloc(op) < 0) {\n        return;\n    }\n",
        "",
    ),
    (
        "a writer warns that has nothing to lose",
        "types/writer.c",
        "is = lease_is_in_frame(&self->base.base.stream.lease) || self->sink.pending != NULL;",
        "is = true;",
    ),
    (
        "a warning of a writer hides an exception",
        "types/writer.c",
        "    PyErr_SetRaisedException(error);\n}\n\n/* --- writing",
        "    Py_XDECREF(error);\n}\n\n/* --- writing",
    ),
    (
        "the method of a sink is kept",
        "engine/sink.c",
        "        Py_DECREF(write);\n",
        "",
    ),
    (
        "the count of a line is kept",
        "types/writer.c",
        "        Py_DECREF(count);\n    }\n    Py_DECREF(iterator);",
        "    }\n    Py_DECREF(iterator);",
    ),
    (
        "an iterator's source is not visited",
        "types/iterator.c",
        "    Py_VISIT(self->source);\n",
        "",
    ),
    (
        "an iterator at its end keeps its source",
        "types/iterator.c",
        "        drop_source(self);\n    }\n    output_discard",
        "    }\n    output_discard",
    ),
    (
        "an iterator at its end keeps its context",
        "types/iterator.c",
        "    stream_close(&self->base.stream);\n",
        "",
    ),
    (
        "an iterator that goes keeps its source",
        "types/iterator.c",
        "    drop_source((Iterator *)op);\n    return 0;",
        "    return 0;",
    ),
    (
        "an iterator keeps its output",
        "types/iterator.c",
        "    output_discard(&out);\n",
        "",
    ),
    (
        "a chunker's data is not visited",
        "types/chunker.c",
        "source_traverse(&self->source, visit, arg);",
        "0; (void)self;",
    ),
    (
        "a chunker keeps its data",
        "types/chunker.c",
        "    source_close(&self->source);\n    output_discard",
        "    output_discard",
    ),
    (
        "a chunker keeps the chunk at hand",
        "types/chunker.c",
        "    output_discard(&self->out);\n",
        "",
    ),
    (
        "a chunker keeps data that it refuses",
        "types/chunker.c",
        "    else {\n        source_close(&source);\n    }\n",
        "",
    ),
    (
        "a chunker that has finished keeps its context",
        "types/chunker.c",
        "    if (operation == ZSTD_e_end) {\n        stream_close(&self->base.stream);\n    }\n",
        "",
    ),
    (
        "a chunker's iterator does not visit its chunker",
        "types/chunker.c",
        "    Py_VISIT(((ChunkerIterator *)op)->chunker);\n",
        "",
    ),
    (
        "a chunker's iterator keeps its chunker",
        "types/chunker.c",
        "    Py_XDECREF(object_take(op, &((ChunkerIterator *)op)->chunker));\n",
        "",
    ),
    (
        "a listing's source is not visited",
        "types/frame_listing.c",
        "    Py_VISIT(self->source);\n",
        "",
    ),
    (
        "a listing that goes keeps its source",
        "types/frame_listing.c",
        "    drop_source((FrameInfoIterator *)op);\n    object_dealloc_end",
        "    object_dealloc_end",
    ),
    (
        "a cleared listing keeps its source",
        "types/frame_listing.c",
        "    drop_source((FrameInfoIterator *)op);\n    return 0;",
        "    (void)op;\n    return 0;",
    ),
    (
        "a listing at its end keeps its source",
        "types/frame_listing.c",
        "    if (found == 0 || self->fault != 0) {\n        drop_source(self);\n    }\n",
        "",
    ),
    (
        "what a listing sought is kept",
        "engine/feed.c",
        "    Py_XDECREF(way);\n    Py_XDECREF(target);\n    if",
        "    Py_XDECREF(target);\n    if",
    ),
    (
        "a FrameInfo keeps its values",
        "types/frame_info.c",
        "    Py_CLEAR(((FrameInfo *)op)->values);\n",
        "",
    ),
    (
        "a FrameInfo's repr is built of what is kept",
        "types/frame_info.c",
        "        Py_DECREF(text);\n",
        "",
    ),
    (
        "a skippable frame's data is kept",
        "types/skippable_frame.c",
        "    PyObject *frame = frame_of(&source.native, variant);\n    source_close(&source);\n",
        "    PyObject *frame = frame_of(&source.native, variant);\n",
    ),
    (
        "a context is used on whose workers are at an abandoned frame",
        "engine/context.c",
        "is_clean && pool->settings",
        "pool->settings",
    ),
    (
        "a spare context for compression has its last owner's configuration",
        "engine/codec.c",
        "ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters)",
        "ZSTD_CCtx_reset(context, ZSTD_reset_session_only)",
    ),
    (
        "a spare context for decompression has its last owner's configuration",
        "engine/codec.c",
        "ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters)",
        "ZSTD_DCtx_reset(context, ZSTD_reset_session_only)",
    ),
    (
        "a copy keeps its context",
        "types/copy_stream.c",
        "    lease_return(&lease);\n",
        "",
    ),
    ("a copy keeps its last chunk", "types/copy_stream.c", "    feed_close(&feed);\n", ""),
    (
        "a copy keeps what it has not sent",
        "types/copy_stream.c",
        "    sink_close(&sink);\n",
        "",
    ),
    (
        "a copy keeps what progress() returned",
        "types/copy_stream.c",
        "    Py_XDECREF(result);\n",
        "",
    ),
    (
        "a segment does not visit its buffer",
        "types/segments.c",
        "    Py_VISIT(((BufferSegment *)self)->buffer);\n",
        "",
    ),
    (
        "a segment keeps its buffer",
        "types/segments.c",
        "    Py_XDECREF(((BufferSegment *)op)->buffer);\n",
        "",
    ),
    (
        "the segments do not visit their buffer",
        "types/segments.c",
        "    Py_VISIT(((BufferSegments *)self)->buffer);\n",
        "",
    ),
    (
        "the segments keep their buffer",
        "types/segments.c",
        "    Py_XDECREF(((BufferSegments *)op)->buffer);\n",
        "",
    ),
    (
        "a buffer does not visit its data",
        "types/segments.c",
        "source_traverse(&((Buffer *)op)->source, visit, arg);",
        "0;",
    ),
    (
        "a buffer keeps its data",
        "types/segments.c",
        "    source_close(&self->source);\n",
        "",
    ),
    (
        "a buffer keeps its memory",
        "types/segments.c",
        "    PyMem_RawFree(self->memory);\n",
        "",
    ),
    (
        "a buffer keeps its array of segments",
        "types/segments.c",
        "    PyMem_RawFree(self->segments);\n",
        "",
    ),
    (
        "a buffer keeps the array that it was given",
        "types/segments.c",
        "    source_close(&array);\n",
        "",
    ),
    (
        "a buffer that is refused is kept",
        "types/segments.c",
        "        Py_CLEAR(self);\n",
        "        self = NULL;\n",
    ),
    (
        "a collection does not visit its buffers",
        "types/segments.c",
        "    Py_VISIT(((Collection *)self)->buffers);\n",
        "",
    ),
    (
        "a collection keeps its buffers",
        "types/segments.c",
        "    Py_XDECREF(self->buffers);\n",
        "",
    ),
    (
        "a collection keeps its index",
        "types/segments.c",
        "    PyMem_RawFree(self->ends);\n",
        "",
    ),
    (
        "the factory of buffers keeps a reference",
        "types/segments.c",
        "    Py_XDECREF(buffers);\n    Py_DECREF(buffer);\n",
        "    Py_XDECREF(buffers);\n",
    ),
    (
        "a batch keeps its inputs",
        "types/batch.c",
        "    Py_CLEAR(self->inputs);\n",
        "",
    ),
    (
        "a batch keeps its inputs exported",
        "types/batch.c",
        "        source_close(&self->sources[i]);\n",
        "",
    ),
    (
        "a batch that fails keeps its outputs",
        "types/batch.c",
        "        output_discard(&self->outputs[i]);\n",
        "",
    ),
    (
        "a batch that fails keeps its arena",
        "types/batch.c",
        "    PyMem_RawFree(self->arena);\n",
        "",
    ),
    (
        "a batch keeps its contexts",
        "engine/batch.c",
        "        lease_return(&self->leases[i]);\n",
        "",
    ),
    (
        "a batch keeps its items",
        "engine/batch.c",
        "    PyMem_RawFree(self->items);\n",
        "",
    ),
    (
        "a batch keeps the content that grew",
        "engine/batch.c",
        "    free(self->grown);\n",
        "",
    ),
    (
        "a batch's contexts are of Python's memory",
        "engine/context.c",
        "settings->threads > 0 || for_worker ?",
        "settings->threads > 0 ?",
    ),
    (
        "contexts are not of Python's memory",
        "engine/context.c",
        "ZSTD_defaultCMem : python_memory",
        "ZSTD_defaultCMem : ZSTD_defaultCMem",
    ),
    (
        "digests for decompression are not of Python's memory",
        "engine/dictionary.c",
        "self->type, python_memory);",
        "self->type, ZSTD_defaultCMem);",
    ),
    (
        "a batch keeps the room that its results left",
        "types/batch.c",
        "    char *arena = memory_trim(self->arena, room, size);\n",
        "    char *arena = self->arena;\n    (void)room;\n",
    ),
    (
        "contexts of native threads are never freed",
        "engine/context.c",
        "native = idle_pop(&former->idle_for_workers)",
        "native = NULL",
    ),
    (
        "parameters keep the objects of keyword arguments",
        "types/parameters.c",
        "        Py_DECREF(object);\n",
        "",
    ),
    (
        "parameters that are refused are kept",
        "types/parameters.c",
        "        Py_CLEAR(self);\n    }\n    return (PyObject *)self;\n}\n\n/* --- what it is",
        "        self = NULL;\n    }\n    return (PyObject *)self;\n}\n\n/* --- what it is",
    ),
    (
        "the size for from_level() is kept",
        "types/parameters.c",
        "        Py_DECREF(number);\n",
        "",
    ),
    ("the repr of parameters is kept", "types/parameters.c", "    Py_XDECREF(text);\n", ""),
    ("the numbers of a pickle are kept", "types/parameters.c", "    Py_XDECREF(number);\n", ""),
    ("unpickling keeps the numbers", "types/parameters.c", "    Py_XDECREF(own);\n", ""),
    ("the bounds of parameters are kept", "types/parameters.c", "    Py_XDECREF(pair);\n", ""),
    ("the content of a pickle is kept", "types/pickling.c", "    Py_XDECREF(content);\n", ""),
    ("pickling keeps __newobj__", "types/pickling.c", "    Py_XDECREF(newobj);\n", ""),
    ("pickling keeps the attributes", "types/pickling.c", "    Py_XDECREF(attributes);\n", ""),
    ("unpickling keeps __dict__", "types/pickling.c", "    Py_XDECREF(own);\n", ""),
    ("unpickling keeps the slots", "types/pickling.c", "    Py_XDECREF(copy);\n", ""),
    (
        "a digest that is no longer kept is not let go",
        "engine/dictionary.c",
        "        digest_release(last);\n",
        "        (void)last;\n",
    ),
    (
        "a dictionary that goes keeps its digests",
        "engine/dictionary.c",
        "        digest_release(self->digests[i]);\n",
        "",
    ),
    (
        "a dictionary that goes keeps its decoder",
        "engine/dictionary.c",
        "    ZSTD_freeDDict(self->decoder);\n",
        "",
    ),
    (
        "a dictionary keeps its bytes",
        "engine/dictionary.c",
        "    Py_DECREF(self->bytes);\n",
        "",
    ),
    (
        "a digest is given out without a reference",
        "engine/dictionary.c",
        "        digest_retain(digest);\n",
        "",
    ),
    (
        "a digest that failed is kept",
        "engine/dictionary.c",
        "        digest_release(digest);\n        return NULL;\n",
        "        return NULL;\n",
    ),
    (
        "a configuration keeps its digest",
        "engine/config.c",
        "            digest_release(digest);\n",
        "",
    ),
    (
        "a configuration keeps its dictionary",
        "engine/config.c",
        "            dictionary_release(self->dictionary);\n",
        "",
    ),
    (
        "a compressor refers to a dictionary without a reference",
        "types/dictionary.c",
        "        dictionary_retain(content->dictionary);\n",
        "",
    ),
    (
        "a dictionary's former content is kept",
        "types/dictionary.c",
        "    content_release(&former);\n",
        "    (void)former;\n",
    ),
    (
        "a dictionary's content is kept by its length",
        "types/dictionary.c",
        "    content_release(&content);\n    return length;",
        "    return length;",
    ),
    (
        "a copy of a dictionary keeps the content of the first",
        "types/dictionary.c",
        "    content_release(&content);\n    return pickling_reduce",
        "    return pickling_reduce",
    ),
    (
        "a precomputed digest is kept",
        "types/dictionary.c",
        "    content_release(&content);\n    return digest == NULL",
        "    return digest == NULL",
    ),
    (
        "a decompressor keeps the digest for compression",
        "types/dictionary.c",
        "        digest_release(content.digest);\n    }\n    settings->",
        "    }\n    settings->",
    ),
    (
        "training keeps its samples",
        "types/training.c",
        "    samples_clear(&samples);\n    return dictionary;",
        "    return dictionary;",
    ),
    (
        "training that fails keeps its output",
        "types/training.c",
        "    Py_XDECREF(bytes);\n    return dictionary;",
        "    return dictionary;",
    ),
    (
        "finalizing keeps the export of the content",
        "types/training.c",
        "    source_close(&source);\n",
        "",
    ),
    (
        "a chain keeps the content before",
        "types/dictionary_chain.c",
        "        Py_XDECREF(before);\n",
        "",
    ),
    (
        "a chain keeps its settings",
        "types/dictionary_chain.c",
        "    pool_clear(&own);\n    config_release(settings);",
        "    pool_clear(&own);",
    ),
    (
        "a chain keeps its contexts",
        "types/dictionary_chain.c",
        "    pool_clear(&own);\n",
        "",
    ),
    (
        "a chain keeps its frames",
        "types/dictionary_chain.c",
        "    Py_DECREF(frames);\n",
        "",
    ),
    (
        "the module keeps the classes of io",
        "module.c",
        "        Py_CLEAR(*named_slot(state, &io_classes[i]));\n",
        "",
    ),
    (
        "the module keeps its error for cut input",
        "module.c",
        "    Py_CLEAR(state->engine.zstd_eof_error);\n",
        "",
    ),
    (
        "the module does not visit its error for cut input",
        "module.c",
        "    Py_VISIT(state->engine.zstd_eof_error);\n",
        "",
    ),
    (
        "the values of a FrameInfo are not visited",
        "types/frame_info.c",
        "    Py_VISIT(((FrameInfo *)op)->values);\n",
        "",
    ),
    (
        "a source refers to what goes with it",
        "engine/source.c",
        (
            "    source_init(self); /* the release may run Python code, which finds it closed */\n"
            "    if (is_exported) {\n        PyBuffer_Release(&view);\n    }\n"
            "    Py_XDECREF(object);"
        ),
        ("    PyBuffer_Release(&self->view);\n    Py_XDECREF(object);\n    source_init(self);"),
    ),
    (
        "a feed refers to where its file began while that goes",
        "engine/feed.c",
        "    Py_CLEAR(self->start);\n",
        "    Py_XDECREF(self->start);\n    self->start = NULL;\n",
    ),
    (
        "a cleared reader or writer refers to its file while that goes",
        "types/file.c",
        "    Py_XDECREF(object_take(op, &((File *)op)->file));\n",
        "    Py_XDECREF(((File *)op)->file);\n    ((File *)op)->file = NULL;\n",
    ),
    (
        "a cleared stream refers to its owner while that goes",
        "types/stream_object.c",
        "    Py_CLEAR(self->owner);\n",
        "    Py_XDECREF(self->owner);\n    self->owner = NULL;\n",
    ),
    (
        "a cleared stream lets its owner go before its context",
        "types/stream_object.c",
        "    stream_close(&self->stream);\n    Py_CLEAR(self->owner);\n",
        "    Py_CLEAR(self->owner);\n    stream_close(&self->stream);\n",
    ),
    (
        "a cleared iterator refers to its chunker while that goes",
        "types/chunker.c",
        "    Py_XDECREF(object_take(op, &((ChunkerIterator *)op)->chunker));\n    return 0;",
        (
            "    Py_XDECREF(((ChunkerIterator *)op)->chunker);\n"
            "    ((ChunkerIterator *)op)->chunker = NULL;\n    return 0;"
        ),
    ),
    (
        "interpreters share an exception class",
        "engine/error.c",
        '    PyObject *class =\n        PyErr_NewExceptionWithDoc("zstandard.backend_c.ZstdError"',
        (
            "    static PyObject *class;\n    if (class != NULL) return Py_NewRef(class);\n"
            '    class = PyErr_NewExceptionWithDoc("zstandard.backend_c.ZstdError"'
        ),
    ),
    (
        "interpreters share spare contexts and exception classes",
        "engine/context.c",
        "{\n    *self = (ContextPool){\n",
        (
            "{\n    static Engine *first;\n    engine = first == NULL ? (first = engine) : first;\n"
            "    *self = (ContextPool){\n"
        ),
    ),
    (
        "a wait for a thread that never runs again has no end",
        "engine/claim.c",
        "final_slices > FINAL_SLICES",
        "final_slices < 0",
    ),
]


def notice(folder, _plant):
    """Build the copy and run the scripts; return which one fails first, or None."""
    path = os.pathsep.join([str(build(folder)), str(ROOT / "tests")])
    for allocator, script in itertools.product(("default", "debug"), SCRIPTS):
        environment = {"PYTHONPATH": path, "PYTHONMALLOC": allocator}
        try:
            done = subprocess.run(
                [sys.executable, "-W", "ignore::ResourceWarning", FOLDER / f"{script}.py"],
                env={**SHORTER, **os.environ, **environment},
                capture_output=True,
                timeout=SECONDS_MAX,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{script}-{allocator} (time)"
        if done.returncode != 0 or done.stderr:
            return f"{script}-{allocator}"
    return None
