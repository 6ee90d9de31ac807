"""A headless Chromium that tests can drive, over its debugging pipe."""

import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.html import render_page
from reportgen.report.results import read_results
from reportgen.report.sections import find_templates
from tests.analysis.factory import make_bundle, write_bundle
from tests.report.conftest import SECTIONS, write_study

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--remote-debugging-pipe", "--hide-scrollbars"),
)


class Browser:
    """One page in one browser; evaluates JavaScript and simulates a reader."""

    def __init__(self, program: str, profile: Path) -> None:
        read_end, self._write = os.pipe()
        self._read, write_end = os.pipe()
        flags = " ".join((*FLAGS, f"--user-data-dir={profile}", "about:blank"))
        # The browser expects its pipe at descriptors 3 and 4.
        command = f"exec {program} {flags} 3<&{read_end} 4>&{write_end}"
        self._process = subprocess.Popen(  # noqa: S603
            ["/bin/bash", "-c", command],
            pass_fds=(read_end, write_end),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_end)
        os.close(write_end)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session: str | None = None
        self.messages: list[dict[str, Any]] = []
        targets = self._send("Target.getTargets")["targetInfos"]
        (page,) = [one for one in targets if one["type"] == "page"]
        attached = self._send(
            "Target.attachToTarget", targetId=page["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._send(f"{domain}.enable")
        # Without this an unseen window never has the focus.
        self._send("Emulation.setFocusEmulationEnabled", enabled=True)

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.messages.append(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 16)
            assert chunk, "the browser has gone"
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def open(self, path: Path, *, width: int, dark: bool) -> None:
        """Open a page at a width, in light or dark."""
        self.messages.clear()
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._send("Emulation.setEmulatedMedia", features=[scheme])
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._send("Page.navigate", url=path.as_uri())
        while not any(m.get("method") == "Page.loadEventFired" for m in self.messages):
            self.messages.append(self._receive())

    def run(self, script: str) -> Any:
        """Evaluate an expression in the page."""
        answer = self._send(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            self._send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                text="",
                windowsVirtualKeyCode={"Tab": 9, "Escape": 27}[key],
            )

    def tree(self) -> list[dict[str, Any]]:
        """What a screen reader is told."""
        nodes: list[dict[str, Any]] = self._send("Accessibility.getFullAXTree")["nodes"]
        return nodes

    def complaints(self) -> list[str]:
        """What the console and the network had to say."""
        kinds = (
            "Log.entryAdded",
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
        )
        asked = [
            message["params"]["request"]["url"]
            for message in self.messages
            if message.get("method") == "Network.requestWillBeSent"
        ]
        away = [url for url in asked if not url.startswith(("file:", "data:"))]
        said = [str(m["params"]) for m in self.messages if m.get("method") in kinds]
        return said + away

    def close(self) -> None:
        """End the browser."""
        os.close(self._write)
        os.close(self._read)
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium here")
    one = Browser(program, tmp_path_factory.mktemp("profile"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the synthetic study, in a file."""
    root = tmp_path_factory.mktemp("page")
    study = write_study(root, SECTIONS)
    project: Project = write_bundle(root, make_bundle(study))
    analyse_study(project, study)
    report = compose_report(project, study, read_results(project, study))
    path = root / "index.html"
    html = render_page(report, find_templates(project), root / "cache")
    path.write_text(html, encoding="utf-8")
    return path
