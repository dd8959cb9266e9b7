"""The addresses for programs, below /v1: OpenAI's API, so that whatever speaks that can ask the models here.

What is asked is done, or refused with the reason; a setting that cannot be had is never passed over in silence.
"""

API_PATH = "/v1"
