"""The window net: trained with torch, kept as ONNX."""

from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from agent.vision.window import FRAMES, SIZE
from models.training.dataset import Windows
from models.training.progress import Remaining, say

_HELD_OUT = 10  # every tenth clip is for watching, not for learning
_BATCH = 256


class FallNetwork(nn.Module):
    """24 silhouettes as 24 channels, four convolutions, one logit; 0.1 M weights."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for wide_in, wide_out, step in ((FRAMES, 40, 1), (40, 40, 2), (40, 48, 2), (48, 64, 2)):
            layers += [nn.Conv2d(wide_in, wide_out, 3, step, 1), nn.BatchNorm2d(wide_out), nn.ReLU()]
        layers += [nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * (SIZE // 8) ** 2, 48), nn.ReLU(), nn.Dropout(0.3)]
        self.layers = nn.Sequential(*layers, nn.Linear(48, 1))

    def forward(self, windows: Tensor) -> Tensor:
        """Logits (n,) of windows (n, 24, 24, 24)."""
        return self.layers(windows)[:, 0]


class _Scored(nn.Module):
    def __init__(self, network: FallNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, windows: Tensor) -> Tensor:
        return torch.sigmoid(self.network(windows))


def train(windows: Windows, seed: int, epochs: int, threads: int) -> FallNetwork:
    """A network trained on `windows`; prints loss and held-out AUC as it goes."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    random = np.random.default_rng(seed)
    held = windows.clips % _HELD_OUT == 0
    pictures, truth = torch.from_numpy(windows.pictures), torch.from_numpy(windows.falls.astype(np.float32))
    learn, watch = torch.from_numpy(np.flatnonzero(~held)), torch.from_numpy(np.flatnonzero(held))
    network = FallNetwork()
    steps = epochs * (len(learn) // _BATCH)
    descent = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(descent, 4e-3, total_steps=steps)
    loss_of = nn.BCEWithLogitsLoss()
    remaining = Remaining(epochs)
    for epoch in range(epochs):
        network.train()
        order = learn[torch.randperm(len(learn))]
        for batch in order[: len(order) // _BATCH * _BATCH].split(_BATCH):
            loss = loss_of(network(_vary(_floats(pictures[batch]), random)), truth[batch] * 0.96 + 0.02)
            descent.zero_grad()
            loss.backward()
            descent.step()
            schedule.step()
        auc = roc_auc_score(truth[watch].numpy(), logits(network, pictures[watch]))
        say(f"epoch {epoch + 1} loss {loss.item():.3f} held-out AUC {auc:.4f}; {remaining.step()}")
    return network.eval()


def logits(network: FallNetwork, pictures: Tensor) -> np.ndarray:
    """What `network` says of byte windows."""
    network.eval()
    with torch.no_grad():
        return torch.cat([network(_floats(part)) for part in pictures.split(1024)]).numpy()


def export(network: FallNetwork, path: Path) -> None:
    """Write ONNX: input `windows` (n, 24, 24, 24) float32, output `scores` (n,) in 0..1."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        _Scored(network).eval(),
        (torch.zeros(1, FRAMES, SIZE, SIZE),),
        str(path),
        input_names=["windows"],
        output_names=["scores"],
        dynamic_axes={"windows": {0: "n"}, "scores": {0: "n"}},
        dynamo=False,
    )


def _floats(pictures: Tensor) -> Tensor:
    return pictures.float() / 255.0


def _vary(windows: Tensor, random: np.random.Generator) -> Tensor:
    """Mirrored, faster or slower, shifted, partly hidden, noisy: what one window might as well have been."""
    if random.random() < 0.5:
        windows = windows.flip(-1)
    if random.random() < 0.6:
        pace = random.uniform(0.75, 1.3)
        chosen = np.clip(np.round((np.arange(FRAMES) - FRAMES + 1) * pace + FRAMES - 1), 0, FRAMES - 1)
        windows = windows[:, torch.from_numpy(chosen.astype(np.int64))]
    if random.random() < 0.5:
        down, right = (int(value) for value in random.integers(-2, 3, 2))
        windows = torch.roll(windows, (down, right), (2, 3))
    hidden = torch.ones(len(windows), 1, SIZE, SIZE)
    for index in np.flatnonzero(random.random(len(windows)) < 0.25):
        top, left = random.integers(0, SIZE - 4, 2)
        high, wide = random.integers(3, 10, 2)
        hidden[index, :, top : top + high, left : left + wide] = 0
    return windows * hidden + torch.randn_like(windows) * 0.05
