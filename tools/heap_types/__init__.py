"""A static check of the heap types of C extensions; tools/heap_type_check.py is its command."""
