"""Questions to a model behind one or several OpenAI-compatible endpoints, as vLLM serves them.

Notable:
- Pages go to the addresses of `parse.dots_ocr.endpoints` and nowhere else: no proxy of the environment is used, no
  redirection is followed, and the key comes from the environment alone.
- An endpoint has at most `concurrency` questions at a time; who asks more waits. The least busy one is asked, and one
  that fails rests, longer each time, so that the others take its work.
- What may pass (lost connections, time-outs, 429, 5xx, half answers) is tried again after a random and growing pause.
  What will not pass (a wrong key, an unknown model) ends the run at once, in one sentence.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

import openai
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from fabeye.errors import FabeyeError
from fabeye.parsing.dots_ocr.conversation import Question, Turn
from fabeye.settings import DotsOcrSettings

FIRST_PAUSE_S = 0.5  # the longest first pause before another attempt; each later one may be twice as long
LONGEST_PAUSE_S = 30.0
FIRST_REST_S = 1.0  # for which an endpoint that failed is asked only if all others rest too; twice as long each time
LONGEST_REST_S = 60.0
PASSING = (408, 409, 429)  # answers below 500 that another attempt may not meet
MALFORMED = (ValueError, TypeError, AttributeError, IndexError)  # what an answer raises that is no JSON, or another one
NO_KEY = "none"  # what a server without keys is sent, as the client insists on one


class EndpointError(FabeyeError):
    """No page can be read: no address, a wrong key, an unknown model, or nobody answers; the text says which."""


class AnswerError(FabeyeError):
    """This page cannot be read, others may; the text says what the endpoint said."""


class RefusalError(AnswerError):
    """The endpoint does not take this question, and will not take it later."""


class _PassingError(Exception):
    """A fault that another attempt may not meet; pause: seconds the server asks for, 0 where it does not."""

    def __init__(self, said: str, pause: float = 0.0):
        super().__init__(said)
        self.pause = pause


@dataclass(slots=True)
class _Endpoint:
    client: openai.OpenAI
    address: str
    busy: int = 0
    failures: int = 0  # in a row
    rests_until: float = 0.0

    def fail(self) -> None:
        """Note a failure, and rest."""
        self.rests_until = time.monotonic() + min(FIRST_REST_S * 2.0**self.failures, LONGEST_REST_S)
        self.failures += 1


class Client:
    """Asks; may be used by any number of threads."""

    def __init__(self, settings: DotsOcrSettings):
        """Raises EndpointError where no address is configured."""
        if not settings.endpoints:
            raise EndpointError(
                "parse.engine: dots_ocr needs the address of a server in parse.dots_ocr.endpoints, such as "
                "http://127.0.0.1:8000/v1; pages are sent nowhere else"
            )
        self._settings = settings
        key = os.environ.get(settings.key_variable, "") or NO_KEY
        self._endpoints = [_Endpoint(_client(address, key, settings), address) for address in settings.endpoints]
        self._free = Condition()

    @property
    def capacity(self) -> int:
        """Questions under way at the same time at most."""
        return self._settings.concurrency * len(self._endpoints)

    def ask(self, question: Question, words: str, picture: str) -> Turn:
        """The answer to `words` about the picture (a data URL).

        Raises AnswerError when this page cannot be read, EndpointError when none can be.
        """
        started = time.monotonic()
        attempts = Retrying(
            stop=stop_after_attempt(self._settings.attempts),
            wait=_pause,
            retry=retry_if_exception_type(_PassingError),
            reraise=True,
        )
        try:
            turn = attempts(self._ask_once, question, words, picture)
        except _PassingError as error:
            tried = f"{self._settings.attempts} attempts" if self._settings.attempts > 1 else "one attempt"
            raise AnswerError(f"the endpoint gave no answer in {tried} ({error})") from error
        seconds = round(time.monotonic() - started, 3)
        return Turn(question, turn.text, turn.finish, turn.prompt_tokens, turn.completion_tokens, seconds)

    def _ask_once(self, question: Question, words: str, picture: str) -> Turn:
        with self._lent() as endpoint:
            try:
                answer = endpoint.client.chat.completions.create(
                    model=self._settings.model,
                    messages=[{"role": "user", "content": [_image(picture), {"type": "text", "text": words}]}],
                    temperature=question.temperature,
                    top_p=self._settings.top_p,
                    max_completion_tokens=self._settings.max_tokens,
                )
                turn = _turn(question, answer)
            except openai.OpenAIError as error:
                raise self._named(error, endpoint) from error
            except MALFORMED as error:
                endpoint.fail()
                raise _PassingError(f"{endpoint.address}: its answer is malformed ({_brief(str(error))})") from error
            endpoint.failures = 0
            return turn

    @contextmanager
    def _lent(self) -> Iterator[_Endpoint]:
        """The least busy endpoint that is not resting, with room for one more question."""
        with self._free:
            self._free.wait_for(lambda: any(one.busy < self._settings.concurrency for one in self._endpoints))
            now = time.monotonic()
            with_room = [one for one in self._endpoints if one.busy < self._settings.concurrency]
            endpoint = min(with_room, key=lambda one: (one.rests_until > now, one.busy, one.failures))
            endpoint.busy += 1
        try:
            yield endpoint
        finally:
            with self._free:
                endpoint.busy -= 1
                self._free.notify()

    def _named(self, error: openai.OpenAIError, endpoint: _Endpoint) -> Exception:
        """The same error as what it means to us."""
        where, status = endpoint.address, error.status_code if isinstance(error, openai.APIStatusError) else 0
        if status in (401, 403):
            return EndpointError(f"{where} refuses the key; put the right one into {self._settings.key_variable}")
        if status == 404:
            return EndpointError(f"{where} does not serve {self._settings.model!r}; see parse.dots_ocr.model")
        if 300 <= status < 400:
            return EndpointError(f"{where} sends us to another address, where no page is taken; name that one instead")
        if 400 <= status < 500 and status not in PASSING:
            return RefusalError(f"{where} refuses the page ({status}: {_brief(str(error))})")
        endpoint.fail()
        asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
        return _PassingError(f"{where}: {_brief(str(error))}", float(asked) if asked.isdigit() else 0.0)


def _client(address: str, key: str, settings: DotsOcrSettings) -> openai.OpenAI:
    plain = openai.DefaultHttpxClient(trust_env=False, follow_redirects=False, timeout=settings.seconds)
    return openai.OpenAI(base_url=address, api_key=key, timeout=settings.seconds, max_retries=0, http_client=plain)


def _image(picture: str) -> openai.types.chat.ChatCompletionContentPartImageParam:
    return {"type": "image_url", "image_url": {"url": picture}}


def _turn(question: Question, answer: openai.types.chat.ChatCompletion) -> Turn:
    """Raises one of MALFORMED where the answer is none; the client hands it over as it came."""
    choice, used = answer.choices[0], answer.usage
    if not isinstance(choice.message.content, str):
        raise ValueError("it has no text")
    counts = (used.prompt_tokens or 0, used.completion_tokens or 0) if used else (0, 0)
    return Turn(question, choice.message.content, choice.finish_reason or "", *counts)


def _pause(state: RetryCallState) -> float:
    """Seconds before another attempt: random, twice as long each time, and at least what the server asks for."""
    error = state.outcome.exception() if state.outcome else None
    drawn = wait_random_exponential(multiplier=FIRST_PAUSE_S, max=LONGEST_PAUSE_S)(state)
    return max(drawn, min(getattr(error, "pause", 0.0), LONGEST_PAUSE_S))


def _brief(said: str) -> str:
    return " ".join(said.split())[:200]
