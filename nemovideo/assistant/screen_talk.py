"""Whether a clause tells the person to do something with a screen.

A clause does if it begins, after words such as "then you can", with a verb of the hand and names a thing of
the screen; or if it says where on the screen something is. The patterns are a list because people are: each
has its example in the labelled list of the tests.
"""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re

# --- English --------------------------------------------------------------------------------------------

_LABEL = (
    r"(?:export|download|save|share|upload|import|render|preview|play|apply|confirm|done|ok|next|generate"
    r"|create"
    r"|edit|split|undo|redo|settings?|publish|add|delete|retry|continue|submit|start|upgrade|buy|account"
    r"|billing"
    r"|credits)"
)
"""What stands on buttons."""
_PLACE = (
    r"(?:buttons?|panels?|tabs?|menus?|icons?|toolbars?|sidebars?|drop-?downs?|dialogs?|pop-?ups?"
    r"|timelines?|tracks?"
    r"|workspace|library|canvas|settings|screen|page|window|editor|checkbox|slider|links?|corner|interface"
    r"|dashboard|playhead|properties|inspector|account|billing|subscription|website|browser|player)"
)
"""What a screen has."""
_QUOTE, _UNQUOTE = r"[*_`\"'“\[【「]*", r"[*_`\"'”\]】」]*"
_THE = rf"(?:on |onto |at )?(?:the |your |this |that |a |any |one of the |its )*(?:\w+[- ]){{0,3}}?{_QUOTE}"
_NAMED = rf"{_THE}(?:{_LABEL}{_UNQUOTE} )?"

_LEAD = (
    r"^[\s*_>`#-]*(?:(?:and|then|or|but|so|now|next|first|finally|please|just|simply|also|afterwards|later"
    r"|there"
    r"|here|again|to do so|if you (?:want|like|wish|prefer)|feel free to|remember to|(?:make|be) sure to"
    r"|don't forget to|try to|you(?:'ll| will)? (?:can|may|could|should|must|just)"
    r"|you(?:'ll| will| might)? (?:need|have|want) to|all you (?:need|have) to do is|either|always|easily"
    r"|directly"
    r"|manually|quickly|it's time to|ready to)[\s,-]+)*"
)

