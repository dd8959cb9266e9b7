"""The words of the Share part that are not in its view."""

OPENING = "Opening …"
FAILED = "It could not be opened: {} {}"
COUNTS = "{here} here now · {visitors} came in · {questions} asked · {waiting} waiting"
CURL = """curl [address]/chat/completions \\
  -H "Authorization: Bearer [key]" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "[model]", "messages": [{"role": "user", "content": "Hello!"}]}'"""
PYTHON = """from openai import OpenAI

client = OpenAI(
    base_url="[address]",
    api_key="[key]",
)
answer = client.chat.completions.create(
    model="[model]",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)"""
