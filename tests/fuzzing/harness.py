"""Fuzzing guided by coverage (Atheris, that is libFuzzer): `python -m tests.fuzzing.harness TARGET [OPTION…] [CORPUS]`.

The options are libFuzzer's (`-runs=5000`, `-max_total_time=600`, `-dict=FILE`…) and CORPUS is a folder that it adds to.
libFuzzer ends the process: with 0 when nothing failed, otherwise after the traceback and the file that failed.
"""

import sys

import atheris

with atheris.instrument_imports(include=["bot", "knowledge", "tests"]):  # it knows no smaller part than a package
    from tests.fuzzing.targets import TARGETS


def main() -> None:
    """Run the target named first."""
    name, *options = sys.argv[1:]
    check = TARGETS[name]()

    def run(data: bytes) -> None:
        # Bytes that are no UTF-8 become lone surrogates: a form or a JSON file can hold them too.
        check(data.decode("utf-8", "surrogateescape"))

    atheris.Setup([sys.argv[0], *options], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
