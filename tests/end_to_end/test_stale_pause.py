"""A core that hangs for a moment does not quiet later what somebody wanted quiet then."""

import asyncio
import signal

import pytest

from agent.panel.client import ApiClient, ClientError
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.home import resident
from tests.end_to_end.test_sounder import call

PAUSE = "/api/v1/pause"


async def test_a_pause_whose_asker_has_given_up_is_not_carried_out(make_home: MakeHome) -> None:
    home = await make_home(buttons=2)
    async with home.served() as daemon:
        await call(home, daemon)
        daemon.send(signal.SIGSTOP)
        impatient = ApiClient(daemon.api_socket, timeout_s=0.5)
        with pytest.raises(ClientError) as caught:
            await asyncio.to_thread(impatient.post, PAUSE, {})
        assert caught.value.code == "no_answer"
        home.buttons[1].press()
        daemon.send(signal.SIGCONT)
        await daemon.alarm("sos", resident(1))
        assert (await daemon.state())["paused"] is None
        await daemon.post(PAUSE, {})
        assert (await daemon.state())["paused"] is not None
