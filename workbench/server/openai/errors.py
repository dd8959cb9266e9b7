"""What is told a program that cannot have what it asked for, in the form that OpenAI gives its errors."""

from typing import Any

from starlette.responses import JSONResponse

from workbench.errors import WorkbenchError

_RETRY_SECONDS = 5
"""After which a program that found no place may ask again."""


class ApiError(Exception):
    """An answer with this status; `code` is what a program looks at, `param` is the part of its request at fault."""

    def __init__(self, status: int, message: str, code: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param

    def to_json(self) -> dict[str, Any]:
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        kind = "rate_limit_error" if self.status == 429 else kind
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        headers = {"Cache-Control": "no-store"}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if self.status in (429, 503):
            headers["Retry-After"] = str(_RETRY_SECONDS)
        return JSONResponse(self.to_json(), self.status, headers)


def no_key() -> ApiError:
    message = "The key is missing or wrong. Send “Authorization: Bearer KEY”; the workspace's file api-key holds it."
    return ApiError(401, message, "invalid_api_key")


def no_model(name: str, hint: str) -> ApiError:
    return ApiError(404, f"There is no model “{name[:200]}”. {hint}", "model_not_found", "model")


def bad_value(param: str | None, message: str, code: str = "invalid_value") -> ApiError:
    return ApiError(400, message, code, param)


def failed(error: WorkbenchError) -> ApiError:
    """What the models said. Kinds of it are about what was asked; what is none of them may work the next time."""
    if type(error) is WorkbenchError:
        return ApiError(503, str(error), "model_failed")
    return ApiError(400, str(error), "invalid_request")


def let_go() -> ApiError:
    """The page may give the memory to a run, or be closed."""
    return ApiError(503, "The model was let go before the answer was done. Ask again.", "model_failed")