_ENGLISH = tuple(
    re.compile(_LEAD + pattern, re.IGNORECASE)
    for pattern in (
        # a click is always meant for a screen, unless it is a noun: "click tracks"
        (
            rf"(?:double-?|right-?|left-?)?(?:click|tap)(?: on)?\s+(?:{_QUOTE}(?:the|your|this|that|it|any"
            rf"|here|below"
            rf"|above|on|a)\b|[*_`\"'“\[【「]|{_LABEL}\b|(?-i:[A-Z]))"
        ),
        (
            rf"(?:press|hit|push)\s+(?:{_THE}{_LABEL}\b(?!\s+of\b)|{_THE}(?:button|key|icon)"
            rf"|{_QUOTE}(?:ctrl|cmd|space|enter|delete)\b)"
        ),
        (
            r"(?:open(?: up)?|go(?: back)? to|head(?: over)? to|switch to|navigate to|visit|expand|close"
            r"|return to"
            r"|scroll(?: down| up)?(?: to)?|hover over|look(?: at| in)|check(?: out)?|see|view)\s+"
            rf"{_NAMED}{_PLACE}\b(?! of\b)"
        ),
        (
            r"(?:drag(?:(?: and |-and-)drop)?\s+(?:it|them|the|your|this|that|any|a|clips?|photos?|files?"
            r"|images?"
            r"|tracks?)|drop\s+(?:it|them|(?:the |your |any |a )?(?:clips?|photos?|files?|images?"
            r"|tracks?)))\b"
        ),
        (
            r"(?:preview|play|watch|review|check|see|view|find|access|adjust|edit|change|fine-tune|trim"
            r"|rearrange|modify"
            r"|tweak)\s+(?:back )?(?:it|them|this|that|everything|the|your)\b.*"
            r"\b(?:in|on|from|using|via|with|through|under)\s+(?:the|your) (?:\w+[- ]){0,2}?(?:timeline"
            r"|panel"
            r"|editor"
            r"|menu|tab|toolbar|workspace|preview window|player|sidebar|screen|settings|dashboard|slider"
            r"|library)\b"
        ),
        (
            rf"(?:select|choose|pick|use|find|locate|look for|enable|toggle|check"
            rf"|adjust)\s+{_NAMED}(?:buttons?|panels?"
            r"|tabs?|menus?|icons?|toolbars?|sidebars?|drop-?downs?|dialogs?|checkbox|sliders?|inspector"
            r"|workspace)\b"
        ),
        rf"(?:select|choose|pick)\s+{_QUOTE}(?:{_LABEL}|mp4|mov|webm|gif|\d{{3,4}}p)\b(?! of\b)",
        (
            r"(?:select|choose|pick)\s+(?:the |your )?(?:output |export |preferred |desired )*(?:format"
            r"|resolution)\b"
        ),
        (
            r"(?:export|download|save)\s+(?:it|(?:the|your)(?: \w+)? (?:video|file|mp4|project))\b"
            r"(?!.*\b(?:for you|as requested|i have|i've)\b)"
        ),
        (
            r"(?:check|manage|top up|upgrade|review|view|visit|buy more|purchase|log in(?:to)?"
            r"|sign in(?: to)?)\s+"
            r"(?:to |more )?(?:your |the )?(?:\w+ )?(?:account|billing|credits?|subscription|plan"
            r"|balance)\b"
        ),
        r"(?:refresh|reload)\s+(?:the|your|this) (?:page|browser|editor|window)",
    )
) + tuple(
    re.compile(r"^[\s*_]*(?:and |but )?" + pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"(?:the|an?|your) {_QUOTE}{_LABEL}{_UNQUOTE} (?:button|icon|tab|menu|panel"
            rf"|option){_UNQUOTE} (?:is|sits"
            r"|can be found|appears|will appear|lets|allows|should)\b"
        ),
        (
            r"(?:it|you(?:'ll| will| can)?|they|the video|your video|everything)(?: is| are| will be"
            r"| can be)?(?: now)? "
            r"(?:find|found|see|available|accessible|exported|previewed|edited|adjusted|downloaded|visible"
            r"|shown)\b.*"
            rf"\b(?:from|in|via|under|using|through|on|with)\s+(?:the|your) (?:\w+[- ]){{0,2}}{_QUOTE}"
            rf"(?:{_LABEL}{_UNQUOTE} )?(?:panel|button|menu|tab|toolbar|sidebar|editor|preview window"
            rf"|library"
            rf"|dashboard"
            r"|workspace)\b"
        ),
        rf"by (?:clicking|tapping|dragging|opening|pressing)\b.*\b{_PLACE}\b",
        (
            r"you can (?:\w+ )?(?:do|change|adjust|edit|export|save|download|trim|move|find|preview)\b.*"
            r"\bby (?:clicking|tapping|dragging|opening|pressing)\b"
        ),
    )
)

# --- Chinese --------------------------------------------------------------------------------------------

_LABEL_ZH = (
    r"(?:导出|下载|保存|上传|导入|预览|播放|生成|应用|确认|确定|完成|开始|渲染|分享|设置|编辑|添加|删除"
    r"|撤销|重试|继续|升级"
    r"|充值|购买|下一步|发布)"
)
_PLACE_ZH = (
    r"(?:按钮|按键|面板|菜单|图标|工具栏|侧边栏|选项卡|标签页|下拉|对话框|弹窗|右上角|左上角|右下角|左下角"
    r"|左侧|右侧|顶部栏|底部栏"
    r"|页面|界面|编辑器|工作区|素材库|媒体库|时间线|时间轴|轨道|设置|属性|账户|账号|账单|进度条|滑块|链接"
    r"|官网)"
)
_LEAD_ZH = (
    r"^[\s*_>`#-]*(?:(?:请先|请|您|你|也可以|就可以|可以|便可|即可|可|能|需要|只需|只要|先|再|然后|接着"
    r"|接下来|随后|之后|最后|现在"
    r"|直接|如需|若要|并且|并|或者|或|也|还|即|记得|建议|不妨|自行|手动|随时|来|去|到|要|想|如果)\s*)*"
)
_QUOTE_ZH = r"[“\"「『【\[*]"

