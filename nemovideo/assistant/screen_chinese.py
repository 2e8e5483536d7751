"""How an agent speaks Chinese of screens. Each pattern has its example in the labelled list of the tests."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re

from nemovideo.assistant.patterns import MARKS, begins, one_of

_LABEL = one_of(
    """导出, 下载, 保存, 上传, 导入, 预览, 播放, 生成, 应用, 确认, 确定, 完成, 开始, 渲染, 分享, 设置,
    编辑, 添加, 删除, 撤销, 重试, 继续, 升级, 充值, 购买, 下一步, 发布"""
)
"""What stands on buttons."""
_CONTROL = one_of("按钮, 按键, 面板, 菜单, 图标, 工具栏, 侧边栏, 选项卡, 标签页, 下拉, 对话框, 弹窗, 滑块")
_CORNER = one_of("右上角, 左上角, 右下角, 左下角, 左侧, 右侧")
_PLACE = one_of(
    f"""{_CONTROL}, {_CORNER}, 顶部栏, 底部栏, 页面, 界面, 编辑器, 工作区, 素材库, 媒体库, 时间线,
    时间轴, 轨道, 预览窗口, 预览区, 设置, 属性, 账户, 账号, 账单, 进度条, 链接, 官网"""
)
"""What a screen has."""
_QUOTE, _UNQUOTE = r"[“\"「『【\[*]", r"[”\"」』】\]*]"

_LEAD_WORDS = one_of(
    """请先, 请, 您, 你, 也可以, 就可以, 可以, 便可, 即可, 可, 能, 需要, 只需, 只要, 先, 再, 然后, 接着,
    接下来, 随后, 之后, 最后, 现在, 直接, 如需, 若要, 并且, 并, 或者, 或, 也, 还, 即, 记得, 建议,
    不妨, 自行, 手动, 随时, (?:满意|完成|确认(?:无误)?)(?:后|之后|的话), 来, 去, 到, 要, 想, 快, 如果"""
)
_LEAD = rf"{MARKS}(?:{_LEAD_WORDS}\s*)*"

_CLICK = one_of("点击, 单击, 双击, 点按, 轻点, 轻触, 按下, 点一下, 右键, 长按, 点")
_OPEN = one_of("打开, 展开, 进入, 前往, 切换到, 切换至, 转到, 返回, 查看, 访问")
_LOOK_OR_CHANGE = one_of(
    "预览, 查看, 播放, 调整, 编辑, 修改, 找到, 导出, 下载, 选择, 管理, 观看, 看到, 看看, 看一下, 进行"
)

INSTRUCTIONS = (
    begins(
        rf"{_LEAD}(?:[在从].{{1,8}}?|通过.{{0,8}}?)?{_CLICK}\s*(?:.{{0,12}}?[的里中上])?\s*"
        rf"(?:{_QUOTE}|{_LABEL}|export|save|.{{0,8}}?{_PLACE}|它|这里|下方|上方|以下)"
    ),
    begins(rf"{_LEAD}双击.{{1,8}}"),
    begins(rf"{_LEAD}{_OPEN}\s*{_QUOTE}*.{{0,10}}?{_PLACE}"),
    begins(rf"{_LEAD}[将把]?.{{0,14}}?(?:拖拽|拖动|拖放|拖入|拖到|拖至)"),
    begins(
        rf"{_LEAD}(?:在|从|通过|于|用|使用)?\s*.{{0,8}}?{_PLACE}{_UNQUOTE}*[中里上内处]?\s*来?{_LOOK_OR_CHANGE}"
    ),
    begins(rf"{_LEAD}(?:预览|播放|观看).{{0,10}}?{_PLACE}"),
    begins(rf"{_LEAD}(?:选择|选中|勾选|找到|使用)\s*{_QUOTE}*.{{0,8}}?{_CONTROL}"),
    begins(rf"{_LEAD}(?:选择|选中|勾选)\s*{_QUOTE}*(?:{_LABEL}|mp4|mov|\d{{3,4}}p|导出格式|分辨率|输出)"),
    begins(rf"{_LEAD}(?:导出|下载|保存)(?:到|至|您|你|这|该|视频|成片|文件|即可|它|吧)"),
    begins(rf"{_LEAD}(?:充值|升级套餐|查看余额|管理订阅|购买积分|登录账[户号]|升级会员)"),
    begins(rf"{_LEAD}(?:前往|进入|到|去)?.{{1,8}}?(?:中心|页面?|官网|设置)[中里上]?(?:充值|升级|续费|购买)"),
    begins(rf"{_LEAD}刷新(?:页面|浏览器|一下页面)"),
)
"""Chinese verbs have no endings: where a sentence tells what the video shows, these tell the story on."""

PLACED = (
    begins(rf"\s*{_QUOTE}*{_LABEL}{_UNQUOTE}*\s*按钮\s*(?:在|位于|就在|会)"),
    begins(rf"\s*(?:它|视频|成片|文件)?就?(?:在|位于)(?:页面|屏幕|界面|编辑器)?的?{_CORNER}"),
)
"""Where something is on the screen."""

SCENE = re.compile(r"画面|镜头|场景|片中|片头|片尾|主角|她|他|一只|一个人|人物|女孩|男孩|孩子|手指|手")
"""What a video shows."""
REPORTS = re.compile(r"已[^的]*$")
"""What is done already: 预览链接已生成."""
SCENE_BEGINS = begins(r".{0,6}(?:画面|镜头|片中|她|他|一只)")

LEADS_TO = begins(
    one_of("如需, 如果, 若, 要是, 完成后, 完成之后, 满意, 确认无误, 需要, 想要, 如想, 要, 等, 之后"),
    one_of("在?右上角, 在?左侧, 在页面"),
)
FOLLOWS = begins(
    "即可",
    "就能",
    "就可以",
    "便可",
    "然后",
    "并",
    "再",
    "选择",
    "等待",
    "系统会",
    "稍等",
    "(?:视频|下载|文件)就?会",
)
EXPLAINS = begins(
    r"[*_#\s]*(?:(?:导出|下载|保存|操作)(?:步骤|方法|方式)?.{0,8}|(?:如何|怎么).{1,12}|步骤(?:如下)?|接下来|如需.{1,10})"
    r"[:：]?[*_]*$"
)
