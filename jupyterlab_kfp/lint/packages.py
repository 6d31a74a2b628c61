"""What a component imports and what is installed for it: KFP301, KFP302, KFP307."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache

from .component_names import add_option
from .definitions import Definition
from .finding import Finding, Fix
from .resolve import Resolver

#: Packages whose name is not that of their module.
PACKAGE_OF = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "pymupdf",
    "git": "GitPython",
    "igraph": "python-igraph",
    "jwt": "PyJWT",
    "magic": "python-magic",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pytorch_lightning": "pytorch-lightning",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "umap": "umap-learn",
    "usb": "pyusb",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
#: Other packages that give the same module.
_ALSO = {
    "cv2": ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "tensorflow": ("tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tf-nightly"),
    "faiss": ("faiss-gpu",),
    "psycopg2": ("psycopg2",),
    "sklearn": ("scikit-learn-intelex",),
    "dateutil": ("pandas",),
    "kfp_server_api": ("kfp",),
}
#: What comes with often used packages, for kernels that do not have them.
_BRINGS = {
    "pandas": ("numpy", "python-dateutil", "pytz", "six", "tzdata"),
    "scikit-learn": ("numpy", "scipy", "joblib", "threadpoolctl"),
    "xgboost": ("numpy", "scipy"),
    "lightgbm": ("numpy", "scipy"),
    "catboost": ("numpy", "pandas", "scipy", "matplotlib"),
    "scipy": ("numpy",),
    "matplotlib": ("numpy", "pillow", "python-dateutil"),
    "seaborn": ("numpy", "pandas", "matplotlib"),
    "statsmodels": ("numpy", "scipy", "pandas"),
    "torch": ("numpy", "sympy", "networkx", "jinja2"),
    "torchvision": ("torch", "numpy", "pillow"),
    "tensorflow": ("numpy", "keras", "h5py", "protobuf"),
    "keras": ("numpy", "h5py"),
    "transformers": ("numpy", "pyyaml", "requests", "huggingface-hub", "tokenizers", "tqdm"),
    "datasets": ("numpy", "pandas", "pyarrow", "requests", "huggingface-hub", "tqdm"),
    "mlflow": ("pandas", "numpy", "scikit-learn", "matplotlib", "requests", "pyyaml", "sqlalchemy"),
    "boto3": ("botocore", "s3transfer", "python-dateutil"),
    "s3fs": ("fsspec", "aiobotocore"),
    "requests": ("urllib3", "certifi", "idna"),
    "kubernetes": ("pyyaml", "requests", "urllib3", "python-dateutil", "certifi", "six"),
    "google-cloud-storage": ("google-auth", "google-api-core", "requests"),
    "google-cloud-bigquery": ("google-auth", "google-api-core", "requests", "python-dateutil"),
    "google-cloud-aiplatform": ("google-auth", "google-api-core", "google-cloud-storage", "protobuf"),
}
_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$", re.DOTALL)
#: A component has these without being asked: kfp installs itself, without what it depends on.
_THERE = {"kfp", "typing_extensions", "pip", "setuptools", "pkg_resources", "_distutils_hack", "__main__"}


def normal(name: str) -> str:
    """Name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text: str) -> tuple[str | None, bool]:
    """Split a requirement: its package, None for a path or a URL, and whether it says which version."""
    if re.match(r"\s*(?:git\+|https?:|file:|\.|/|-)", text) or text.endswith((".whl", ".tar.gz", ".zip")):
        return None, True
    match = _NAME.match(text)
    if match is None:
        return None, True
    rest = match.group(2).split(";")[0].strip()
    return match.group(1), bool(rest)


def installed(package: str) -> str | None:
    """Version of a package in this kernel."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except (PackageNotFoundError, ValueError):
        return None


@cache
def _requires(package: str) -> frozenset[str]:
    """What a package brings along, as far as this kernel or the table knows."""
    from importlib.metadata import PackageNotFoundError, requires

    found = set(_BRINGS.get(package, ()))
    try:
        for text in requires(package) or ():
            name, _ = requirement(text)
            if name is not None and "extra ==" not in text:
                found.add(normal(name))
    except (PackageNotFoundError, ValueError):
        pass
    return frozenset(found)


def _closure(packages: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(packages)
    while waiting:
        package = waiting.pop()
        if package not in found:
            found.add(package)
            waiting += _requires(package)
    return found


def check_packages(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Check the packages of a component."""
    if definition.kind != "component":
        return
    option = definition.option("packages_to_install")
    listed = resolver.literal(option)
    packages = [item for item in listed if isinstance(item, str)] if isinstance(listed, (list, tuple)) else []
    nodes = option.elts if isinstance(option, (ast.List, ast.Tuple)) else []
    for index, text in enumerate(packages):
        node = nodes[index] if index < len(nodes) else option
        if node is not None:
            yield from _requirement(text, node, definition, resolver)
    if option is not None and listed is None:
        return  # made at run time: nobody can tell what is in it
    if definition.option("target_image") is None:
        yield from _imports(definition, resolver, packages)