_CHINESE = tuple(
    re.compile(_LEAD_ZH + pattern, re.IGNORECASE)
    for pattern in (
        (
            r"(?:在.{1,8}?|从.{1,8}?|通过.{0,8}?)?(?:点击|单击|双击|点按|轻点|轻触|按下|点一下|右键|长按"
            r"|点)\s*(?:.{0,12}?[的里中上])?"
            rf"\s*(?:{_QUOTE_ZH}|{_LABEL_ZH}|export|save|.{{0,8}}?{_PLACE_ZH}|它|这里|下方|上方|以下)"
        ),
        r"双击.{1,8}",
        rf"(?:打开|展开|进入|前往|切换到|切换至|转到|返回|查看|访问)\s*{_QUOTE_ZH}*.{{0,10}}?{_PLACE_ZH}",
        r"(?:将|把)?.{0,14}?(?:拖拽|拖动|拖放|拖入|拖到|拖至)",
        (
            rf"(?:在|从|通过|于|用|使用)?\s*.{{0,8}}?{_PLACE_ZH}[中里上内处]?\s*来?(?:预览|查看|播放|调整"
            rf"|编辑"
            rf"|修改|找到|导出|下载|选择"
            r"|管理|观看|看到|进行)"
        ),
        rf"(?:预览|播放|观看).{{0,10}}?{_PLACE_ZH}",
        (
            rf"(?:选择|选中|勾选|找到|使用)\s*{_QUOTE_ZH}*(?:.{{0,8}}?(?:按钮|面板|菜单|图标|选项卡|工具栏"
            rf"|滑块)|{_LABEL_ZH}|mp4|mov"
            r"|\d{3,4}p|导出格式|分辨率|输出)"
        ),
        r"(?:导出|下载|保存)(?:到|至|您|你|这|该|视频|成片|文件|即可|它|吧)",
        r"(?:充值|升级套餐|查看余额|管理订阅|购买积分|登录账[户号]|升级会员)",
        r"刷新(?:页面|浏览器|一下页面)",
    )
)
_CHINESE_PLACED = (
    re.compile(rf"^\s*{_QUOTE_ZH}*{_LABEL_ZH}[”\"」』】\]*]*\s*按钮\s*(?:在|位于|就在|会)"),
    re.compile(
        r"^\s*(?:它|视频|成片|文件)?就?(?:在|位于)(?:页面|屏幕|界面|编辑器)?的?(?:右上角|左上角|右下角"
        r"|左下角|左侧|右侧)"
    ),
)
_SCENE = re.compile(r"画面|镜头|场景|片中|片头|片尾|主角|她|他|一只|一个人|人物|女孩|男孩|孩子|手指|手")
"""What a video shows; after it, a bare verb of the hand tells the story on: Chinese verbs have no endings."""

# --- what stands around instructions ----------------------------------------------------------------------

LEADS_TO = re.compile(
    r"^(?:and |then |so )?(?:when|once|if|to|after|before|for|in order|as soon|whenever|from there"
    r"|at the (?:top|bottom)|in the (?:\w+ ){0,2}(?:panel|editor|menu|corner|timeline)|on the (?:left"
    r"|right))\b"
    r"|^(?:next|then|first|now|finally|afterwards)$"
    r"|^(?:如需|如果|若|要是|完成后|满意|确认无误|需要|想要|如想|要|等|之后|完成之后|在?右上角|在?左侧"
    r"|在页面)",
    re.IGNORECASE,
)
"""A clause that only leads to the instruction after it."""

FOLLOWS = re.compile(
    r"^(?:and |then |so )*(?:(?:the|your|it|a)\b\s*)*(?:\w+ ){0,2}"
    r"(?:download|export|file|video|render|it|this|changes?)?\s*(?:will|should|to|that)?\s*"
    r"(?:start|begin|automatically|be (?:saved|downloaded|exported|ready|applied)|save|download|open"
    r"|pop up|finish)"
    r"|^(?:and )?(?:wait|choose|select|pick|confirm|follow|enter|set|click|then)\b"
    r"|^(?:即可|就能|就可以|便可|然后|并|再|选择|等待|系统会|稍等|(?:视频|下载|文件)就?会)",
    re.IGNORECASE,
)
"""A clause that only tells what comes of the instruction before it."""

EXPLAINS = re.compile(
    r"^[*_#\s]*(?:to (?:export|save|download|preview|edit|share|do (?:this|that|so))\b[^.]*|here(?:'s"
    r"| is) how\b[^.]*"
    r"|how to [^.]*|next steps?|steps|instructions|follow these steps[^.]*|(?:导出|下载|保存|操作)(?:步骤"
    r"|方法|方式)?.{0,8}"
    r"|(?:如何|怎么).{1,12}|步骤(?:如下)?|接下来|如需.{1,10})[:：]?[*_]*$",
    re.IGNORECASE,
)
"""A heading over instructions."""


def instructs(clause: str, before: str = "") -> bool:
    """Return whether a clause tells the person to do something with a screen, or where to find it there.

    Args:
        clause: A piece of a sentence.
        before: What the sentence says before it.
    """
    if any(pattern.match(clause) for pattern in (*_ENGLISH, *_CHINESE_PLACED)):
        return True
    if not any(pattern.match(clause) for pattern in _CHINESE):
        return False
    return not _SCENE.search(before) and not re.match(r".{0,6}(?:画面|镜头|片中|她|他|一只)", clause)
