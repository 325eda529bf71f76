"""A server on the loopback address that speaks the chat-completions protocol as vLLM does, and answers as told."""

import base64
import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

SIDE = 56  # pixels of a tiny page: two patches of 28


@dataclass
class Asked:
    """One question as it arrived."""

    page: int
    words: str
    temperature: float
    headers: dict[str, str]
    body: dict[str, Any]
    path: str


@dataclass
class Reply:
    """What to answer: a text, or a status that is none of 200.

    drop: hang up in the middle of the answer. raw: the answer's whole body instead of a completion.
    """

    text: str = ""
    finish: str = "stop"
    status: int = 200
    wait: float = 0.0
    drop: bool = False
    raw: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ChatServer:
    """The running server: its address, everything that it was asked, and the most questions that it had at a time."""

    address: str
    asked: list[Asked]
    most: int = 0
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a question as under way."""
        with self.lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        try:
            yield
        finally:
            with self.lock:
                self.busy -= 1


def tiny_page(number: int) -> bytes:
    """A page's picture (PNG) that says its number in its colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), (number % 256, number // 256, 200)).save(buffer, "PNG")
    return buffer.getvalue()


def number_of(picture: str) -> int:
    """The number of the tiny page in a data URL."""
    image = Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2])))
    low, high, _ = image.convert("RGB").getpixel((0, 0))
    return low + 256 * high


def sound(number: int) -> str:
    """A sound answer about a page: one block that says its number."""
    return json.dumps([{"bbox": [1, 2, 50, 40], "category": "Text", "text": f"page {number}"}])


@contextmanager
def chat_server(answer: Callable[[Asked], Reply]) -> Iterator[ChatServer]:
    """Serve on a free port until the block ends; `answer` may be called by several threads."""
    state = ChatServer("", [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            image, words = body["messages"][0]["content"]
            one = Asked(
                number_of(image["image_url"]["url"]),
                words["text"],
                body["temperature"],
                {name.lower(): value for name, value in self.headers.items()},
                body,
                self.path,
            )
            state.asked.append(one)
            with state.counted():
                reply = answer(one)
                time.sleep(reply.wait)
            self.reply(reply)

        def reply(self, reply: Reply) -> None:
            usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
            choice = {
                "index": 0,
                "message": {"role": "assistant", "content": reply.text},
                "finish_reason": reply.finish,
            }
            completion = {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
            error = {"object": "error", "message": reply.text or "out of order", "type": "Error", "code": reply.status}
            said = json.dumps({**completion, "usage": usage} if reply.status == 200 else error)
            content = (reply.raw or said).encode()
            try:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if reply.drop else content)
                if reply.drop:
                    self.close_connection = True
            except OSError:  # who asked is gone
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        state.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def region(words: str) -> list[int]:
    """The box at the end of a question about a region."""
    return [int(edge) for edge in re.findall(r"\d+", words.rpartition("[")[2])]
