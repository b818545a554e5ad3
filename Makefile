# make app: set up and serve the page. make test: set up and run all tests.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
DENO := $(VENV)/bin/deno
WEB := $(wildcard demo/web/*.js demo/web/*/*.js demo/web/*/*/*.js)

# What `make test` runs: all of it, even where one part fails.
PARTS := web test-gan test-demo test-browser

.PHONY: app test $(PARTS) lint constants space clean
# A part uses both cores by itself.
.NOTPARALLEL:

app: $(VENV)/app.done
	$(RUN) app.py

# Each part runs, whatever failed before it; one that failed fails them all.
test: $(VENV)/test.done
	@$(MAKE) --keep-going $(PARTS)

test-gan test-browser: $(VENV)/test.done
	$(RUN) -m pytest -n 2 --dist worksteal tests/$(@:test-%=%)

test-demo: $(VENV)/test.done
	$(RUN) -m pytest -n 2 --dist loadfile tests/demo tests/fuzz tests/test_installed.py tests/test_contracts.py tests/test_benchmarks.py

# The page's modules: form, lint, types, and what they compute.
web: $(VENV)/test.done
	@failed=; \
	$(DENO) fmt --config tests/web/deno.json --check --quiet $(WEB) tests/web/*.mjs || failed="$$failed fmt"; \
	$(DENO) lint --config tests/web/deno.json --quiet demo/web tests/web || failed="$$failed lint"; \
	$(DENO) check --config tests/web/deno.json --quiet $(wildcard demo/web/*/*.js demo/web/*/*/*.js) || failed="$$failed check"; \
	$(DENO) test --config tests/web/deno.json --quiet --no-check --allow-read --reporter=dot tests/web || failed="$$failed test"; \
	test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

# What the page's modules know from Python.
constants: $(VENV)/app.done
	$(RUN) -m demo.web_constants

lint: $(VENV)/test.done
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(VENV)/bin/lint-imports

# What a Hugging Face Space gets, of either kind: docs/hosting.md, section 3.
space:
	rm -rf dist/space
	mkdir -p dist/space
	git archive HEAD LICENSE app.py demo gan weights | tar -x -C dist/space
	sed 's/^python_version:.*/python_version: "3.12"/' README.md > dist/space/README.md
	sed 's/^torch==.*/torch==2.11.0/' requirements.txt > dist/space/requirements.txt

$(VENV)/app.done: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.done: $(VENV)/app.done requirements-dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) runs artefacts
