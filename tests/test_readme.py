"""The examples of README.md work as they stand there."""

import pathlib
import re

README = pathlib.Path(__file__).parent.parent / "README.md"


def test_python_examples():
    examples = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)
    assert examples
    for example in examples:
        exec(example, {})
