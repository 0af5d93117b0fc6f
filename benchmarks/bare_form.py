"""The least that answers what the formulas of a long form ask: the bare FHIRPath engine; a process of its own.

``python -m benchmarks.bare_form QUESTIONS SECTIONS`` reads ``responses.json`` of :mod:`benchmarks.answered_form` in the
working folder and prints one line of JSON: milliseconds to read the form and compile its formulas, and to evaluate them
all on each response. It lays out nothing, decides nothing, and shows nothing. A process of its own, because the product
puts the engine right where the official tests want it.
"""

import json
import sys
import time
from pathlib import Path

import fhirpathpy
from fhirpathpy.models import models

from benchmarks.long_form import formula, long_form


def main(questions: int, sections: int) -> int:
    """Compile, evaluate, print."""
    document = json.dumps(long_form(questions, sections))
    started = time.perf_counter()
    json.loads(document)
    compiled = [fhirpathpy.compile(formula(section), models["r4"]) for section in range(sections)]
    loaded = (time.perf_counter() - started) * 1000
    took = []
    for each in json.loads(Path("responses.json").read_text(encoding="utf-8")):
        started = time.perf_counter()
        for one in compiled:
            one({}, {"resource": each})
        took.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"load": loaded, "formulas": took}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
