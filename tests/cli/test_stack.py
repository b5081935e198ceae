"""What stops a demonstration before it starts is said in French, and starts nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from amarre.cli import __main__ as entrance
from amarre.cli.stack import FREE_PORTS, Ports, Stack, StackFailed


def refusal(stack: Stack) -> str:
    with pytest.raises(StackFailed) as caught, stack:
        pass
    assert stack.sandbox == {}
    return str(caught.value)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "fichier"
    file.touch()
    assert "--data" in refusal(Stack(file, FREE_PORTS))
    assert "--data" in refusal(Stack(Path("/proc/absent"), FREE_PORTS))


@pytest.mark.parametrize("port", [99_999, -1])
def test_a_port_that_does_not_exist(tmp_path: Path, port: int) -> None:
    assert "1 à 65535" in refusal(Stack(tmp_path, Ports(site=port)))


def test_two_on_the_same_data(tmp_path: Path) -> None:
    first = Stack(tmp_path, FREE_PORTS)
    first._take_folder()
    assert "tourne déjà" in refusal(Stack(tmp_path, FREE_PORTS))
    first.stop()
    again = Stack(tmp_path, FREE_PORTS)
    again._take_folder()
    again.stop()


def test_ctrl_c_while_commands_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entrance, "build_parser", interrupted)
    assert entrance.main([]) == 130
