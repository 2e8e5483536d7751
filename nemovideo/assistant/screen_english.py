"""How an agent speaks English of screens. Each pattern has its example in the labelled list of the tests."""

from __future__ import annotations

from nemovideo.assistant.patterns import MARKS, begins, one_of

_LABEL = one_of(
    """export, download, save, share, upload, import, render, preview, play, apply, confirm, done, ok,
    next, generate, create, edit, split, undo, redo, settings?, publish, add, delete, retry,
    continue, submit, start, upgrade, buy, account, billing, credits"""
)
"""What stands on buttons."""
_CONTROL = one_of(
    """buttons?, panels?, tabs?, menus?, icons?, toolbars?, sidebars?, drop-?downs?, dialogs?,
    pop-?ups?, sliders?, checkbox, inspector, workspace, tools?"""
)
"""What is nowhere but on a screen."""
_PLACE = one_of(
    f"""{_CONTROL}, timelines?, tracks?, library, canvas, settings, screen, page, window, editor, links?,
    corner, interface, dashboard, playhead, properties, account, billing, subscription, website,
    browser, player"""
)
"""What a screen has, and the world too: only a verb of the hand tells."""
_QUOTE, _UNQUOTE = r"[*_`\"'“\[]*", r"[*_`\"'”\]]*"
_THE = rf"(?:(?:on|onto|at) )?(?:(?:the|your|this|that|a|any|one of the|its) )*(?:\w+[- ]){{0,3}}?{_QUOTE}"
_NAMED = rf"{_THE}(?:{_LABEL}{_UNQUOTE} )?"
_YOURS = "(?:the|your)"
_INSIDE = rf"{one_of('in, on, from, using, via, with, through, under')} {_YOURS} (?:\w+[- ]){{0,2}}?{_QUOTE}"
_HANDLED = "(?:clicking|tapping|dragging|opening|pressing)"
_FOOTAGE = one_of("clips?, photos?, files?, images?, tracks?")

_LEAD_WORDS = one_of(
    """and, then, or, but, so, now, next, first, finally, please, just, simply, also, afterwards, later,
    there, here, again, to do so, if you (?:want|like|wish|prefer), feel free to,
    remember to, (?:make|be) sure to, don't forget to, try to,
    you(?:'ll| will)? (?:can|may|could|should|must|just),
    you(?:'ll| will| might)? (?:need|have|want) to, all you (?:need|have) to do is, either, always,
    easily, directly, manually, quickly, it's time to, ready to"""
)
_LEAD = rf"{MARKS}(?:{_LEAD_WORDS}[\s,-]+)*"

_CLICK = "(?:double-?|right-?|left-?)?(?:click|tap)(?: on)? "
_CLICKED = rf"(?:the|your|this|that|it|any|here|below|above|on|a|{_LABEL})\b|(?-i:[A-Z])"
_OPEN = one_of(
    r"""open(?: up)?, go(?: back)? to, head(?: over)? to, switch to, navigate to, visit, expand, close,
    return to, scroll(?: down| up)?(?: to)?, look (?:at|in), check(?: out)?, see, view"""
)
_LOOK_OR_CHANGE = one_of(
    """preview, play, watch, review, check, see, view, find, access, adjust, edit, change, fine-tune,
    trim, rearrange, modify, tweak"""
)
_CHOOSE = one_of("select, choose, pick, use, find, locate, look for, enable, toggle, check, adjust")
_PAY = one_of(
    "check, manage, top up, upgrade, review, view, visit, buy more, purchase, log in(?:to)?, sign in(?: to)?"
)
_ACCOUNT = one_of("account, billing, credits?, subscription, plan, balance")
_VIEW = one_of(
    "timeline, panel, editor, menu, tab, toolbar, workspace, preview window, player, sidebar, screen"
)
_SHELF = one_of("settings, dashboard, slider, library, button")
_SEEN = one_of(
    """find, found, see, available, accessible, exported, previewed, edited, adjusted, downloaded,
    visible, shown"""
)
_DO = one_of("do, change, adjust, edit, export, save, download, trim, move, find, preview")

