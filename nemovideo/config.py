"""Settings: time limits, attribution, and where everything is. The only place that reads the environment."""

from __future__ import annotations

import ipaddress
import os
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve, field, fields, frozen

from nemovideo._version import __version__
from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

    from attrs import Attribute

API_URL = "https://mega-api-prod.nemovideo.ai"
"""Where the service is [S]; `NEMO_API_URL` overrides it [P]."""

WEB_URL = "https://nemovideo.com"
"""Where people register and claim their work [P]; `NEMO_WEB_URL` overrides it."""

LOCAL = "local"
"""The API URL that means: the embedded backend, in this process [D]."""

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


def _positive(_: object, attribute: Attribute[Any], value: object) -> None:
    if not (_is_number(value) and value > 0):
        raise _no_time(attribute.name, value, "Give seconds above zero.")


def _not_negative(_: object, attribute: Attribute[Any], value: object) -> None:
    if not (_is_number(value) and value >= 0):
        raise _no_time(attribute.name, value, "Give seconds, or 0 for no pause.")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_time(name: str, value: object, hint: str) -> ConfigurationError:
    return ConfigurationError(f"Timing.{name} is {value!r}, which is no time to wait.", hint=hint)


def _whole(_: object, attribute: Attribute[Any], value: object) -> None:
    if not isinstance(value, int):
        raise ConfigurationError(f"Timing.{attribute.name} is {value!r}, which is no whole number.")


def _limit(default: float) -> float:
    return field(default=default, validator=_positive)


def _pause(default: float) -> float:
    return field(default=default, validator=_not_negative)


@frozen(kw_only=True)
class Timing:
    """How long to wait, in seconds; each limit is held on the monotonic clock.

    Attributes:
        request: A plain call, its repeats included; a wait that a 429 asks for comes on top.
        connect: Until a connection stands.
        idle: A stream or a transfer without a single byte, after which it counts as broken.
        heartbeat_only: A turn that sends heartbeats and nothing else [P].
        turn: A whole turn while its stream is open [S].
        still_working: Between two signs that a quiet turn goes on [S].
        recover_first: From a break to the first look at the state [P].
        recover_every: Between the later looks [P].
        recover_reads: How many looks before the outcome counts as unknown [P].
        render_poll: Between two looks at a render job [S].
        render: A whole render [P].
        rate_limit: The wait after a 429 that names none, and the longest that is waited for [D].

    Raises:
        ConfigurationError: A pause (`recover_first`, `recover_every`, `render_poll`, `rate_limit`) is below
            zero, another value is not above it, or `recover_reads` is not whole.
    """

    request: float = _limit(30.0)
    connect: float = _limit(10.0)
    idle: float = _limit(60.0)
    heartbeat_only: float = _limit(600.0)
    turn: float = _limit(900.0)
    still_working: float = _limit(120.0)
    recover_first: float = _pause(30.0)
    recover_every: float = _pause(60.0)
    recover_reads: int = field(default=5, validator=[_positive, _whole])
    render_poll: float = _pause(30.0)
    render: float = _limit(600.0)
    rate_limit: float = _pause(30.0)

    @classmethod
    def local(cls) -> Self:
        """Return limits for a backend on this machine, which answers in milliseconds."""
        return cls(recover_first=0.2, recover_every=0.5, render_poll=0.1, rate_limit=1.0)


@frozen(kw_only=True)
class Attribution:
    """Who calls: sent with every call, and an export without it is refused with 402 [S].

    Attributes:
        source: The skill or the app.
        version: Its version.
        platform: Where it is installed; `SKILL_SOURCE` overrides it [P].

    Raises:
        ConfigurationError: A value cannot be a header.
    """

    source: str = "image-to-video-online-ai"
    version: str = __version__
    platform: str = "unknown"

    def __attrs_post_init__(self) -> None:
        for name in fields(type(self)):
            _require_header_safe(f"Attribution.{name.name}", getattr(self, name.name))

    @classmethod
    def from_skill(cls, path: str | os.PathLike[str]) -> Self:
        """Read name and version from a skill file's YAML frontmatter, and the platform from its place.

        Args:
            path: Such as `~/.cursor/skills/video/SKILL.md`.

        Raises:
            ConfigurationError: The file cannot be read or has no frontmatter with a name.
        """
        skill = Path(path).expanduser()
        values = _frontmatter(skill)
        platforms = {".clawhub": "clawhub", ".cursor": "cursor"}
        parts = skill.absolute().parts
        platform = next((word for folder, word in platforms.items() if folder in parts), "unknown")
        return cls(source=values["name"], version=values.get("version", __version__), platform=platform)

    @property
    def headers(self) -> dict[str, str]:
        """The three headers [S]."""
        return {
            "X-Skill-Source": self.source,
            "X-Skill-Version": self.version,
            "X-Skill-Platform": self.platform,
        }


