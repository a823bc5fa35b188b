"""A human body for MuJoCo, with a stature drawn at random, to be posed or to be let fall."""

from dataclasses import dataclass

import mujoco
import numpy as np

from models.training.anatomy import HINGES, PARTS, Capsules, Floats, Part, Point, Random


@dataclass(frozen=True, slots=True)
class Stature:
    """How tall and stout a person is, as shares of 1.73 m and of a slim build, and how his shoes grip."""

    scale: float
    girth: float
    friction: float

    @staticmethod
    def draw(random: Random) -> "Stature":
        """From 1.45 to 1.87 m, slim to stout."""
        return Stature(
            float(random.uniform(0.84, 1.08)), float(random.uniform(0.85, 1.45)), float(random.uniform(0.5, 1.0))
        )


class Body:
    """One person with his own height and girth, to be posed or to be let fall."""

    def __init__(self, random: Random, extra: str = "", head: str = "", stature: Stature | None = None) -> None:
        self.stature = stature or Stature.draw(random)
        self.scale = self.stature.scale
        xml = body_xml(self.scale, self.stature.girth, self.stature.friction, extra, head)
        self.model = mujoco.MjModel.from_xml_string(xml)
        self.pose = mujoco.MjData(self.model)
        self.angle_at = [int(self.model.joint(hinge.name).qposadr[0]) for hinge in HINGES]
        self.speed_at = [int(self.model.joint(hinge.name).dofadr[0]) for hinge in HINGES]
        self._geoms = [i for i in range(self.model.ngeom) if self.model.geom(i).name.startswith("body")]

    @property
    def mass(self) -> float:
        """Kilograms."""
        return float(sum(self.model.body(part.name).mass[0] for part in PARTS))

    def capsules(self) -> Capsules:
        """Where the body is now."""
        centre = self.pose.geom_xpos[self._geoms]
        axis = self.pose.geom_xmat[self._geoms].reshape(-1, 3, 3)[:, :, 2]
        half = self.model.geom_size[self._geoms, 1:2]
        return Capsules(centre - axis * half, centre + axis * half, self.model.geom_size[self._geoms, 0].copy())

    def put(self, angles: dict[str, float], x: float, y: float, yaw: float) -> None:
        """Take a posture (degrees; `pitch`, `roll` of the whole, `support` m under the lowest point) at x, y."""
        place = self.pose.qpos
        place[:3] = (x, y, 0.0)
        place[3:7] = quaternion(yaw, angles.get("pitch", 0.0), angles.get("roll", 0.0))
        for address, hinge in zip(self.angle_at, HINGES, strict=True):
            place[address] = np.radians(np.clip(angles.get(hinge.name, 0.0), hinge.low, hinge.high))
        mujoco.mj_kinematics(self.model, self.pose)
        now = self.capsules()
        lowest = float(np.minimum(now.start[:, 2], now.end[:, 2]).min() - now.radius.min())
        place[2] = angles.get("support", 0.0) - lowest
        mujoco.mj_kinematics(self.model, self.pose)

    def shift(self, x: float, y: float) -> None:
        """Move the whole body over the floor."""
        self.pose.qpos[:2] += (x, y)
        mujoco.mj_kinematics(self.model, self.pose)


def quaternion(yaw: float, pitch: float, roll: float) -> Floats:
    """Turned by `yaw`, then tipped forward by `pitch`, then rolled about the body's own length; degrees."""
    turns = ((yaw, (0.0, 0.0, 1.0)), (pitch, (0.0, 1.0, 0.0)), (roll, (0.0, 0.0, 1.0)))
    result = np.array([1.0, 0.0, 0.0, 0.0])
    for angle, axis in turns:
        turn, product = np.zeros(4), np.zeros(4)
        mujoco.mju_axisAngle2Quat(turn, np.array(axis), np.radians(angle))
        mujoco.mju_mulQuat(product, result, turn)
        result = product
    return result


def body_xml(scale: float, girth: float, friction: float, extra: str = "", head: str = "") -> str:
    """The MJCF of a world with a floor and one body; `extra` goes into the world, `head` before it."""
    return f"""<mujoco><option timestep="0.005" integrator="implicitfast"/><compiler angle="degree"/>
<default><joint type="hinge" damping="3" armature="0.05" limited="true"/>
<geom friction="{friction} .01 .01" solref="0.02 1"/></default>
{head}<worldbody><geom name="floor" type="plane" size="20 20 .1"/>{extra}
{_part_xml(PARTS[0], scale, girth)}</worldbody></mujoco>"""


def _part_xml(part: Part, scale: float, girth: float) -> str:
    def numbers(point: Point) -> str:
        return " ".join(f"{value * scale:.4f}" for value in point)

    joints = "".join(
        f'<joint name="{h.name}" axis="{h.axis[0]} {h.axis[1]} {h.axis[2]}" range="{h.low} {h.high}"/>'
        for h in part.hinges
    )
    wide = 1.0 if part.name == "head" else girth
    geoms = "".join(
        f'<geom name="body_{part.name}_{n}" type="capsule" fromto="{numbers(start)} {numbers(end)}" '
        f'size="{radius * scale * wide:.4f}" mass="{mass}"/>'
        for n, (start, end, radius, mass, _) in enumerate(part.capsules)
    )
    inner = "".join(_part_xml(child, scale, girth) for child in PARTS if child.parent == part.name)
    free = "" if part.parent else "<freejoint/>"
    return f'<body name="{part.name}" pos="{numbers(part.at)}">{free}{joints}{geoms}{inner}</body>'
