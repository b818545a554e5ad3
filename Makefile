# make app: set up and serve the page. make test: set up and run all tests.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

# What `make test` runs: all of it, even where one part fails.
PARTS := test-gan test-demo test-browser

.PHONY: app test $(PARTS) lint clean
# A part uses both cores by itself.
.NOTPARALLEL:

app: $(VENV)/app.done
	$(RUN) app.py

test: $(VENV)/test.done
	@$(MAKE) --keep-going $(PARTS)

test-gan test-browser: $(VENV)/test.done
	$(RUN) -m pytest -n 2 --dist worksteal tests/$(@:test-%=%)

test-demo: $(VENV)/test.done
	$(RUN) -m pytest -n 2 --dist loadfile tests/demo tests/test_installed.py

lint: $(VENV)/test.done
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(VENV)/bin/lint-imports

$(VENV)/app.done: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.done: $(VENV)/app.done requirements-dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) runs artefacts
