# LoRA Workbench. `make` lists what there is; `run`, `test`, `check` and `bench` do all set-up themselves.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PIP    := $(PYTHON) -m pip install --disable-pip-version-check
TORCH  := $(shell grep ^torch== requirements.txt)

# Flags of the page, and where to take PyTorch from if not from where pip takes everything else.
ARGS        ?=
TORCH_INDEX ?=

NO_PYTHON := Python 3.11 or newer was not found. Install it: sudo apt install python3 python3-venv
NO_VENV   := cannot make environments. Install what it lacks: sudo apt install

tier = @echo; echo "Tests: $(1)"; $(PYTHON) -m pytest -q -rs --durations=5 -m "$(2)" $(3)

# llama.cpp, for this machine's processor, without what only its own programs need.
LLAMA := -DGGML_NATIVE=ON -DGGML_OPENMP=OFF -DLLAMA_CURL=OFF -DLLAVA_BUILD=OFF \
         -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF

.PHONY: help run gguf test faults check bench

help:
	@echo 'make run     start the page; flags go in ARGS, such as: make run ARGS="--port 7999"'
	@echo 'make gguf    build llama.cpp, which runs and checks GGUF files: some minutes, with cmake and a C++ compiler'
	@echo 'make test    every test: default, slow, browser'
	@echo 'make faults  runs that are killed, stopped, raced and starved, each in many ways: an hour or two'
	@echo 'make check   style, types, layers and shape of the code'
	@echo 'make bench   speed and memory, measured'

run: $(VENV)/ready
	@$(PYTHON) app.py $(ARGS)

gguf: $(VENV)/ready-gguf

test: $(VENV)/ready-dev
	$(call tier,default,not slow and not browser and not gpu,-n 2 --dist loadfile)
	$(call tier,slow,(slow or gpu) and not browser)
	$(call tier,browser,browser)

faults: $(VENV)/ready-dev
	@WORKBENCH_FAULTS=all $(PYTHON) -m pytest -q -rs --durations=20 -m "not browser and not gpu" tests/faults

check: $(VENV)/ready-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -q tests/test_layers.py tests/test_shape.py

# Shapes, environments of peers and the like are parts of benchmarks, and no benchmarks themselves.
bench: $(VENV)/ready-dev
	@for file in $$(grep -l '^def main' benchmarks/*.py); do \
		echo; echo "$$file"; $(PYTHON) -m benchmarks.$$(basename $$file .py) || failed=1; \
	done; exit $$failed

$(PYTHON):
	@echo "1 of 3: a Python environment in $(VENV)"
	@for python in python3.11 python3.12 python3.13 python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	test -n "$$python" || { echo "$(NO_PYTHON)"; exit 1; }; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || { echo "$$python $(NO_VENV) $$python-venv"; exit 1; }; \
	rm -rf $(VENV) && $$python -m venv $(VENV)

$(VENV)/ready: requirements.txt | $(PYTHON)
	@echo "2 of 3: PyTorch, a download of 200 MB for the processor alone, or 3 GB with CUDA"
	@$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@echo "3 of 3: the other packages, a download of about 250 MB"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@echo "For the tests: a download of about 80 MB"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/ready-gguf: requirements-gguf.txt $(VENV)/ready
	@for tool in cmake c++; do \
		command -v $$tool >/dev/null || { echo "$$tool was not found: sudo apt install cmake g++"; exit 1; }; \
	done
	@echo "llama.cpp: a download of about 70 MB, and some minutes to build it"
	@CMAKE_ARGS="$(LLAMA)" CMAKE_BUILD_PARALLEL_LEVEL=$$(nproc) $(PIP) -r requirements-gguf.txt
	@touch $@