def _requirement(text: str, node: ast.expr, definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    name, pinned = requirement(text)
    if name is None:
        return
    code, literal = resolver.code, isinstance(node, ast.Constant)
    wrong = next((p for module, p in PACKAGE_OF.items() if module.lower() == name.lower()), None)
    if wrong is not None and normal(wrong) != normal(name) and normal(name) not in _REAL:
        fix = Fix(
            f'Write "{wrong}"',
            (code.replace(node, repr_like(code.segment(node), text.replace(name, wrong, 1))),),
        )
        yield code.find(
            "KFP307",
            f'The package of "{name}" is called {wrong}.',
            node,
            definition=definition.name,
            fix=fix if literal else None,
        )
        name = wrong
    if not pinned:
        version = installed(name)
        here = f" This notebook has {version}." if version else ""
        pin = f"{text.strip()}=={version}"
        yield code.find(
            "KFP302",
            f'"{text.strip()}" has no version. Runs will differ over time.{here}',
            node,
            definition=definition.name,
            fix=Fix(f'Write "{pin}"', (code.replace(node, repr_like(code.segment(node), pin)),))
            if version and literal and wrong is None
            else None,
        )


#: Names that are modules of one package and packages of their own.
_REAL = frozenset(("attr", "magic", "serial", "docx", "git", "jwt", "igraph", "psycopg2", "usb"))


def repr_like(before: str, text: str) -> str:
    """A string literal with the quotes of the one before."""
    quote = before[-1:] if before[-1:] in "'\"" else '"'
    return f"{quote}{text}{quote}"


def _imports(definition: Definition, resolver: Resolver, packages: list[str]) -> Iterator[Finding]:
    names = [requirement(text) for text in packages]
    if any(name is None for name, _ in names):
        return  # a path or a URL may bring anything
    have = _closure({normal(name) for name, _ in names if name is not None})
    image = str(resolver.literal(definition.option("base_image")) or "").lower()
    seen: set[str] = set()
    optional: set[str] | None = None
    for node, module in _imported(definition):
        root = module.split(".")[0]
        if root in seen or root in sys.stdlib_module_names or root in _THERE:
            continue
        optional = _optional(definition) if optional is None else optional
        if root in optional:
            continue
        seen.add(root)
        candidates = _packages_of(module)
        if any(normal(c) in have for c in candidates) or any(
            root.lower() in p or normal(candidates[0]) in p for p in [image] if p
        ):
            continue
        package = candidates[0]
        called = f" but {package}" if normal(package) != normal(root) else " but"
        version = installed(package)
        item = f'"{package}=={version}"' if version else f'"{package}"'
        sentence = (
            f'"{module if root == "google" else root}" is imported{called} is not in packages_to_install.'
            " The image may lack it."
        )
        yield resolver.code.find(
            "KFP301",
            sentence,
            node,
            definition=definition.name,
            fix=add_option(definition, resolver, "packages_to_install", item),
        )


def _packages_of(module: str) -> list[str]:
    """Packages that give a module, the likely one first."""
    root = module.split(".")[0]
    if root == "google":
        parts = module.split(".")
        if parts[1:2] == ["cloud"] and len(parts) > 2:
            return [f"google-cloud-{parts[2].replace('_', '-')}", "google-cloud-aiplatform"]
        return [{"protobuf": "protobuf", "auth": "google-auth"}.get("".join(parts[1:2]), "google-cloud-core")]
    first = PACKAGE_OF.get(root, root.replace("_", "-"))
    return [first, *_ALSO.get(root, ()), root]


def _imported(definition: Definition) -> Iterator[tuple[ast.stmt, str]]:
    for node in definition.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            base = node.module
            if base == "google.cloud" and node.names:
                base = f"{base}.{node.names[0].name}"
            yield node, base


def _optional(definition: Definition) -> set[str]:
    """Modules whose absence the component expects."""
    found: set[str] = set()
    for node in ast.walk(definition.node):
        if isinstance(node, ast.Try) and any(
            h.type is None or re.search(r"ImportError|ModuleNotFoundError|\bException\b", ast.unparse(h.type))
            for h in node.handlers
        ):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import):
                    found.update(alias.name.split(".")[0] for alias in inner.names)
                elif isinstance(inner, ast.ImportFrom) and inner.module:
                    found.add(inner.module.split(".")[0])
    return found
