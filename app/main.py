"""Starts the app: `python -m app.main`, then open the address it prints.

Notable:
- It listens on this machine only: there is no log-in, and documents may be confidential. From elsewhere, use a tunnel
  (`ssh -L 7860:127.0.0.1:7860 <machine>`).
- A security policy in every answer forbids the browser to fetch anything from anywhere else, gradio's own remote
  helpers included; it works without any network.
"""

import ipaddress
import logging
import warnings
from pathlib import Path
from typing import Annotated

import gradio as gr
import typer
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.layout import build, theme
from app.state import Library
from fabeye.errors import FabeyeError
from fabeye.paths import Paths

PORT = 7860
LARGEST_UPLOAD = "1mb"  # the app takes no files; gradio's upload address exists all the same
SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class NotLoopbackError(FabeyeError):
    """The app was asked to listen where other machines can reach it."""


def launch(root: Path, host: str, port: int, wait: bool = True) -> gr.Blocks:
    """Serve the app of the project at `root`; with `wait` until it is interrupted.

    Raises NotLoopbackError for an address that other machines can reach, OSError when the port is taken.
    """
    page = build(Library(Paths(root)))
    page.launch(
        server_name=_loopback(host),
        server_port=port,
        share=False,
        inbrowser=False,
        show_error=False,
        allowed_paths=[],
        max_file_size=LARGEST_UPLOAD,
        footer_links=[],
        ssr_mode=False,
        enable_monitoring=False,
        theme=theme(),
        css_paths=Path(__file__).with_name("app.css"),
        app_kwargs={"middleware": [Middleware(SecurityPolicy)], "docs_url": None, "redoc_url": None},
        prevent_thread_lock=True,
        quiet=True,  # gradio's own greeting proposes a public link
    )
    print(f"The app is at {page.local_url}  (Ctrl+C ends it)", flush=True)
    if wait:
        page.block_thread()
    return page


class SecurityPolicy:
    """Adds SECURITY_POLICY to every answer."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the header."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = SECURITY_POLICY
            await send(message)

        await self.app(scope, receive, send_with_policy)


def main(
    host: Annotated[str, typer.Option(help="a loopback address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="TCP port", min=1, max=65535)] = PORT,
) -> None:
    """Look at documents and at what the encoder sees in them, in a browser on this machine."""
    warnings.filterwarnings("ignore", message="'HTTP_422", module="gradio")  # gradio's affair, once a click
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        launch(Paths.here().root, host, port)
    except FabeyeError as error:
        raise SystemExit(str(error)) from error
    except OSError as error:
        raise SystemExit(f"port {port} cannot be used ({error}); choose another with --port") from error


def _loopback(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotLoopbackError(f"{host} can be reached by other machines; the app has no log-in, so give 127.0.0.1")
    return host


if __name__ == "__main__":
    typer.run(main)