def _frontmatter(skill: Path) -> dict[str, str]:
    """Return the `name` and `version` of a skill file, as text."""
    import yaml  # only here: most programs have no skill file

    try:
        text = skill.read_text(encoding="utf-8")
        head = text.split("---", 2)[1] if text.startswith("---") else ""
        values = yaml.safe_load(head)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, IndexError) as problem:
        reason = type(problem).__name__
        raise ConfigurationError(f"The skill file {skill} cannot be read ({reason}).") from None
    if not isinstance(values, dict) or not values.get("name"):
        raise ConfigurationError(
            f"The skill file {skill} has no frontmatter with a name.",
            hint="It begins with --- and lines such as `name: my-skill`, then --- again.",
        )
    return {key: str(values[key]) for key in ("name", "version") if values.get(key) is not None}


@frozen(kw_only=True)
class Settings:
    """What a client was told, with the environment's word where it was told nothing.

    Attributes:
        token: A token that the caller owns; None means a free starter token.
        base_url: The API's origin and path, without a slash at the end; `local` means the embedded backend.
        web_url: The web site's.
        client_id: The caller's; None means the one kept in `config_dir`.
        attribution: Sent with every call.
        timing: Limits.
        config_dir: Where the client id and the starter token are kept.
        trust_env: Whether proxy variables count; .netrc never does.
    """

    token: str | None = field(default=None, repr=False)
    base_url: str = API_URL
    web_url: str = WEB_URL
    client_id: str | None = None
    attribution: Attribution = field(factory=Attribution)
    timing: Timing = field(factory=Timing)
    config_dir: Path
    trust_env: bool = False

    @classmethod
    def resolve(
        cls,
        *,
        token: str | None = None,
        base_url: str | None = None,
        web_url: str | None = None,
        client_id: str | None = None,
        attribution: Attribution | None = None,
        timing: Timing | None = None,
        config_dir: str | os.PathLike[str] | None = None,
        trust_env: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Self:
        """Fill in what the caller left open from the environment, and check it all.

        Raises:
            ConfigurationError: A value cannot work.
        """
        env = os.environ if environ is None else environ
        base_url = check_url("API URL", base_url or env.get("NEMO_API_URL") or API_URL)
        if token is None and base_url != LOCAL:  # an embedded backend knows only its own tokens
            token = env.get("NEMO_TOKEN") or None
        if token is not None:
            _require_header_safe("The token", token, show=False)
        client_id = client_id if client_id is not None else env.get("NEMO_CLIENT_ID") or None
        if client_id is not None:
            _require_header_safe("The client id", client_id)
        attribution = attribution or Attribution()
        if platform := env.get("SKILL_SOURCE"):
            attribution = evolve(attribution, platform=platform)
        if timing is None:
            timing = Timing.local() if is_loopback(base_url) else Timing()
        return cls(
            token=token,
            base_url=base_url,
            web_url=check_url("web URL", web_url or env.get("NEMO_WEB_URL") or WEB_URL),
            client_id=client_id,
            attribution=attribution,
            timing=timing,
            config_dir=Path(config_dir).expanduser() if config_dir is not None else default_config_dir(env),
            trust_env=trust_env,
        )


def default_config_dir(env: Mapping[str, str]) -> Path:
    """Return the folder of the client id and the token: `~/.config/nemovideo` [P], or the system's own."""
    told = Path(env.get("XDG_CONFIG_HOME", ""))
    if told.is_absolute():  # its specification ignores others
        return told / "nemovideo"
    if os.name == "posix":
        return Path("~/.config/nemovideo").expanduser()
    import platformdirs

    return Path(platformdirs.user_config_dir("nemovideo", appauthor=False))


def check_url(what: str, url: str) -> str:
    """Return a base URL without its last slash, its host in lower case.

    Raises:
        ConfigurationError: It is no http(s) URL, or holds a password, a query or a fragment.
    """
    if url == LOCAL:
        return url
    base = problem = ""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        problem = "is not a URL"
    else:
        base = urlunsplit(parts._replace(netloc=parts.netloc.lower()))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            problem = "is not an http or https URL"
        elif parts.username or parts.password or parts.query or parts.fragment:
            problem = "may hold no user, password, query or fragment"
    if problem:
        shown = f" ({url!r})" if "@" not in url else ""
        raise ConfigurationError(
            f"The {what}{shown} {problem}.", hint=f"It looks like {API_URL}, or is {LOCAL!r}."
        )
    return base.rstrip("/")


def is_loopback(url: str) -> bool:
    """Return whether a URL can only lead to this machine."""
    if url == LOCAL:
        return True
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def new_client_id() -> str:
    """Return a fresh client id, a bare UUID [P]."""
    return str(uuid.uuid4())


def _require_header_safe(what: str, value: object, *, show: bool = True) -> None:
    if isinstance(value, str) and _HEADER_SAFE.fullmatch(value):
        return
    shown = f" ({value!r})" if show else ""
    raise ConfigurationError(
        f"{what}{shown} cannot be sent.", hint="Use printable ASCII, without line breaks."
    )