INSTRUCTIONS = (
    # a click is always meant for a screen, unless it is a noun: "click tracks"
    begins(rf"{_LEAD}{_CLICK}(?:{_QUOTE}(?:{_CLICKED})|[*_`\"'“\[])"),
    begins(rf"{_LEAD}(?:press|hit|push) {_THE}(?:{_LABEL}\b(?! of\b)|button|key|icon|ctrl|cmd|space|enter)"),
    begins(rf"{_LEAD}{_OPEN} {_NAMED}{_PLACE}\b(?! of\b)"),
    begins(rf"{_LEAD}drag(?:(?: and |-and-)drop)? (?:it|them|the|your|this|that|any|a|{_FOOTAGE})\b"),
    begins(rf"{_LEAD}drop (?:it|them|(?:(?:the|your|any|a) )?{_FOOTAGE})\b"),
    begins(
        rf"{_LEAD}{_LOOK_OR_CHANGE} (?:back )?(?:it|them|this|that|everything|the|your)\b.*"
        rf"\b{_INSIDE}(?:{_VIEW}|{_SHELF})\b"
    ),
    begins(rf"{_LEAD}{_CHOOSE} {_NAMED}{_CONTROL}\b"),
    begins(rf"{_LEAD}(?:select|choose|pick) {_QUOTE}(?:{_LABEL}|mp4|mov|webm|gif|\d{{3,4}}p)\b(?! of\b)"),
    begins(rf"{_LEAD}(?:select|choose|pick) (?:{_YOURS} )?(?:(?:output|export) )*(?:format|resolution)\b"),
    begins(
        rf"{_LEAD}(?:export|download|save) (?:it|{_YOURS}(?: \w+)? (?:video|file|mp4|project))\b"
        r"(?!.*\b(?:for you|as requested|i have|i've)\b)"
    ),
    begins(rf"{_LEAD}(?:export|download) (?:it )?(?:when|whenever|once|if) (?:you|it|ready)\b"),
    begins(rf"{_LEAD}use {_YOURS} (?:\w+ )?{_VIEW}\b.*\bto {_LOOK_OR_CHANGE}\b"),
    begins(rf"{_LEAD}hover over (?:the|your|a|any)\b"),
    begins(rf"{_LEAD}{_PAY} (?:to |more )?(?:{_YOURS} )?(?:\w+ )?{_ACCOUNT}\b"),
    begins(rf"{_LEAD}(?:top up|upgrade|buy more) (?:in|on|under) .*\b(?:settings|billing|account|page)\b"),
    begins(rf"{_LEAD}(?:refresh|reload) (?:the|your|this) (?:page|browser|editor|window)"),
    # where it is
    begins(
        rf"[\s*_]*(?:and |but )?(?:the|an?|your) {_QUOTE}{_LABEL}{_UNQUOTE} (?:{_CONTROL}|option){_UNQUOTE} "
        r"(?:is|sits|can be found|appears|will appear|lets|allows|should)\b"
    ),
    begins(
        r"[\s*_]*(?:and |but )?(?:it|you(?:'ll| will| can)?|they|(?:the|your) video|everything)"
        rf"(?: is| are| will be| can be)?(?: now)? {_SEEN}\b.*"
        rf"\b{_INSIDE}(?:{_LABEL}{_UNQUOTE} )?(?:{_CONTROL}|editor|preview window|library|dashboard)\b"
    ),
    begins(rf"[\s*_]*(?:and |but )?by {_HANDLED}\b.*\b{_PLACE}\b"),
    begins(rf"[\s*_]*(?:and |but )?you can (?:\w+ )?{_DO}\b.*\bby {_HANDLED}\b"),
)

LEADS_TO = begins(
    r"(?:and |then |so )?(?:when|once|if|to|after|before|for|in order|as soon|whenever|from there)\b",
    r"(?:and |then |so )?(?:at the (?:top|bottom)|on the (?:left|right))\b",
    r"(?:and |then |so )?in the (?:\w+ ){0,2}(?:panel|editor|menu|corner|timeline)\b",
    r"(?:next|then|first|now|finally|afterwards|go ahead)$",
)
"""A clause that only leads to the instruction after it: "when you are happy"."""

_BEGINS = one_of(
    """start, begin, automatically, be (?:saved|downloaded|exported|ready|applied), save, download,
    open, pop up, finish"""
)
FOLLOWS = begins(
    r"(?:and |then |so )*(?:(?:the|your|it|a)\b\s*)*(?:\w+ ){0,2}"
    rf"(?:download|export|file|video|render|it|this|changes?)?\s*(?:will|should|to|that)?\s*{_BEGINS}",
    r"(?:and )?(?:wait|choose|select|pick|confirm|follow|enter|set|click|then)\b",
)
"""A clause that only tells what comes of the instruction before it: "and the download will start"."""

EXPLAINS = begins(
    r"[*_#\s]*(?:to (?:export|save|download|preview|edit|share|do (?:this|that|so))\b[^.]*"
    r"|here(?:'s| is) how\b[^.]*|how to [^.]*|next steps?|steps|instructions|follow these steps[^.]*):?[*_]*$"
)
"""A heading over instructions: "To export your video:"."""
