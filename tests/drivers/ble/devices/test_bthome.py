"""One adopted BTHome device: which frames are presses, which are repeats, and what an unproven one may still say."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.advertisement import Advertisement
from drivers.ble.devices.bthome import BURST_S, GAP_S, REPEAT_S, BthomeDevice
from drivers.ble.product import Identity
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading
from tests.simulator.wearables import BTHOME, seal

ADDRESS = "B4:35:22:F5:3D:A4"
KEY = bytes.fromhex("90bffd73cb6b26ef58a7a8eba9232036")


def _device(key: bytes = b"") -> BthomeDevice:
    return BthomeDevice(Identity("b", ADDRESS, key))


def _hear(device: BthomeDevice, data: bytes, at: float = 0.0, fresh: bool = True) -> list[Reading]:
    return device.hear(Advertisement(ADDRESS, "", {BTHOME: data}, -60, at, fresh))


def _presses(device: BthomeDevice, *frames: tuple[float, bytes]) -> int:
    return sum(one.quantity == "button" for at, data in frames for one in _hear(device, data, at))


def _sealed(payload: bytes, counter: int, key: bytes = KEY) -> bytes:
    return seal(payload, 0x45, ADDRESS, key, counter)


PRESS = b"\x44\x3a\x01"


def _numbered(packet_id: int) -> bytes:
    return bytes((0x44, 0x00, packet_id, 0x3A, 0x01))


def test_values_become_readings_by_the_table() -> None:
    raw = bytes.fromhex("40 00 09 01 5d 02 ca 09 03 bf 13 05 138a14 15 01 1a 00 21 01 29 01 2e 34".replace(" ", ""))
    readings = {one.quantity: one.value for one in _hear(_device(), raw)}
    assert readings == {
        "battery": 93,
        "air_temperature": 25.06,
        "humidity": 52,
        "illuminance": 13460.67,
        "battery_low": True,
        "opening": False,
        "motion": True,
        "smoke": True,
    }
    assert set(readings) <= set(QUANTITIES)


def test_a_published_sealed_press() -> None:
    raw = bytes.fromhex("450aeb84467f85ba0100003188788c")
    assert [(one.quantity, one.value, one.quality) for one in _hear(_device(KEY), raw)] == [
        ("battery", 100, Quality.GOOD),
        ("button", "press", Quality.GOOD),
    ]


def test_each_button_of_several_counts_and_none_pressed_does_not() -> None:
    readings = _hear(_device(), bytes.fromhex("403a003a013a03"))
    assert [one.value for one in readings] == ["press", "triple"]
    assert _hear(_device(), bytes.fromhex("403afe")) == []


def test_a_numbered_packet_is_one_press_however_often_it_is_sent() -> None:
    assert _presses(_device(), *((second / 2, _numbered(7)) for second in range(600))) == 1
    assert _presses(_device(), (0, _numbered(7)), (0.1, _numbered(8)), (0.2, _numbered(7)), (0.3, _numbered(9))) == 3


def test_the_same_number_long_after_is_a_new_press() -> None:
    assert _presses(_device(), (0, _numbered(7)), (REPEAT_S, _numbered(7))) == 2


def test_without_numbers_the_same_bytes_are_one_press_only_while_they_keep_coming() -> None:
    assert _presses(_device(), (0, PRESS), (GAP_S * 0.9, PRESS), (GAP_S * 1.8, PRESS)) == 1
    assert _presses(_device(), (0, PRESS), (GAP_S, PRESS)) == 2
    assert _presses(_device(), (0, PRESS), (0.1, b"\x44\x3a\x02"), (0.2, PRESS)) == 2


def test_without_numbers_a_device_that_never_stops_is_heard_again() -> None:
    assert _presses(_device(), *((second / 2, PRESS) for second in range(int(BURST_S * 6)))) == 3


def test_what_bluez_remembers_is_not_heard() -> None:
    device = _device()
    assert _hear(device, PRESS, fresh=False) == []
    assert len(_hear(device, PRESS)) == 1


def test_sealed_presses_without_numbers_are_told_apart_by_their_counter() -> None:
    frames = [_sealed(b"\x3a\x01", counter) for counter in (5, 5, 6)]
    assert _presses(_device(KEY), *enumerate(frames)) == 2
    repeated = _sealed(b"\x3a\x01", 7)
    assert _presses(_device(KEY), *((5 * count, repeated) for count in range(20))) == 1


def test_a_counter_that_does_not_rise_gives_the_press_unverified_and_nothing_else() -> None:
    device = _device(KEY)
    _hear(device, _sealed(b"\x00\x09\x3a\x01", 500))
    readings = _hear(device, _sealed(b"\x00\x01\x01\x64\x3a\x01", 3), at=100)
    assert [(one.quantity, one.value, one.quality) for one in readings] == [("button", "press", Quality.UNVERIFIED)]
    assert device.trouble is None
    assert {one.quality for one in _hear(device, _sealed(b"\x00\x02\x3a\x01", 501), at=101)} == {Quality.GOOD}


def test_a_plain_frame_of_a_device_that_has_a_key_is_unverified() -> None:
    raw = b"\x40\x02\xca\x09\x29\x01\x3a\x01"
    assert [(one.quantity, one.quality) for one in _hear(_device(KEY), raw)] == [
        ("smoke", Quality.UNVERIFIED),
        ("button", Quality.UNVERIFIED),
    ]


def test_no_all_clear_without_proof() -> None:
    assert _hear(_device(KEY), b"\x40\x29\x00") == []
    assert [one.value for one in _hear(_device(), b"\x40\x29\x00")] == [False]


def test_a_damaged_check_gives_the_press_unverified_and_is_told() -> None:
    device, raw = _device(KEY), _sealed(b"\x00\x07\x3a\x01", 9)
    readings = _hear(device, raw[:-1] + bytes((raw[-1] ^ 1,)))
    assert [(one.value, one.quality) for one in readings] == [("press", Quality.UNVERIFIED)]
    assert "devices.toml" in str(device.trouble)


def test_a_wrong_or_missing_key_is_told_with_the_cure_until_it_is_right() -> None:
    right, device = _sealed(b"\x00\x07\x01\x64\x3a\x01", 9), _device(KEY)
    assert _hear(device, _sealed(b"\x00\x07\x01\x64\x3a\x01", 9, bytes(16))) == []
    assert "do not open with its key" in str(device.trouble)
    assert len(_hear(device, right, at=1)) == 2
    assert device.trouble is None
    without = _device()
    assert _hear(without, right) == []
    assert "has no key" in str(without.trouble)


@given(
    frames=st.lists(
        st.tuples(st.floats(0, 5), st.binary(max_size=24), st.sampled_from((b"", b"\x40", b"\x41", b"\x44", b"\x45")))
    ),
    key=st.sampled_from((b"", KEY)),
)
def test_noise_never_raises_nor_piles_up_and_good_is_always_plausible(
    frames: list[tuple[float, bytes, bytes]], key: bytes
) -> None:
    device, at = _device(key), 0.0
    for pause, noise, info in frames:
        at += pause
        for one in _hear(device, info + noise, at):
            assert one.quality is not Quality.GOOD or QUANTITIES[one.quantity].admits(one.value)
            assert not key or one.quality is Quality.UNVERIFIED
