# make demo: photos into a video, offline, from nothing.   make test: every check that holds main green.
VENV := .venv
PY := $(VENV)/bin/python
# make demo PHOTOS="a.jpg b.jpg" PROMPT="a 12-second video" OUT=video.mp4; without PHOTOS it draws three.
PHOTOS ?=
PROMPT ?= turn these photos into a smooth 9-second vertical video with dissolves, lo-fi music and a title 'First Light' at the top
OUT ?= demo/out.mp4
DRAWN := demo/photos/mug.jpg demo/photos/camera.jpg demo/photos/headphones.jpg
export PROMPT OUT

.DELETE_ON_ERROR:
.PHONY: demo test lint types tests browser clean

$(VENV)/run: pyproject.toml
	python3 -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade "pip>=25.1"
	$(PY) -m pip install --quiet -e ".[local,cli]"
	touch $@

$(VENV)/dev: $(VENV)/run
	$(PY) -m pip install --quiet -e ".[local,cjk,cli,heic,otio,subtitles]" --group dev
	touch $@

demo: $(VENV)/run $(if $(PHOTOS),,$(DRAWN))
	@mkdir -p demo
	@$(VENV)/bin/nemovideo make $(or $(PHOTOS),$(DRAWN)) --local --prompt "$$PROMPT" --out "$$OUT"

$(DRAWN): | $(VENV)/run
	@$(PY) scripts/draw_photos.py $@

test: lint types tests

lint: $(VENV)/dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/dev
	$(VENV)/bin/mypy
	$(VENV)/bin/pyright

tests: $(VENV)/dev
	$(VENV)/bin/pytest

# The workspace page as Chromium shows it; where there is no Chromium, it says so and passes.
browser: $(VENV)/dev
	$(VENV)/bin/pytest -m browser tests/workspace

clean:
	rm -rf $(VENV) demo
