"""How the weights are made: simulated falls and daily life, rendered, seen by the product's own eyes, learned.

Needs the dependency group `train` (torch, mujoco, onnx, scikit-learn), which no gateway installs. Nothing else
imports this package, and it alone may import both `models` and `agent.vision`.
"""
