"""A detector of light as an ONNX file, written by hand: whoever is white on black is a person.

One convolution a stride: the finest gives, for each 8x8 cell, a box of its own size whose sureness is the cell's
brightness; the coarser ones are never sure. The form is that of YOLOX: (1, cells, 4 + 1 + classes).
"""

from collections.abc import Iterable

import numpy as np

SIDE = 64
CELLS = 64 + 16 + 4
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType


def light_net(
    side: int = SIDE, largest: float = 255.0, columns: int = 6, fixed: bool = True, plane: int | None = None
) -> bytes:
    """The file; `largest` is the brightness that gives a score of 1, `fixed` whether the input's size is stated,
    `plane` the only one that counts."""
    nodes, initializers, names = [], [], []
    for stride in (8, 16, 32):
        weights = np.zeros((columns, 3, stride, stride), np.float32)
        bias = np.zeros(columns, np.float32)
        bias[:2] = 0.5  # the middle of the cell
        bias[5:] = 1.0  # sure of the class; of anything being there, by brightness
        if stride == 8:
            planes = slice(None) if plane is None else plane
            weights[4, planes] = 1.0 / (weights[4, planes].size * largest)
        initializers += [_tensor(f"w{stride}", weights), _tensor(f"b{stride}", bias)]
        initializers.append(_tensor(f"s{stride}", np.array([1, columns, (side // stride) ** 2], np.int64)))
        strides = _attribute("strides", [stride, stride])
        nodes.append(_node("Conv", ["images", f"w{stride}", f"b{stride}"], f"c{stride}", strides))
        nodes.append(_node("Reshape", [f"c{stride}", f"s{stride}"], f"r{stride}"))
        names.append(f"r{stride}")
    nodes.append(_node("Concat", names, "all", _attribute("axis", 2)))
    nodes.append(_node("Transpose", ["all"], "output", _attribute("perm", [0, 2, 1])))
    cells = sum((side // stride) ** 2 for stride in (8, 16, 32))
    graph = b"".join(
        (
            *(_part(1, node) for node in nodes),
            _part(2, b"light"),
            *(_part(5, tensor) for tensor in initializers),
            _part(11, _value("images", (1, 3, side, side) if fixed else (1, 3, 0, 0))),
            _part(12, _value("output", (1, cells, columns))),
        )
    )
    opset = _part(1, b"") + _number(2, 13)
    return _number(1, 8) + _part(7, graph) + _part(8, opset)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _tensor(name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    kind = _FLOAT if values.dtype == np.float32 else _INT64
    dims = b"".join(_number(1, side) for side in values.shape)
    return dims + _number(2, kind) + _part(8, name.encode()) + _part(9, values.tobytes())


def _node(operator: str, inputs: Iterable[str], output: str, *attributes: bytes) -> bytes:
    taken = b"".join(_part(1, name.encode()) for name in inputs)
    given = _part(2, output.encode()) + _part(4, operator.encode())
    return taken + given + b"".join(_part(5, attribute) for attribute in attributes)


def _attribute(name: str, value: int | list[int]) -> bytes:
    if isinstance(value, int):
        return _part(1, name.encode()) + _number(3, value) + _number(20, 2)
    return _part(1, name.encode()) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _value(name: str, shape: Iterable[int]) -> bytes:
    dims = b"".join(_part(1, _number(1, side) if side else _part(2, b"side")) for side in shape)
    tensor = _number(1, _FLOAT) + _part(2, dims)
    return _part(1, name.encode()) + _part(2, _part(1, tensor))
