"""What the collector does to an object of a cycle: clears it."""

import ctypes

# What the collector calls (CPython's typeslots.h); nothing else calls it from outside.
PY_TP_CLEAR = 51
get_slot = ctypes.pythonapi.PyType_GetSlot
get_slot.restype = ctypes.c_void_p
get_slot.argtypes = [ctypes.py_object, ctypes.c_int]


def clear(instance, kind):
    """Clear an instance as the collector does; return whether objects of the type can be."""
    slot = get_slot(kind, PY_TP_CLEAR)
    if slot:
        assert ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object)(slot)(instance) == 0
    return bool(slot)
