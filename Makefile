# The commands that a person types; README.md tells what each does.
.PHONY: run test proof bench screens demo-data lock words
.NOTPARALLEL:

PYTHON = .venv/bin/python
COMPILE = $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

run:
	@development/bootstrap.sh
	@exec $(PYTHON) -m development.run

demo-data:
	@development/bootstrap.sh
	@$(PYTHON) -m development.command development.demo_data

test:
	@development/bootstrap.sh test
	@$(PYTHON) -m development.check

proof:
	@development/bootstrap.sh proof
	@$(PYTHON) -m development.check --proof

bench:
	@development/bootstrap.sh
	@$(PYTHON) -m development.bench

screens:
	@development/bootstrap.sh test
	@$(PYTHON) -m development.screens

lock:
	@development/bootstrap.sh
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt
	$(COMPILE) --group pyproject.toml:sandbox --constraints requirements-dev.txt -o sandbox/requirements.txt
	$(COMPILE) --group pyproject.toml:setup -o development/uv.txt
	$(COMPILE) --group pyproject.toml:verapdf -o development/verapdf.txt
	@development/bootstrap.sh

words:
	@development/bootstrap.sh test
	@$(PYTHON) -m development.words
