# make app: set up and serve the page. make test: set up and run all tests.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: app test lint clean

app: $(VENV)/app.done
	$(RUN) app.py

test: $(VENV)/test.done
	$(RUN) -m pytest -n 2 --dist worksteal tests/gan
	$(RUN) -m pytest -n 2 --dist loadfile tests/demo
	$(RUN) -m pytest -n 2 --dist worksteal tests/browser

lint: $(VENV)/test.done
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check

$(VENV)/app.done: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.done: $(VENV)/app.done requirements-dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) runs artefacts
